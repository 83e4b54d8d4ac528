import { quoteIdentifier, quoteLiteral } from './quoting.ts'

/** What decides how text is stored, sorted and compared. */
export interface DatabaseTraits {
  readonly encoding: string
  readonly localeProvider: 'libc' | 'icu' | 'builtin'
  readonly collate: string
  readonly characterType: string
  /** Of the providers icu and builtin. */
  readonly locale: string | null
}

/**
 * The new database gets what decides how text sorts and compares from the source: indexes and unique constraints of the
 * dump depend on it. template0, because template1 may contain objects that the dump brings again.
 */
export function createDatabaseSql(database: string, source: DatabaseTraits, serverMajor: number): string {
  const settings = [
    'TEMPLATE template0',
    `ENCODING ${quoteLiteral(source.encoding)}`,
    `LC_COLLATE ${quoteLiteral(source.collate)}`,
    `LC_CTYPE ${quoteLiteral(source.characterType)}`,
  ]
  // Up to 14 a database is always of the provider libc and the word is not known.
  if (serverMajor >= 15) settings.push(`LOCALE_PROVIDER ${source.localeProvider}`)
  if (source.locale !== null && source.localeProvider === 'icu')
    settings.push(`ICU_LOCALE ${quoteLiteral(source.locale)}`)
  if (source.locale !== null && source.localeProvider === 'builtin') {
    settings.push(`BUILTIN_LOCALE ${quoteLiteral(source.locale)}`)
  }
  return `CREATE DATABASE ${quoteIdentifier(database)} ${settings.join(' ')}`
}

/** By copying files: what WAL_LOG, the default from 15 on, spares is checkpoints, and it writes everything twice (manual, CREATE DATABASE). */
export function cloneDatabaseSql(database: string, of: string, serverMajor: number): string {
  const how = serverMajor >= 15 ? ' STRATEGY FILE_COPY' : ''
  return `CREATE DATABASE ${quoteIdentifier(database)} TEMPLATE ${quoteIdentifier(of)}${how}`
}

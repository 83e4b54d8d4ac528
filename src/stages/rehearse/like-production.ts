import { statfs } from 'node:fs/promises'
import type { Session } from '../../ports.ts'
import { connect } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import type { DatabaseCopy } from '../backup/backup.ts'

/** What a migration finds that no dump of one database has: roles of the server, and settings of server, database and role. */

/** Those that change what a statement means or does, and that a session may set. */
const settings = [
  'search_path',
  'TimeZone',
  'DateStyle',
  'IntervalStyle',
  'default_table_access_method',
  'check_function_bodies',
  'quote_all_identifiers',
  'row_security',
  'xmloption',
]

export interface LikeProduction {
  /** Gives a database of the copy's server the settings that a session of production begins with. */
  readonly settle: (database: string) => Promise<void>
}

export async function likeProduction(production: Session | undefined, copy: DatabaseCopy): Promise<LikeProduction> {
  if (production === undefined) return { settle: async () => undefined }
  // `reset_val`: what the session began with, whatever was set since (manual, 53.25).
  const found = await production.query<{ name: string; value: string }>(
    'SELECT name, reset_val AS value FROM pg_catalog.pg_settings WHERE name = ANY ($1::text[]) AND reset_val IS NOT NULL',
    [settings],
  )
  // On a server that others use a role would stay.
  if (copy.scratch.kind !== 'url') await createMissingRoles(production, copy)
  return {
    async settle(database) {
      await using admin = await connect(copy.scratch.url, 'airlock rehearsal')
      for (const { name, value } of found) {
        await admin.query('SELECT pg_catalog.set_config($1, $2, false)', [name, value])
        await admin.query(`ALTER DATABASE ${quoteIdentifier(database)} SET ${quoteIdentifier(name)} FROM CURRENT`)
      }
    },
  }
}

/** So that a GRANT, a policy or an owner may name them. What they may do comes with the dump. */
async function createMissingRoles(production: Session, copy: DatabaseCopy): Promise<void> {
  const sql = `SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'`
  const wanted = await production.query<{ name: string }>(sql)
  await using admin = await connect(copy.scratch.url, 'airlock rehearsal')
  const there = new Set((await admin.query<{ name: string }>(sql)).map(({ name }) => name))
  for (const { name } of wanted) if (!there.has(name)) await admin.query(`CREATE ROLE ${quoteIdentifier(name)} NOLOGIN`)
}

/** Why the clone that a rehearsal needs besides the copy does not fit on that disk; `undefined` where it does, and on a server of somebody else, whose disk cannot be seen: there the clone fails. */
export async function whyNoSpace(copy: DatabaseCopy): Promise<string | undefined> {
  if (copy.scratch.kind === 'url') return undefined
  await using admin = await connect(copy.scratch.url, 'airlock rehearsal')
  const [row] = await admin.query<{ folder: string; bytes: string }>(
    `SELECT pg_catalog.current_setting('data_directory') AS folder, pg_catalog.pg_database_size($1::name)::text AS bytes`,
    [copy.url.database],
  )
  if (row === undefined) throw new Error('a SELECT without FROM gave no row')
  const { bavail, bsize } = await statfs(row.folder)
  const needed = Number(row.bytes) * 2
  return bavail * bsize >= needed
    ? undefined
    : `the disk of the scratch server has no room for a second copy and what the migrations write`
}

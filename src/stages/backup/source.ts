import type { Session } from '../../ports.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { readSystemIdentifier, type ServerVersion } from '../../postgres/server-identity.ts'
import { attempt } from './attempt.ts'
import type { Manifest, SourceDatabase } from './manifest.ts'

/** What is read from the source database besides the dump, all of it inside the snapshot that the dump uses. */

export interface SourceFacts {
  readonly source: Omit<SourceDatabase, 'host' | 'port' | 'user'>
  /** About what is dumped: the database without the indexes whose size the catalog knows. */
  readonly tableBytes: number
}

const localeProviders: Readonly<Record<string, SourceDatabase['localeProvider']>> = {
  c: 'libc',
  i: 'icu',
  b: 'builtin',
}

/** Opens the transaction whose snapshot the dump shares. It has to stay open until pg_dump and the counts are through. */
export async function openSnapshot(session: Session, serverMajor: number, lockTimeoutMs: number): Promise<string> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  // Limits that a role or database may carry would end the snapshot in the middle of a long dump.
  const limits = ['statement_timeout', 'idle_in_transaction_session_timeout']
  for (const limit of serverMajor >= 17 ? [...limits, 'transaction_timeout'] : limits) {
    await session.query(`SET LOCAL ${limit} = 0`)
  }
  await session.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`)
  // Rows that a policy hides would be missing from a count without a word; so it is refused, as pg_dump does.
  await session.query('SET LOCAL row_security = off')
  const [row] = await session.query<{ snapshot: string }>('SELECT pg_catalog.pg_export_snapshot() AS snapshot')
  if (row === undefined) throw new Error('pg_export_snapshot() returned no row')
  return row.snapshot
}

export async function closeSnapshot(session: Session): Promise<void> {
  await session.query('ROLLBACK')
}

export async function readSource(session: Session, server: ServerVersion): Promise<SourceFacts> {
  // The column was called daticulocale in 15 and 16, and does not exist in 14 (manual, 53.15 of each).
  const provider = server.major >= 15 ? 'd.datlocprovider::text' : `'c'`
  const locale = server.major >= 17 ? 'd.datlocale' : server.major >= 15 ? 'd.daticulocale' : 'NULL'
  const [row] = await session.query<{
    database: string
    owner: string
    encoding: string
    collate: string
    ctype: string
    provider: string
    locale: string | null
    bytes: string
  }>(
    `SELECT d.datname AS database, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
            pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
            ${provider} AS provider, ${locale}::text AS locale, pg_catalog.pg_database_size(d.oid)::text AS bytes
       FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()`,
  )
  const localeProvider = row === undefined ? undefined : localeProviders[row.provider]
  if (row === undefined || localeProvider === undefined) throw new Error('The catalog does not describe the database')
  // pg_table_size() and its like lock what they measure and would wait behind an ALTER TABLE (measured on 14 to 18);
  // pg_database_size() and the catalog do not.
  const [indexes] = await session.query<{ bytes: string }>(
    `SELECT coalesce(sum(c.relpages::bigint), 0) * pg_catalog.current_setting('block_size')::int AS bytes
       FROM pg_catalog.pg_class c WHERE c.relkind = 'i'`,
  )
  return {
    source: {
      database: row.database,
      owner: row.owner,
      encoding: row.encoding,
      localeProvider,
      collate: row.collate,
      characterType: row.ctype,
      locale: row.locale,
      bytes: Number(row.bytes),
      serverVersion: server.version,
      serverMajor: server.major,
      systemIdentifier: await readSystemIdentifier(session),
    },
    tableBytes: Math.max(0, Number(row.bytes) - Number(indexes?.bytes ?? Number.NaN)),
  }
}

export async function readMigrations(session: Session, schema: string): Promise<Manifest['migrations']> {
  for (const history of historiesIn(schema)) {
    // A service that shares the database may keep its history to itself.
    const names = history.isOfOthers
      ? await attempt(session, () => appliedIn(session, history))
      : { kind: 'done' as const, value: await appliedIn(session, history) }
    if (names.kind === 'done' && names.value !== undefined)
      return { head: names.value.at(-1) ?? null, applied: names.value.length }
  }
  return null
}

/** `undefined` where there is no such table. */
async function appliedIn(
  session: Session,
  { table, name, applied }: KnownHistory,
): Promise<readonly string[] | undefined> {
  const [there] = await session.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    table,
  ])
  if (there?.there !== true) return undefined
  const rows = await session.query<{ name: string }>(`SELECT ${name} AS name FROM ${table} ${applied}`)
  return rows.map((row) => row.name)
}

interface KnownHistory {
  readonly table: string
  readonly name: string
  /** What counts, and in which order. */
  readonly applied: string
  readonly isOfOthers: boolean
}

/** Where several are, the first counts: others have been left behind by it, or are of a service that shares the database. */
function historiesIn(schema: string): readonly KnownHistory[] {
  const likePrisma = {
    name: 'migration_name',
    applied: 'WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY started_at, migration_name',
    isOfOthers: false,
  }
  return [
    { table: `${quoteIdentifier(schema)}._prisma_migrations`, ...likePrisma },
    { table: `${quoteIdentifier(schema)}._airlock_migrations`, ...likePrisma },
    {
      table: 'drizzle.__drizzle_migrations',
      name: 'created_at::text',
      applied: 'ORDER BY created_at',
      isOfOthers: true,
    },
    { table: 'supabase_migrations.schema_migrations', name: 'version', applied: 'ORDER BY version', isOfOthers: true },
  ]
}

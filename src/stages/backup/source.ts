import type { Session } from '../../ports.ts'
import { stopped } from '../../postgres/client-process.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import type { CountedTable, Manifest, SourceDatabase } from './manifest.ts'

/** What is read from the source database besides the dump, all of it inside the snapshot that the dump uses. */

export interface SourceFacts {
  readonly source: Omit<SourceDatabase, 'host' | 'port' | 'user'>
  /** Heap and TOAST of everything that is dumped, without indexes. */
  readonly tableBytes: number
}

const localeProviders: Readonly<Record<string, SourceDatabase['localeProvider']>> = {
  c: 'libc',
  i: 'icu',
  b: 'builtin',
}

/** Opens the transaction whose snapshot the dump shares. It has to stay open until pg_dump and the counts are through. */
export async function openSnapshot(session: Session, serverMajor: number): Promise<string> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  // Limits that a role or database may carry would end the snapshot in the middle of a long dump.
  const limits = ['statement_timeout', 'idle_in_transaction_session_timeout']
  for (const limit of serverMajor >= 17 ? [...limits, 'transaction_timeout'] : limits) {
    await session.query(`SET LOCAL ${limit} = 0`)
  }
  // Rows that a policy hides would be missing from a count without a word; so it is refused, as pg_dump does.
  await session.query('SET LOCAL row_security = off')
  const [row] = await session.query<{ snapshot: string }>('SELECT pg_catalog.pg_export_snapshot() AS snapshot')
  if (row === undefined) throw new Error('pg_export_snapshot() returned no row')
  return row.snapshot
}

export async function closeSnapshot(session: Session): Promise<void> {
  await session.query('ROLLBACK')
}

export async function serverVersionOf(session: Session): Promise<{ readonly version: string; readonly major: number }> {
  const [row] = await session.query<{ version: string; num: string }>(
    `SELECT pg_catalog.current_setting('server_version') AS version, pg_catalog.current_setting('server_version_num') AS num`,
  )
  if (row === undefined) throw new Error('The server does not say its version')
  return { version: row.version, major: Math.floor(Number(row.num) / 10_000) }
}

export async function readSource(session: Session, server: { version: string; major: number }): Promise<SourceFacts> {
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
  const [size] = await session.query<{ bytes: string }>(
    `SELECT coalesce(sum(pg_catalog.pg_table_size(c.oid)), 0)::text AS bytes FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
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
    tableBytes: Number(size?.bytes ?? Number.NaN),
  }
}

/** Some hosting providers keep it to themselves. */
async function readSystemIdentifier(session: Session): Promise<string | null> {
  const read = await attempt(session, () =>
    session.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()'),
  )
  if (read.kind === 'refused') return null
  return read.value[0]?.id ?? null
}

export async function readMigrations(session: Session, schema: string): Promise<Manifest['migrations']> {
  const table = `${quoteIdentifier(schema)}._prisma_migrations`
  const [there] = await session.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    table,
  ])
  if (there?.there !== true) return null
  const applied = await session.query<{ name: string }>(
    `SELECT migration_name AS name FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
      ORDER BY started_at, migration_name`,
  )
  return { head: applied.at(-1)?.name ?? null, applied: applied.length }
}

/**
 * The tables whose rows a dump contains: not those of extensions, nor those that only live as long as a session.
 * Smallest first, so that a limit on time leaves out as few as possible.
 */
export async function listTables(
  session: Session,
): Promise<readonly { readonly schema: string; readonly name: string }[]> {
  return session.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
              WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY pg_catalog.pg_relation_size(c.oid), n.nspname, c.relname`,
  )
}

export interface CountLimits {
  /** For all tables together. */
  readonly budgetMs: number
  readonly lockTimeoutMs: number
}

/** Exact counts in the session's transaction; a table that cannot be counted says why instead. */
export async function countRows(
  session: Session,
  tables: readonly { readonly schema: string; readonly name: string }[],
  limits: CountLimits,
  signal: AbortSignal,
): Promise<readonly CountedTable[]> {
  const deadline = performance.now() + limits.budgetMs
  const counted: CountedTable[] = []
  for (const { schema, name } of tables) {
    const remainingMs = Math.floor(deadline - performance.now())
    if (remainingMs <= 0) {
      counted.push({
        schema,
        name,
        rows: null,
        notCounted: `the ${limits.budgetMs / 1_000} s for counting were used up`,
      })
      continue
    }
    const counting = attempt(session, async () => {
      await session.query(`SET LOCAL statement_timeout = ${remainingMs}`)
      await session.query(`SET LOCAL lock_timeout = ${limits.lockTimeoutMs}`)
      // ONLY: the rows of children are in the dump, and in the counts, of the children.
      return session.query<{ rows: string }>(
        `SELECT pg_catalog.count(*)::text AS rows FROM ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
      )
    })
    const count = await unlessAborted(counting, signal)
    if (count.kind === 'refused') counted.push({ schema, name, rows: null, notCounted: count.because })
    else counted.push({ schema, name, rows: Number(count.value[0]?.rows) })
  }
  return counted
}

/** A count of a large table must not hold up a cancelled run; its connection is about to be closed anyway. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let giveUp = () => {}
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(stopped('counting rows', signal))
  })
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

type Attempt<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'refused'; readonly because: string }

/** SQLSTATEs that end one question but not the backup: no privilege, query cancelled, lock not available, no such function. */
const answerable: ReadonlySet<string> = new Set(['42501', '57014', '55P03', '42883'])

/** In a savepoint, because an error would otherwise end the transaction and with it the snapshot. */
async function attempt<Value>(session: Session, ask: () => Promise<Value>): Promise<Attempt<Value>> {
  await session.query('SAVEPOINT attempt')
  try {
    const value = await ask()
    await session.query('ROLLBACK TO SAVEPOINT attempt')
    return { kind: 'done', value }
  } catch (thrown) {
    const { sqlState, message } = serverErrorIn(thrown)
    if (sqlState === undefined || !answerable.has(sqlState)) throw thrown
    await session.query('ROLLBACK TO SAVEPOINT attempt')
    return { kind: 'refused', because: message }
  }
}

/** The server's own error, which a session may have wrapped. */
function serverErrorIn(thrown: unknown): { readonly sqlState: string | undefined; readonly message: string } {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
    if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) {
      return { sqlState: error.code, message: error.message }
    }
    error = error.cause
  }
  return { sqlState: undefined, message: String(thrown) }
}

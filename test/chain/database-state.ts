import { query } from '../lab/query.ts'

/** Every catalog in which a change of schema, role or privilege would leave a trace. */
const catalogs = [
  'pg_attrdef',
  'pg_attribute',
  'pg_authid',
  'pg_class',
  'pg_constraint',
  'pg_database',
  'pg_db_role_setting',
  'pg_enum',
  'pg_index',
  'pg_namespace',
  'pg_proc',
  'pg_sequence',
  'pg_trigger',
  'pg_type',
]

/**
 * What is in a database and its cluster, down to every row. The server must run with autovacuum off, which would change
 * some of these columns by itself.
 */
export async function stateOf(superuserUrl: string): Promise<Readonly<Record<string, string>>> {
  const tables = await query<{ name: string }>(
    superuserUrl,
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
  )
  const named = [...catalogs, ...tables.map(({ name }) => name)]
  const hashes = named.map(
    (name) =>
      `(SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM (SELECT * FROM ${name}) t) AS "${name.replaceAll('"', '')}"`,
  )
  // A transaction that wrote anything, even if it was rolled back, took the next number.
  const [row] = await query<Record<string, string>>(
    superuserUrl,
    `SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS "next transaction", ${hashes.join(', ')}`,
  )
  if (row === undefined) throw new Error('a SELECT without FROM returned no row')
  return row
}

export interface LiveSession {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly query: string
}

/** Everybody connected to the database but the one who asks. */
export function sessionsIn(superuserUrl: string): Promise<LiveSession[]> {
  return query<LiveSession & Record<string, unknown>>(
    superuserUrl,
    `SELECT pid, application_name AS name, state, left(query, 200) AS query FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid`,
  )
}

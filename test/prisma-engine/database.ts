import { createHash } from 'node:crypto'
import pg from 'pg'

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Names of the user's tables, without Prisma's. */
export async function tables(url: string, schema = 'public'): Promise<readonly string[]> {
  const rows = await query<{ tablename: string }>(
    url,
    `SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> '_prisma_migrations' ORDER BY 1`,
  )
  return rows.map(({ tablename }) => tablename)
}

export interface HistoryRow {
  readonly migration_name: string
  readonly checksum: string
  readonly applied_steps_count: number
  readonly finished: boolean
  readonly rolled_back: boolean
  readonly logs: string | null
}

export function history(url: string): Promise<readonly HistoryRow[]> {
  return query(
    url,
    `SELECT migration_name, checksum, applied_steps_count, finished_at IS NOT NULL AS finished,
            rolled_back_at IS NOT NULL AS rolled_back, logs
       FROM _prisma_migrations ORDER BY started_at, migration_name`,
  )
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The same URL with parameters more. */
export function withParameters(url: string, parameters: Readonly<Record<string, string>>): string {
  const changed = new URL(url)
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value)
  return changed.href
}

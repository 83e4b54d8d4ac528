import pg, { type Client } from 'pg'
import { readTables, type Table } from './catalog.ts'
import type { Data } from './points.ts'
import { densities, Values } from './values.ts'

export interface Filling {
  /** By the quoted name of the table. */
  readonly rows: ReadonlyMap<string, number>
  readonly data: Data
}

export interface Filled {
  readonly rows: number
  readonly bytes: number
  /** Tables that took none of the rows that were made for them, and why. */
  readonly refused: readonly string[]
}

/** As a superuser. Rows that respect types, NOT NULL, unique indexes, checks and foreign keys; a table whose checks refuse them stays empty. */
export async function fill(url: string, { rows, data }: Filling): Promise<Filled> {
  await using client = await openClient(url)
  // No triggers: neither those of foreign keys, which are seen to below, nor those of people.
  await client.query(`SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '64MB'`)
  const tables = await readTables(client)
  const values = new Values(tables, rows, data)
  const refused: string[] = []
  for (const table of tables) {
    const count = rows.get(table.name) ?? 0
    const because = count === 0 ? undefined : await insert(client, table, values, count)
    if (because !== undefined) refused.push(`${table.name} (${because})`)
  }
  await endOrphans(client, tables)
  for (const table of tables)
    for (const { sequence } of table.columns)
      if (sequence !== null) await client.query('SELECT setval($1, $2)', [sequence, 1 + (rows.get(table.name) ?? 0)])
  const { rows: sizes } = await client.query<{ rows: number; bytes: number }>(
    `SELECT coalesce(sum(n_live_tup), 0)::float8 AS rows, pg_database_size(current_database())::float8 AS bytes FROM pg_stat_user_tables`,
  )
  return { rows: sizes[0]?.rows ?? 0, bytes: sizes[0]?.bytes ?? 0, refused }
}

async function insert(client: Client, table: Table, values: Values, count: number): Promise<string | undefined> {
  let because: string | undefined
  for (const density of densities) {
    const columns = table.columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
    const made = table.columns.map((column) => values.of(table, column, density)).join(', ')
    try {
      await client.query(
        `INSERT INTO ${table.name} (${columns}) OVERRIDING SYSTEM VALUE
         SELECT ${made} FROM generate_series(1::bigint, ${count}) AS n ON CONFLICT DO NOTHING`,
      )
      return undefined
    } catch (error) {
      // Its checks, or a type of which there are no values here.
      if (!(error instanceof pg.DatabaseError)) throw error
      because = error.message
    }
  }
  return because
}

/** Where two keys share a column, or a row that was meant is not there: the key becomes NULL, or the row goes. */
async function endOrphans(client: Client, tables: readonly Table[]): Promise<void> {
  let changed = true
  for (let round = 0; changed; round += 1) {
    if (round === 20) throw new Error('rows that point to nothing are left')
    changed = false
    for (const table of tables) {
      for (const { columns, to, toColumns } of table.foreignKeys) {
        const own = columns.map((name) => `c.${pg.escapeIdentifier(name)}`)
        const theirs = toColumns.map((name) => `p.${pg.escapeIdentifier(name)}`)
        const orphan = `${own.map((name) => `${name} IS NOT NULL`).join(' AND ')}
          AND NOT EXISTS (SELECT FROM ${to} p WHERE ${own.map((name, at) => `${name} = ${theirs[at]}`).join(' AND ')})`
        const loose = columns.filter((name) => table.columns.some((column) => column.name === name && !column.notNull))
        const gone = loose.map((name) => `${pg.escapeIdentifier(name)} = NULL`).join(', ')
        const remove = `DELETE FROM ${table.name} c WHERE ${orphan}`
        const { rowCount } = await (loose.length === 0
          ? client.query(remove)
          : // A CHECK may want the key to be there.
            client.query(`UPDATE ${table.name} c SET ${gone} WHERE ${orphan}`).catch(() => client.query(remove)))
        changed ||= (rowCount ?? 0) > 0
      }
    }
  }
}

export async function openClient(url: string): Promise<Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

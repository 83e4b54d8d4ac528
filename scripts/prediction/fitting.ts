import pg from 'pg'
import { fileStatements } from '../../src/migrations/execution-statements.ts'
import type { LabServer } from '../../test/lab/server.ts'
import type { NamedSql } from '../../test/stages/apply/atomic/two-ways.ts'
import { readTables } from './catalog.ts'
import { fill, openClient } from './fill.ts'

export interface Fitting {
  /** Tables that have to be empty for all of the pending migrations to go through. */
  readonly empty: ReadonlySet<string>
  /** How many of the pending migrations then do: behind them is one that no data fits. */
  readonly pending: number
}

const fewRows = 25
const mostTries = 15

/** Tried with few rows: where a migration does not allow them, its table becomes empty, and it is tried again. */
export async function whatFits(server: LabServer, template: string, pending: readonly NamedSql[]): Promise<Fitting> {
  const empty = new Set<string>()
  let last = pending.length
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stopped = await attempt(server, template, pending.slice(0, last), empty)
    if (stopped === undefined) return { empty, pending: last }
    if (stopped.table === undefined || empty.has(stopped.table)) last = stopped.at
    else empty.add(stopped.table)
  }
  throw new Error('no rows were found that the pending migrations allow')
}

interface Stopped {
  /** Of the migration. */
  readonly at: number
  readonly table: string | undefined
}

async function attempt(
  server: LabServer,
  template: string,
  pending: readonly NamedSql[],
  empty: ReadonlySet<string>,
): Promise<Stopped | undefined> {
  const name = `${template}_few`
  await using admin = await openClient(server.superuserUrl())
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  try {
    await using client = await openClient(server.superuserUrl(name))
    const tables = await readTables(client)
    const rows = new Map(tables.map((table) => [table.name, empty.has(table.name) ? 0 : fewRows]))
    await fill(server.superuserUrl(name), { rows, data: 'fitting' })
    await client.query('SET synchronous_commit = off')
    for (const [at, { sql }] of pending.entries()) {
      for (const statement of fileStatements(sql)) {
        try {
          await client.query(statement.sql)
        } catch (error) {
          if (!(error instanceof pg.DatabaseError)) throw error
          const said = await spelled(client, error.schema, error.table)
          const found = said ?? tables.find(({ plain }) => isSubject(statement.sql, plain))?.name
          return { at, table: found }
        }
      }
      await client.query('ROLLBACK')
      await client.query('RESET ALL; SET synchronous_commit = off')
    }
    return undefined
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
  }
}

async function spelled(client: pg.Client, schema: string | undefined, table: string | undefined) {
  if (schema === undefined || table === undefined) return undefined
  await client.query('ROLLBACK')
  const { rows } = await client.query<{ name: string }>('SELECT format($1, $2::text, $3::text) AS name', [
    '%I.%I',
    schema,
    table,
  ])
  return rows[0]?.name
}

/** The first relation that a statement names is what it is about, but for `CREATE INDEX … ON`. */
function isSubject(sql: string, table: string): boolean {
  const [, quoted, plain] =
    /\b(?:TABLE|UPDATE|INTO|FROM|ON)\s+(?:ONLY\s+|IF\s+EXISTS\s+)?(?:"?\w+"?\.)?(?:"([^"]+)"|(\w+))/i.exec(sql) ?? []
  return (quoted ?? plain?.toLowerCase()) === table
}

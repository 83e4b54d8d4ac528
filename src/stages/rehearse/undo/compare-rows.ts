import type { Session } from '../../../ports.ts'
import { tableHashSql } from '../../backup/content/decide-row-form.ts'
import { type HashedTable, listHashedTables } from '../../backup/content/list-tables.ts'
import { openReading } from '../../backup/content/open-reading.ts'
import { countDiffering } from './count-differing.ts'
import type { Objects, TableObject } from './objects.ts'
import { columnLoss, countValues, recreated, rowLosses, tableLoss } from './row-losses.ts'
import { pathOf, plainName } from './steps.ts'
import type { UndoLoss } from './undo.ts'

export interface Side {
  readonly session: Session
  readonly objects: Objects
}

export interface RowComparison {
  readonly loses: readonly UndoLoss[]
  readonly tables: number
  readonly rows: number
  /** `schema.name` of the tables that had rows. */
  readonly filled: ReadonlySet<string>
  /** Why rows that may be others now were not compared, in sentences. */
  readonly notCompared: readonly string[]
}

export interface RowsToCompare {
  readonly before: Side
  /** After up and down. */
  readonly after: Side
  /** Oids of the tables that were there after up: the others were made by the way down. */
  readonly tablesUp: ReadonlySet<string>
  readonly serverMajor: number
  /** The tables that can differ at all; undefined: any. */
  readonly touched: ReadonlySet<string> | undefined
  /** The way down is written by the user, and may fill again what was dropped. */
  readonly mayRefill: boolean
}

/**
 * Rows and contents after up and down against those of before. What was dropped counts as lost, also where it had no values here,
 * or those of its default: production may have others by then.
 */
export async function compareRows(request: RowsToCompare): Promise<RowComparison> {
  const { before, after, serverMajor, touched, mayRefill } = request
  const reading = { snapshot: undefined, lockTimeoutMs: 10_000, serverMajor, workers: 2 }
  await openReading(before.session, reading)
  await openReading(after.session, reading)
  try {
    const now = new Map((await listHashedTables(after.session)).map((table) => [plainName(table), table]))
    const loses: UndoLoss[] = []
    const filled = new Set<string>()
    let [tables, rows] = [0, 0]
    for (const table of await listHashedTables(before.session)) {
      const name = plainName(table)
      const was = before.objects.tables.find((one) => plainName(one) === name)
      const is = after.objects.tables.find((one) => plainName(one) === name)
      const other = now.get(name)
      if (was === undefined || is === undefined || other === undefined) continue
      const anew = recreated(was, is, request.tablesUp)
      if (touched !== undefined && !touched.has(name) && anew.kind === 'same') {
        if (await hasRows(before.session, was)) filled.add(name)
        continue
      }
      tables += 1
      const [here, there] = [await hashOf(before.session, table), await hashOf(after.session, other)]
      rows += here.rows
      if (here.rows > 0) filled.add(name)
      const same = here.rows === there.rows && here.hash === there.hash
      if (same && (anew.kind === 'same' || (mayRefill && here.rows > 0))) continue
      if (anew.kind === 'table') loses.push(tableLoss(name, here.rows, there.rows))
      else {
        for (const column of anew.columns) loses.push(await lostColumn(before.session, was, column, same))
        if (!same) loses.push(...(await lostRows(before, after, { was: table, is: other }, anew.columns)))
      }
    }
    return { loses, tables, rows, filled, notCompared: [] }
  } finally {
    await before.session.query('ROLLBACK')
    await after.session.query('ROLLBACK')
  }
}

async function hashOf(session: Session, table: HashedTable): Promise<{ readonly rows: number; readonly hash: string }> {
  const [row] = await session.query<{ rows: string; hash: string }>(tableHashSql(table))
  if (row === undefined) throw new Error(`The server gave no hash of ${plainName(table)}`)
  return { rows: Number(row.rows), hash: row.hash }
}

async function hasRows(session: Session, table: TableObject): Promise<boolean> {
  return (await session.query(`SELECT FROM ONLY ${pathOf(table)} LIMIT 1`)).length > 0
}

async function lostColumn(session: Session, table: TableObject, name: string, same: boolean): Promise<UndoLoss> {
  const column = table.columns.find((one) => one.name === name)
  if (column === undefined) throw new Error(`${plainName(table)} has no column ${name}`)
  const { values, others } = countValues(column)
  const [row] = await session.query<{ values: string; others: string }>(
    `SELECT ${values} AS values, ${others} AS others FROM ONLY ${pathOf(table)}`,
  )
  return columnLoss(`${plainName(table)}.${name}`, Number(row?.values ?? 0), same || row?.others === '0')
}

/** Of what is in both, beside the columns that were added again. */
async function lostRows(
  before: Side,
  after: Side,
  { was, is }: { readonly was: HashedTable; readonly is: HashedTable },
  except: readonly string[],
): Promise<readonly UndoLoss[]> {
  const columns = was.columns.filter(
    ({ name }) => !except.includes(name) && is.columns.some((one) => one.name === name),
  )
  const rows = await countDiffering(
    { session: before.session, table: was },
    { session: after.session, table: is },
    columns,
  )
  const surplus = await countDiffering(
    { session: after.session, table: is },
    { session: before.session, table: was },
    columns,
  )
  return rowLosses(plainName(was), rows, surplus)
}

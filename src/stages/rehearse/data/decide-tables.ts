import { formatBytes, plural } from '../../../report/words.ts'
import { quotedRelation } from '../../../sql/identifiers.ts'
import type { DataCheck } from './data-check.ts'
import { type Touch, type Touches, touchOf } from './decide-touched.ts'
import { nameOf, type Written } from './written.ts'

/** Rows of one table, and a hash over the columns that the plan leaves alone, before the migrations and after them. */
export type TableReading =
  | { readonly kind: 'read'; readonly before: Read; readonly after: Read; readonly columns: number }
  | { readonly kind: 'not-read'; readonly because: string }

export interface Read {
  readonly rows: number
  readonly hash: string
}

export interface RealRunOnTables {
  /** undefined where the server does not say. */
  readonly written: readonly Written[] | undefined
  /** By oid, of those whose rows were written over. */
  readonly readings: ReadonlyMap<string, TableReading>
  /** As `schema.name`: what the engine writes of itself. */
  readonly history: ReadonlySet<string>
}

/** What became of rows, against what the plan lets happen. */
export function decideTables(touches: Touches, run: RealRunOnTables, schema: string): readonly DataCheck[] {
  const { written, readings, history } = run
  if (written === undefined)
    return [
      beside(
        'not-checked',
        'the server does not say which tables were written (it does from PostgreSQL 15 on, when nobody else is connected)',
      ),
    ]
  const there = written.filter((one) => one.before !== undefined && !history.has(one.before))
  const planned = there.flatMap((one) => {
    const touch = touchOf(touches, [one.before, nameOf(one)])
    return touch === undefined ? [] : [{ one, touch }]
  })
  const others = there.filter((one) => !planned.some((found) => found.one === one))
  return [
    ...othersWritten(others, touches, schema),
    ...planned.map(({ one, touch }) => decideTable(one, touch, readings.get(one.oid), schema)),
  ]
}

function beside(outcome: DataCheck['outcome'], text: string): DataCheck {
  return { kind: 'table', name: 'tables beside the plan', outcome, text }
}

function othersWritten(others: readonly Written[], { unknown }: Touches, schema: string): readonly DataCheck[] {
  if (others.length === 0) return [beside('pass', 'no row of them was written')]
  const what = others.map((one) => `${quotedRelation(nameOf(one), schema)} (${counted(one)})`).join(', ')
  return unknown === undefined
    ? [beside('fail', `rows were written that the plan does not name: ${what}`)]
    : [beside('not-checked', `written were ${what}; what ${unknown} does cannot be told from its text`)]
}

function decideTable(one: Written, touch: Touch, reading: TableReading | undefined, schema: string): DataCheck {
  const check = (outcome: DataCheck['outcome'], text: string): DataCheck => ({
    kind: 'table',
    name: quotedRelation(nameOf(one), schema),
    outcome,
    text,
  })
  // An update that moves a row into another partition counts as a delete here and an insert there.
  const moves = one.partition && touch.columns === 'any'
  const { more, fewer } = change(one, reading)
  if (more > 0 && !touch.mayGrow && !moves)
    return check('fail', `it has ${plural(more, 'row')} more, and the plan adds none`)
  if (fewer > 0 && !touch.mayShrink && !moves)
    return check('fail', `it has ${plural(fewer, 'row')} fewer, and the plan removes none`)
  if (!one.newFile && one.updated === 0) return check('pass', `${counted(one)}; the other rows were not touched`)
  if (reading === undefined || reading.kind === 'not-read')
    return check('not-checked', `${counted(one)}; ${reading?.because ?? 'its values of before were not read'}`)
  const { before, after, columns } = reading
  const what =
    columns === 1 ? 'the column that the plan leaves alone' : `the ${columns} columns that the plan leaves alone`
  if (before.rows !== after.rows && after.rows === 0)
    return check('pass', `emptied: ${plural(before.rows, 'row')} before`)
  if (before.rows !== after.rows)
    return check(
      'not-checked',
      `${before.rows} rows before, ${after.rows} after: values of rows that come and go are not compared`,
    )
  if (touch.columns === 'any')
    return check(
      'not-checked',
      `${counted(one)}, ${plural(after.rows, 'row')} as before; which columns the plan leaves alone cannot be told`,
    )
  if (columns === 0)
    return check(
      'pass',
      `${counted(one)}, ${plural(after.rows, 'row')} as before; the plan leaves none of its columns alone`,
    )
  if (before.hash === after.hash)
    return check('pass', `${plural(after.rows, 'row')}, and ${what} ${columns === 1 ? 'has' : 'have'} the same values`)
  const other = `${plural(after.rows, 'row')}, and ${what} ${columns === 1 ? 'has' : 'have'} other values than before`
  const mayReplace = touch.mayGrow && touch.mayShrink && (one.newFile || (one.inserted > 0 && one.deleted > 0))
  return mayReplace ? check('not-checked', `${other}: the plan may replace its rows`) : check('fail', other)
}

/** Of a table that was written anew only its rows tell. */
function change(one: Written, reading: TableReading | undefined): { readonly more: number; readonly fewer: number } {
  if (!one.newFile) return { more: one.inserted, fewer: one.deleted }
  if (reading?.kind !== 'read') return { more: 0, fewer: 0 }
  const by = reading.after.rows - reading.before.rows
  return { more: Math.max(0, by), fewer: Math.max(0, -by) }
}

function counted({ inserted, updated, deleted, newFile }: Written): string {
  const parts = [
    ...(newFile ? ['written anew'] : []),
    ...(inserted > 0 ? [`${inserted} inserted`] : []),
    ...(updated > 0 ? [`${updated} updated`] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
  ]
  return parts.join(', ')
}

/** Measured on 17 with two workers of one machine: about 60 MB/s for ordinary tables. */
const readBytesPerMs = 50_000

export function whyTooLarge(bytes: number, remainingMs: number): string | undefined {
  return bytes / readBytesPerMs <= remainingMs
    ? undefined
    : `with ${formatBytes(bytes)} its values are not read within the time for it`
}

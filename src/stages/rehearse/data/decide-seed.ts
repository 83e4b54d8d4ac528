import { plural } from '../../../report/words.ts'
import { quotedRelation } from '../../../sql/identifiers.ts'
import type { RehearsalMode } from '../estimate/estimate.ts'
import type { CountedRows, DataCheck } from './data-check.ts'
import { nameOf, type Written } from './written.ts'

/** One run of all programs of `hooks.seed`. */
export interface SeedRun {
  /** Why it stopped, in a sentence. */
  readonly failure: string | undefined
  /** undefined where the server does not say. */
  readonly written: readonly Written[] | undefined
  /** After it, of every table that was written until then; null where it could not be counted. */
  readonly counts: ReadonlyMap<string, number | null>
}

interface SeededSchema {
  readonly schema: string
  readonly mode: RehearsalMode
}

/** Production gets the seed with every deploy that applies something, so that the second run stands for all that follow. */
export function decideSeed(first: SeedRun, second: SeedRun | undefined, { schema, mode }: SeededSchema): DataCheck {
  if (first.failure !== undefined)
    return mode === 'schema'
      ? check('not-checked', `it fails on a copy that has no rows, and may only miss those: ${said(first.failure)}`)
      : check('fail', `it fails on the copy: ${said(first.failure)}`)
  if (second === undefined) return check('not-checked', 'it was run once only')
  const rows = rowsOf(first, second)
  if (second.failure !== undefined) return check('fail', `it fails when it runs again: ${said(second.failure)}`, rows)
  if (rows === undefined)
    return check('not-checked', 'it runs twice; which rows it wrote is not known, the server does not count them')
  const again = rows.filter(({ counts: [, one, two] }) => one !== two)
  const say = ({ table, counts }: CountedRows) =>
    `${quotedRelation(table, schema)} ${counts.map((count) => count ?? 'not counted').join(' → ')}`
  if (again.length > 0)
    return check('fail', `the second run changes the number of rows again: ${again.map(say).join(', ')}`, rows)
  if (rows.some(({ counts: [, one, two] }) => one === null || two === null))
    return check('not-checked', 'it runs twice; not every table that it writes could be counted', rows)
  return check(
    'pass',
    rows.length === 0
      ? 'run twice, it writes nothing'
      : `run twice, and the second run leaves as many rows as the first: ${rows.map(say).join(', ')}${overwritten(second)}`,
    rows,
  )
}

/** Where a program would not stay on the copy. */
export function seedNotRun(variable: string): DataCheck {
  return check(
    'not-checked',
    `it was not run: the variable ${variable} leads to production, and it could write there from the copy`,
  )
}

function check(outcome: DataCheck['outcome'], text: string, rows?: readonly CountedRows[]): DataCheck {
  return {
    kind: 'seed',
    name: 'hooks.seed',
    outcome,
    text,
    ...(rows === undefined || rows.length === 0 ? {} : { rows }),
  }
}

/** How it ended. What it printed can be rows of people: that is in the log alone. */
function said(failure: string): string {
  return `${failure.split('\n', 1).join()} What it said is in the log.`
}

/** Before, after the first run, after the second. */
function rowsOf(first: SeedRun, second: SeedRun): readonly CountedRows[] | undefined {
  if (first.written === undefined || second.written === undefined) return undefined
  const runs = [new Map(first.written.map(named)), new Map(second.written.map(named))] as const
  const tables = [...new Set([...runs[0].keys(), ...runs[1].keys()])].toSorted()
  return tables.map((table) => {
    const two = second.counts.get(table) ?? null
    const one = first.counts.get(table) ?? undone(two, runs[1].get(table))
    return { table, counts: [undone(one, runs[0].get(table)), one, two] }
  })
}

const named = (written: Written) => [nameOf(written), written] as const

/** TRUNCATE counts nothing, so that what was there before it is not known. */
function undone(rows: number | null, written: Written | undefined): number | null {
  if (rows === null || written === undefined) return rows
  return written.newFile ? null : rows - written.inserted + written.deleted
}

function overwritten({ written = [] }: SeedRun): string {
  const rows = written.reduce((all, one) => all + one.updated + one.deleted, 0)
  return rows === 0 ? '' : `; it writes over or replaces ${plural(rows, 'row')} each time`
}

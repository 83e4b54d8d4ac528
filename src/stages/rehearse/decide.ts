import type { Failure } from '../../errors.ts'
import type { CatalogDifference } from '../../postgres/catalog.ts'
import type { Plan } from '../plan/plan.ts'
import type { RealRun } from './rehearsal.ts'
import type { Agreement } from './trace/decide-agreement.ts'
import type { StoppedTrace, Trace } from './trace/trace.ts'

interface Runs {
  readonly real: RealRun
  readonly trace: Trace
  /** Between what the two runs left. */
  readonly apart: CatalogDifference
}

interface Named {
  readonly name: string
  readonly checksum: string
}

/** Somebody else applied something between the plan and the backup, or changed a file. */
export function otherState({ migrations }: Plan, pending: readonly Named[]): Failure | undefined {
  const keyOf = ({ name, checksum }: Named) => `${name} ${checksum}`
  if (pending.map(keyOf).join('\n') === migrations.map(keyOf).join('\n')) return undefined
  return {
    code: 'REHEARSAL.OTHER_STATE',
    what: 'On the copy other migrations are pending than in the plan.',
    why: `Planned: ${namesOf(migrations)}. Pending in the backup: ${namesOf(pending)}. The history or the files changed after the plan was made.`,
    next: ['Start again; the plan is then made on what is there now.'],
  }
}

function namesOf(list: readonly Named[]): string {
  return list.length === 0 ? 'none' : list.map(({ name }) => name).join(', ')
}

/** Everything that keeps a rehearsal from having passed. */
export function problemsOf(plan: Plan, { real, trace, apart }: Runs): readonly string[] {
  const { stopped } = trace
  // What the engine says quotes whatever a RAISE was put together from; the statement's own error was cleaned of rows.
  if (real.said !== undefined) return causeOf(stopped, real) ?? real.said.split('\n')
  const finished = new Set(real.finished)
  const missing = plan.migrations.filter(({ name }) => !finished.has(name)).map(({ name }) => name)
  const invalid = real.difference.added.filter((line) => line.startsWith('index ') && line.endsWith(' invalid'))
  return [
    ...missing.map((name) => `${name} is not recorded as applied, although ${real.engine} reported success`),
    ...real.failed.map((name) => `${name} is recorded as failed`),
    ...invalid.map((line) => `invalid ${line}`),
    ...(stopped === undefined
      ? twoEndings(real, apart)
      : [`${real.engine} went through, and statement by statement it did not: ${placeOf(stopped)} ${stopped.message}`]),
  ]
}

/** What the statement that failed says of the data, where it is the one that the engine failed on. */
function causeOf(stopped: StoppedTrace | undefined, { failed }: RealRun): readonly string[] | undefined {
  if (stopped === undefined || !failed.includes(stopped.migration)) return undefined
  const { cause, message, sqlState } = stopped
  return [`${placeOf(stopped)} ${cause}`, `${message}${sqlState === undefined ? '' : ` (SQLSTATE ${sqlState})`}`]
}

/** Without rows a statement may fail that is right where there are some: a reference to a row, a check that somebody wrote. */
export function mayNeedRows({ stopped }: Trace): string | undefined {
  if (stopped?.sqlState === undefined || !/^(?:02|21|22|23|P0)/.test(stopped.sqlState)) return undefined
  return `${placeOf(stopped)} stopped on a copy that has no rows, and may only miss those; nothing is known of what stands behind it`
}

export function findOf({ stopped }: Trace, { failed }: RealRun): string | undefined {
  return stopped !== undefined && failed.includes(stopped.migration) ? stopped.find : undefined
}

function placeOf({ migration, line }: StoppedTrace): string {
  return `${migration}:${line}`
}

const mostLines = 12

/** The same statements on the same data: what they leave depends on something else as well. */
function twoEndings({ engine }: RealRun, { added, removed }: CatalogDifference): readonly string[] {
  const lines = [
    ...added.map((line) => `only with ${engine}: ${line}`),
    ...removed.map((line) => `only statement by statement: ${line}`),
  ]
  if (lines.length === 0) return []
  const left = lines.length - mostLines
  return [
    'Run twice, the migrations left two different schemas:',
    ...lines.slice(0, mostLines),
    ...(left > 0 ? [`and ${left} more`] : []),
  ]
}

/**
 * What nobody was told of before the plan was cleared: a lock or a rewrite. Whoever approved the plan by its digest was asked to
 * look closely, and goes on; what is scanned is the planner's choice and only told.
 */
export function unsaid({ disagreements }: Agreement): readonly string[] {
  return disagreements
    .filter(({ what, seen }) => what !== 'scan' && seen !== undefined)
    .map(({ migration, line, text }) => `${migration}:${line} ${text}`)
}

/** What the plan could not tell was seen once, on one set of rows. */
export function untold({ resolved }: Agreement): readonly string[] {
  return resolved.map(({ migration, line, text }) => `${migration}:${line} what the plan could not tell: ${text}`)
}

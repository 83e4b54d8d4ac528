import { type Lock, type LockMode, lockModes, type RelationName, type Statement } from '../../../sql/model.ts'
import type { FileTrace, StatementTrace, Trace } from '../trace/trace.ts'
import { blockingOf, waitingStatements } from './blocking.ts'
import type {
  DeployEstimate,
  Duration,
  FileEstimate,
  LockEstimate,
  RehearsalMode,
  StatementEstimate,
  Total,
} from './estimate.ts'
import type { Machines } from './machines.ts'
import { aroundFile, predict } from './predict.ts'
import { nothing, type Range, sum } from './range.ts'
import { type BothSizes, workOf } from './work.ts'

export interface PlannedFile {
  readonly name: string
  readonly statements: readonly Statement[]
}

export interface EstimateRequest {
  readonly mode: RehearsalMode
  readonly trace: Trace
  readonly plan: readonly PlannedFile[]
  readonly sizes: BothSizes
  readonly machines: Machines
}

/** Whose sizes have to be known, in production and on the copy. */
export function relationsOf(trace: Trace, plan: readonly PlannedFile[]): ReadonlySet<RelationName> {
  const seen = trace.files.flatMap(({ statements }) =>
    statements.flatMap(({ locks, scans, rewrites, indexes }) => [
      ...locks.map(({ relation }) => relation),
      ...scans,
      ...rewrites,
      ...indexes.map(({ relation }) => relation),
    ]),
  )
  const planned = plan.flatMap(({ statements }) =>
    statements.flatMap(({ effects }) => [
      ...effects.locks.map(({ relation }) => relation),
      ...effects.scans,
      ...effects.rewrites,
    ]),
  )
  return new Set([...seen, ...planned])
}

export function estimateDeploy(request: EstimateRequest): DeployEstimate {
  const { mode, trace, plan } = request
  const files = trace.files.map((file) => estimateFile(file, request))
  const count = (all: readonly { readonly statements: readonly unknown[] }[]) =>
    all.reduce((sumOf, { statements }) => sumOf + statements.length, 0)
  return {
    mode,
    files,
    total: totalOf(files.map(({ total }) => total)),
    notRun: trace.stopped === undefined ? 0 : Math.max(0, count(plan) - count(files)),
  }
}

function estimateFile(file: FileTrace, request: EstimateRequest): FileEstimate {
  const planned = request.plan.find(({ name }) => name === file.migration)?.statements ?? []
  const statements = statementsOf(file, planned, request)
  const own = totalOfDurations(statements.map(({ duration }) => duration))
  const around: Total = { ms: aroundFile(request.machines), unknown: 0 }
  return { migration: file.migration, copyMs: file.ms, total: totalOf([own, around]), statements }
}

interface Timed {
  readonly trace: StatementTrace
  readonly planned: Statement | undefined
  readonly grows: boolean
  readonly duration: Duration
  readonly warm: Duration
  readonly cold: Duration
}

function statementsOf(file: FileTrace, planned: readonly Statement[], request: EstimateRequest): StatementEstimate[] {
  const timed = file.statements.map((trace, at): Timed => {
    const ends = file.statements[at + 1]?.transaction !== trace.transaction
    const statement = planned.find(({ index }) => index === trace.index)
    return { trace, planned: statement, ...durationsOf(trace, statement, ends, request) }
  })
  return timed.map((one, at) => {
    const { trace, planned: statement, grows, duration, warm, cold } = one
    const { index, line, kind, transaction, ms: copyMs, rows } = trace
    const toTheEnd = timed.slice(at).filter((later) => later.trace.transaction === transaction)
    return {
      ...{ migration: file.migration, index, line, kind, transaction, copyMs, rows, grows, duration, warm, cold },
      waitsForOthers: /\bCONCURRENTLY\b/i.test(statement?.sql ?? ''),
      locks: locksOf(one, held(toTheEnd.map((later) => later.duration))),
    }
  })
}

function durationsOf(
  trace: StatementTrace,
  planned: Statement | undefined,
  endsTransaction: boolean,
  { mode, sizes, machines }: EstimateRequest,
): Pick<Timed, 'grows' | 'duration' | 'warm' | 'cold'> {
  const work = workOf({ trace, planned }, mode, sizes)
  if (work.kind === 'unknown') return { grows: true, duration: work, warm: work, cold: work }
  const { overall, warm, cold } = predict(trace.ms, work, machines, { endsTransaction })
  return { grows: work.kind === 'grows', duration: known(overall), warm: known(warm), cold: known(cold) }
}

/**
 * What could not be observed is taken from the statement's text: a lock that nobody looked for is still there, and where they
 * were looked for in passing, the strongest may have been missed.
 */
function locksOf({ trace, planned }: Timed, heldFor: Duration): readonly LockEstimate[] {
  const unseen = trace.notObserved.some((what) => what.startsWith('locks'))
  const said = unseen ? (planned?.effects.locks ?? []) : []
  const isWeaker = (one: Lock, others: readonly Lock[]) =>
    others.some(({ relation, mode }) => relation === one.relation && isStronger(mode, one.mode))
  const seen = trace.locks.filter((one) => !isWeaker(one, said))
  const known = new Set(seen.map(({ relation }) => relation))
  const all = [
    ...seen.map(({ relation, mode }) => ({ relation, mode, source: 'observed' as const })),
    ...said
      .filter(({ relation }) => !known.has(relation))
      .map(({ relation, mode }) => ({ relation, mode, source: 'static' as const })),
  ]
  return all.map(({ relation, mode, source }) => {
    const blocks = blockingOf(mode, trace)
    return { relation, mode, source, blocks, waits: waitingStatements[blocks], held: heldFor }
  })
}

function isStronger(one: LockMode, other: LockMode): boolean {
  return lockModes.indexOf(one) > lockModes.indexOf(other)
}

function held(durations: readonly Duration[]): Duration {
  const unknown = durations.find((duration) => duration.kind === 'unknown')
  if (unknown !== undefined) return unknown
  return known(sum(durations.map((duration) => (duration.kind === 'range' ? duration.ms : nothing))))
}

function totalOfDurations(durations: readonly Duration[]): Total {
  const ranges = durations.flatMap((duration) => (duration.kind === 'range' ? [duration.ms] : []))
  return { ms: sum(ranges), unknown: durations.length - ranges.length }
}

function totalOf(totals: readonly Total[]): Total {
  return { ms: sum(totals.map(({ ms }) => ms)), unknown: totals.reduce((all, { unknown }) => all + unknown, 0) }
}

function known(ms: Range): Duration {
  return { kind: 'range', ms }
}

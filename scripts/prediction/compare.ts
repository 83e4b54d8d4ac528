import { withoutRowValues } from '../../src/postgres/row-values.ts'
import type { RehearsalResult } from '../../src/rehearsal-result.ts'
import type { RunResult } from '../../src/result.ts'
import { type Lock, lockModes } from '../../src/sql/model.ts'
import type { Deployed } from './programs.ts'
import type { TargetRun } from './target.ts'

/** What was said and what then happened, and whether it is the same. */
export interface Compared {
  readonly what: 'locks' | 'locks in passing' | 'rewrites' | 'success' | 'deploy'
  readonly where: string
  readonly said: string
  readonly happened: string
}

export interface Timing {
  readonly where: string
  readonly copyMs: number
  readonly low: number
  readonly likely: number
  readonly high: number
  readonly ms: number
}

export interface Comparison {
  readonly compared: readonly Compared[]
  readonly statements: readonly Timing[]
  /** Statement by statement, and as it was deployed. */
  readonly wholes: readonly Timing[]
  /** Statements whose time was said to be unknown. */
  readonly untold: number
}

export function compare(
  where: string,
  { migrations, outcome, reason }: Pick<RunResult, 'migrations' | 'outcome' | 'reason'>,
  { trace, estimate }: RehearsalResult,
  target: TargetRun,
  deployed: Deployed,
): Comparison {
  const compared: Compared[] = []
  const statements: Timing[] = []
  let untold = 0
  const traced = new Map(
    trace.files.flatMap((file) => file.statements.map((one) => [`${file.migration} ${one.index}`, one] as const)),
  )
  const estimated = new Map(
    estimate.files.flatMap((file) => file.statements.map((one) => [`${file.migration} ${one.index}`, one] as const)),
  )
  for (const one of target.happened) {
    const key = `${one.migration} ${one.index}` as const
    const [seen, predicted] = [traced.get(key), estimated.get(key)]
    const sql = migrations.find(({ name }) => name === one.migration)?.statements[one.index]?.sql ?? ''
    const at = `${where} ${one.migration.slice(0, 24)}:${seen?.line} ${oneLine(sql)}`
    const said = predicted?.locks ?? []
    if (seen?.notObserved.some((what) => what.startsWith('locks')) === true)
      compared.push({ what: 'locks in passing', where: at, ...inPassing(said, one.locks) })
    else compared.push({ what: 'locks', where: at, said: linesOf(said), happened: linesOf(one.locks) })
    compared.push({
      what: 'rewrites',
      where: at,
      said: (seen?.rewrites ?? []).join(', '),
      happened: one.rewrites.join(', '),
    })
    if (predicted?.duration.kind === 'range')
      statements.push({ where: at, copyMs: predicted.copyMs, ...predicted.duration.ms, ms: one.ms })
    else untold += 1
  }
  compared.push({
    what: 'success',
    where,
    said: trace.stopped === undefined && outcome !== 'done' ? `${outcome}: ${reason}` : ending(trace.stopped),
    happened: ending(target.refused),
  })
  const saidToFinish = migrations.map(({ name }) => name)
  const failsIn = trace.stopped === undefined ? saidToFinish.length : saidToFinish.indexOf(trace.stopped.migration)
  compared.push({
    what: 'deploy',
    where,
    said: saidToFinish.slice(0, failsIn).join(' '),
    happened: deployed.finished.join(' '),
  })
  const copyMs = trace.files.reduce((all, { ms }) => all + ms, 0)
  const whole = (name: string, ms: number): Timing => ({ where: `${where} ${name}`, copyMs, ...estimate.total.ms, ms })
  return {
    compared,
    statements,
    wholes:
      trace.stopped !== undefined || target.refused !== undefined || estimate.total.unknown > 0
        ? []
        : [whole('statement by statement', target.ms), whole('deployed', deployed.ms)],
    untold,
  }
}

/** Without a transaction to hold them they are there for a moment: what was seen of them must have been said, in that mode or a stronger one. */
function inPassing(said: readonly Lock[], seen: readonly Lock[]): Pick<Compared, 'said' | 'happened'> {
  const isSaid = ({ relation, mode }: Lock) =>
    said.some((one) => one.relation === relation && lockModes.indexOf(one.mode) >= lockModes.indexOf(mode))
  const within = linesOf(said)
  return { said: within, happened: seen.every(isSaid) ? within : linesOf(seen) }
}

function linesOf(locks: readonly Lock[]): string {
  return locks
    .map(({ relation, mode }) => `${relation} ${mode}`)
    .toSorted()
    .join(', ')
}

interface Stop {
  readonly migration: string
  readonly index: number
  readonly sqlState?: string | undefined
  readonly message: string
}

function ending(stop: Stop | undefined): string {
  if (stop === undefined) return 'all go through'
  return `${stop.migration} statement ${stop.index} ${stop.sqlState}: ${withoutRowValues(stop.message)}`
}

function oneLine(sql: string): string {
  return sql.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ').trim().slice(0, 90)
}

import { oneLine } from './report/markdown-text.ts'
import { plural } from './report/words.ts'
import type { ReportedFailure, ReportedMigration, RunResult } from './result.ts'
import type { Refusal } from './stages/gate/decide.ts'
import type { Plan, PlannedMigration } from './stages/plan/plan.ts'
import type { Facts } from './stages/preflight/facts.ts'
import { copyWords } from './stages/rehearse/describe.ts'
import type { Rehearsal } from './stages/rehearse/rehearsal.ts'

/** How a command came out; with the stages and times of the run it becomes the RunResult. */
export interface Ended
  extends Pick<
    RunResult,
    'outcome' | 'reasonCode' | 'reason' | 'migrations' | 'applied' | 'findings' | 'allowed' | 'next'
  > {
  readonly target?: RunResult['target']
  readonly digest?: RunResult['digest']
  readonly failed?: RunResult['failed']
  readonly backup?: RunResult['backup']
  readonly undo?: RunResult['undo']
  readonly failure?: ReportedFailure
}

export function targetOf({ url }: Pick<Facts, 'url'>): { readonly host: string; readonly database: string } {
  return { host: url.host, database: url.database }
}

export function nothingPending(facts: Facts): Ended {
  return {
    outcome: 'nothing-pending',
    reasonCode: 'nothing_pending',
    reason:
      facts.leftOut.length === 0
        ? `All ${plural(facts.history.applied.length, 'migration')} of the folder are applied.`
        : `Nothing of what was asked for is pending. Still pending, because it was not asked for: ${facts.leftOut.join(', ')}.`,
    target: targetOf(facts),
    ...noMigrations,
    next: [],
  }
}

export const noMigrations = { migrations: [], applied: [], findings: [], allowed: [] } as const

/** What every outcome says that has a plan. */
export function ofPlan(facts: Facts, plan: Plan): Omit<Ended, 'outcome' | 'reasonCode' | 'reason'> {
  return {
    target: targetOf(facts),
    digest: plan.digest,
    migrations: plan.migrations.map(reported),
    applied: [],
    findings: plan.findings,
    allowed: plan.allowed,
    next: [],
  }
}

export function refused(facts: Facts, plan: Plan, refusal: Refusal): Ended {
  return {
    ...ofPlan(facts, plan),
    outcome: 'refused',
    reasonCode: refusal.code,
    reason: reasonOf(refusal),
    next: refusal.next,
  }
}

/** The reason and, where an approval is missing, what exactly it would be given for. */
export function reasonOf({ reason, risks }: Refusal): string {
  return [reason, ...risks.map((risk) => oneLine(`${risk.migration}:${risk.line} ${risk.text}`))].join('\n')
}

export function planChanged(facts: Facts, before: Plan, now: Plan): Ended {
  const was = before.migrations.map((migration) => migration.name).join(', ')
  const is = now.migrations.map((migration) => migration.name).join(', ')
  return {
    ...ofPlan(facts, now),
    outcome: 'refused',
    reasonCode: 'plan_changed',
    reason: [
      'The plan is no longer the one that passed the gate: the database, the history or the files changed in between.',
      was === is
        ? `The same migrations are pending (${is}), on another schema or with other contents.`
        : `Pending was ${was}; pending is ${is}.`,
    ].join('\n'),
    next: ['Read the new plan, then start again:', 'airlock plan'],
  }
}

/** Production was not touched: what would have happened to it is known from the copy. */
export function rehearsalFailed(
  facts: Facts,
  plan: Plan,
  { problems, real, approvable, estimate }: Extract<Rehearsal, { readonly kind: 'failed' }>,
  next: readonly string[],
): Ended {
  return {
    ...ofPlan(facts, plan),
    outcome: 'refused',
    reasonCode: 'rehearsal_failed',
    reason: [
      `${whatWentWrong(copyWords[estimate.mode], real.said !== undefined, approvable)} Nothing was applied to the database itself.`,
      ...problems,
    ].join('\n'),
    next,
  }
}

function whatWentWrong(copy: string, engineFailed: boolean, approvable: boolean): string {
  if (engineFailed) return `On ${copy} the migrations did not go through.`
  if (approvable) return `On ${copy} the migrations went through, and did what the plan does not say.`
  return `On ${copy} the migrations went through, and what they left is not what it should be.`
}

export function reported(migration: PlannedMigration): ReportedMigration {
  return {
    name: migration.name,
    checksum: migration.checksum,
    atomic: migration.execution.atomic,
    stage: migration.stage,
    statements: migration.statements.map(({ index, range, kind, sql, effects }) => ({
      index,
      line: range.line,
      kind,
      sql,
      effects,
    })),
  }
}

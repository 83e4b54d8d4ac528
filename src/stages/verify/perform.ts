import { isCancellation } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import type { Ended } from '../../ended.ts'
import { FailureError } from '../../errors.ts'
import type { History } from '../../migrations/history.ts'
import type { PackedCatalog } from '../../postgres/packed-catalog.ts'
import { plural } from '../../report/words.ts'
import type { WayBack } from '../apply/perform.ts'
import type { Plan } from '../plan/plan.ts'
import { observeSince } from '../preflight/observe.ts'
import type { Target } from '../preflight/perform.ts'
import { airlock } from '../recover/next-steps.ts'
import { backupOf, stepsBack } from '../recover/steps-back.ts'
import { decideVerification, type Verification } from './decide.ts'

export interface Done {
  readonly plan: Plan
  /** The catalog right before the first statement. */
  readonly before: PackedCatalog
  /** Names of the migrations that were finished then. */
  readonly finishedBefore: ReadonlySet<string>
  readonly wayBack: WayBack
}

export type EndedPart = Pick<
  Ended,
  'outcome' | 'reasonCode' | 'reason' | 'applied' | 'next' | 'failed' | 'backup' | 'failure'
>

interface Ending {
  /** How Prisma ended. */
  readonly said: string
  /** For a planned migration that is not finished, or a failed row: there is more to do than to compare. */
  readonly recover: (() => Promise<EndedPart>) | undefined
}

/** Prisma said that it is done; the history and the catalog say whether it is true. */
export async function verify(context: Context, target: Target, done: Done, ending: Ending): Promise<EndedPart> {
  const { said, recover } = ending
  let verification: Verification
  try {
    verification = await look(context, target, done)
  } catch (error) {
    if (!(error instanceof FailureError) || isCancellation(error)) throw error
    return {
      outcome: 'needs-human',
      reasonCode: 'state_unknown',
      reason: `${said}, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}`,
      applied: [],
      next: ['When the database answers again, compare it with the migrations:', airlock('verify', context.invocation)],
      backup: backupOf(done.wayBack),
    }
  }
  const backup = backupOf(done.wayBack)
  if (verification.kind === 'verified') {
    const names = done.plan.migrations.map((migration) => migration.name)
    const reason = `${plural(names.length, 'migration')} applied ${target.apply === 'atomic' ? 'by Airlock' : `with ${target.source.title}`}.${leftOutOf(done.plan)}`
    return { outcome: 'applied', reasonCode: 'applied', reason, applied: names, next: [], backup }
  }
  if (recover !== undefined && !verification.finished) return await recover()
  return {
    outcome: 'needs-human',
    reasonCode: 'verification_failed',
    reason: [`${said}, but the database is not in the state that was planned.`, ...verification.problems].join('\n'),
    applied: verification.applied,
    failed: verification.failed,
    next: stepsBack(done.wayBack, target.url),
    backup,
  }
}

/** What was not asked for is said, so that nobody takes the database for complete. */
function leftOutOf({ leftOut }: Plan): string {
  return leftOut.length === 0 ? '' : ` Still pending, because it was not asked for: ${leftOut.join(', ')}.`
}

function look({ run }: Context, target: Target, done: Done): Promise<Verification> {
  return run.stage(
    'verify',
    async () => {
      const seen = await observeSince(done.before, target)
      return decideVerification({
        history: target.source.historyIn(target.url.schema).words.name,
        planned: done.plan.migrations,
        finishedBefore: done.finishedBefore,
        finished: recordedIn(seen.history),
        failed: seen.history.failed.map((row) => row.name),
        stillPending: seen.history.pending.map(({ name }) => name).filter((name) => !done.plan.leftOut.includes(name)),
        difference: seen.difference,
      })
    },
    (result) =>
      result.kind === 'verified'
        ? {
            outcome: 'pass',
            summary: `${result.checked.join(', ')}; not checked: ${result.notChecked.join(', ')}`,
            detail: { checked: result.checked, notChecked: result.notChecked },
          }
        : { outcome: 'fail', summary: result.problems[0] ?? '', detail: { problems: result.problems } },
    'to-its-end',
  )
}

/** Finished names with what Prisma recorded, in the folder or not. */
export function recordedIn({ applied, edited, missing }: History): ReadonlyMap<string, string> {
  return new Map<string, string>([
    ...applied.map(({ name, checksum }) => [name, checksum] as const),
    // The file was changed after Prisma had read it, or before and back again.
    ...edited.map(({ migration, recorded }) => [migration.name, recorded] as const),
    ...missing.map((name) => [name, ''] as const),
  ])
}

export function finishedNames({ applied, missing }: History): ReadonlySet<string> {
  return new Set<string>([...applied.map(({ name }) => name), ...missing])
}

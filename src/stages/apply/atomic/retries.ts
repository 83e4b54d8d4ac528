import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../../../cancellation.ts'
import type { Context } from '../../../context.ts'
import { formatMs } from '../../../report/words.ts'
import { decideRetry, whyAgain } from '../retry.ts'
import type { Watch } from '../watch/watch.ts'
import { RefusedStep } from './apply-file.ts'

/** query_canceled (manual, appendix A). */
const cancelledState = '57014'

export interface Retries {
  /** Of the migration that needed most. */
  readonly most: number
  /** What `apply-file.ts` calls for each step of this migration. */
  attemptsOf(migration: string, how: { readonly repeatable: boolean }): (work: () => Promise<void>) => Promise<void>
}

/** A step that was refused is rolled back, so it is tried again where it stands, for a reason that passes. */
export function retriesFor({ run, policy }: Context, watching: Watch): Retries {
  const startedAt = Date.now()
  let most = 1
  return {
    get most() {
      return most
    },
    attemptsOf(migration, { repeatable }) {
      let attempts = 1
      return async (work) => {
        for (;;) {
          const before = watching.cancelled
          try {
            return await work()
          } catch (error) {
            if (!(error instanceof RefusedStep) || error.left !== undefined || !repeatable) throw error
            const { sqlState } = error
            const cancelled =
              sqlState === cancelledState && watching.cancelled !== before ? watching.cancelled : undefined
            if (cancelled?.while === 'holding') throw error
            const decision = decideRetry(
              { sqlState, cancelledByWatchdog: cancelled !== undefined },
              { attempts, spentMs: Date.now() - startedAt },
              policy.retry,
              Math.random,
            )
            if (decision.kind === 'stop') throw error
            attempts += 1
            most = Math.max(most, attempts)
            run.progress(
              `${migration}: ${cancelled?.because ?? whyAgain(sqlState)}. PostgreSQL took it back; attempt ${attempts} of ${policy.retry.attempts} in ${formatMs(decision.afterMs)}`,
            )
            await unlessCancelled(sleep(decision.afterMs), run.signal)
          }
        }
      }
    },
  }
}

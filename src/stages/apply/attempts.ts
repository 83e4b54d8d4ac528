import { setTimeout as sleep } from 'node:timers/promises'
import { isCancellation, unlessCancelled } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import type { History } from '../../migrations/history.ts'
import { formatMs } from '../../report/words.ts'
import type { Clearance } from '../gate/decide.ts'
import type { Target } from '../preflight/perform.ts'
import { endStatementsIfPossible, takeBack } from '../recover/take-back.ts'
import type { Done } from '../verify/perform.ts'
import type { ApplyExit } from './exit.ts'
import { applyOnce } from './perform.ts'
import { decideRetry, whyAgain } from './retry.ts'

/** query_canceled (manual, appendix A). */
const cancelledState = '57014'

interface Attempts {
  readonly exit: ApplyExit
  readonly attempts: number
  /** What was tried again, and why, in order. */
  readonly again: readonly { readonly migration: string; readonly because: string; readonly afterMs: number }[]
}

/** Applies what is pending, and again what PostgreSQL took back for a reason that passes. */
export async function apply(
  context: Context,
  target: Target,
  clearance: Clearance,
  history: History,
  done: Done,
): Promise<ApplyExit> {
  const { exit } = await context.run.stage(
    'apply',
    async () => {
      const once = () => applyOnce(context, target, clearance, history, done.wayBack)
      if (target.apply === 'prisma') return attempt(context, target, done, once)
      // A step that was taken back is tried again where it stands.
      const exit = await once()
      return { exit, attempts: exit.attempts, again: [] }
    },
    ({ exit: { engine, code, stoppedIn }, attempts, again }) => {
      const times = attempts === 1 ? '' : `, ${attempts} attempts`
      const detail = { attempts, again }
      if (engine === 'Airlock') {
        const stopped = stoppedIn === undefined ? 'nothing was begun' : `stopped in ${stoppedIn.name}`
        return {
          outcome: code === 0 ? 'pass' : 'fail',
          summary: `${code === 0 ? 'by Airlock itself' : stopped}${times}`,
          detail,
        }
      }
      if (code === 0)
        return { outcome: 'pass', summary: `prisma migrate deploy, ${target.source.title}${times}`, detail }
      const how = code === null ? 'Prisma was ended by a signal' : `Prisma ended with exit code ${code}`
      return { outcome: 'fail', summary: `${how}${times}`, detail }
    },
  )
  return exit
}

async function attempt(
  context: Context,
  target: Target,
  done: Done,
  once: () => Promise<ApplyExit>,
): Promise<Attempts> {
  const { run, policy } = context
  const startedAt = Date.now()
  const again: Attempts['again'][number][] = []
  for (;;) {
    const ended = again.length === 0 ? await once() : await evenIfItFails(once)
    const attempts = again.length + 1
    if (ended.code === 0 || run.signal.aborted) return { exit: ended, attempts, again }
    const rolledBack = await endStatementsIfPossible(context, target)
    const exit = { ...ended, rolledBack }
    let afterMs = 0
    const { cancelled } = exit
    const takenBack = await takeBack(context, target, done, rolledBack, ({ migration, sqlState }) => {
      const byWatchdog = cancelled !== undefined && sqlState === cancelledState
      if (byWatchdog && cancelled.while === 'holding') return false
      const ofThis = again.filter((one) => one.migration === migration).length + 1
      const decision = decideRetry(
        { sqlState, cancelledByWatchdog: byWatchdog },
        { attempts: ofThis, spentMs: Date.now() - startedAt },
        policy.retry,
        Math.random,
      )
      if (decision.kind === 'again') afterMs = decision.afterMs
      else run.progress(`${migration} is not tried again: ${decision.because}`)
      return decision.kind === 'again'
    })
    if (takenBack === undefined) return { exit, attempts, again }
    const { migration, sqlState } = takenBack
    const because = sqlState === cancelledState && cancelled !== undefined ? cancelled.because : whyAgain(sqlState)
    again.push({ migration, because, afterMs })
    run.progress(
      `${migration}: ${because}. PostgreSQL took it back; attempt ${again.filter((one) => one.migration === migration).length + 1} of ${policy.retry.attempts} in ${formatMs(afterMs)}`,
    )
    if (!(await waited(afterMs, run.signal))) return { exit, attempts, again }
  }
}

/** From the second attempt on something may be applied: whatever goes wrong, the database has to be looked at. */
async function evenIfItFails(once: () => Promise<ApplyExit>): Promise<ApplyExit> {
  try {
    return await once()
  } catch (error) {
    if (error instanceof FailureError)
      return {
        engine: 'Prisma',
        code: null,
        output: `Error: ${error.failure.what} ${error.failure.why}`,
        stoppedIn: undefined,
        attempts: 1,
      }
    throw error
  }
}

async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await unlessCancelled(sleep(ms), signal)
    return true
  } catch (error) {
    if (isCancellation(error)) return false
    throw error
  }
}

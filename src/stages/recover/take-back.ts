import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { connect } from '../../postgres/connection.ts'
import { resolve } from '../apply/perform.ts'
import { applicationNameOf } from '../apply/session-settings.ts'
import { observe } from '../preflight/observe.ts'
import type { Target } from '../preflight/perform.ts'
import type { Done } from '../verify/perform.ts'
import { endSessions } from './end-sessions.ts'
import { type HalfIndex, onlyHalfIndex } from './half-index.ts'
import { observeStopped } from './observe-stopped.ts'
import { type FailedMigration, fateOf, type StoppedState } from './stopped-state.ts'

/** A migration of which nothing is in force, and of which the history no longer says that it failed: it can run again. */
export interface TakenBack {
  readonly migration: string
  readonly sqlState: string | undefined
}

/**
 * Between two attempts. `worthIt` is asked before anything is written; without its yes, and wherever anything is not proven,
 * all is left as it is for `recover` to look at.
 */
export async function takeBack(
  context: Context,
  target: Target,
  done: Done,
  rolledBack: boolean,
  worthIt: (failed: TakenBack) => boolean,
): Promise<TakenBack | undefined> {
  const { url, source } = target
  // Nobody but Prisma leaves a row behind that a later attempt would stumble over.
  if (source.kind !== 'prisma') return undefined
  try {
    const state = await observeStopped(target, done, { stoppedIn: undefined }, rolledBack)
    const failed = onlyOneFailed(state)
    if (failed === undefined) return undefined
    const half = onlyHalfIndex(failed, state)
    if (half === undefined && fateOf(failed, state).kind !== 'taken-back') return undefined
    const takenBack = { migration: failed.name, sqlState: failed.refusedWith }
    if (!worthIt(takenBack)) return undefined
    if (half !== undefined) await dropHalfIndex(context, target, half)
    await resolve(context, { url, source }, '--rolled-back', failed.name)
    const { history } = await observe(target)
    return history.failed.length === 0 ? takenBack : undefined
  } catch (error) {
    // A database that does not answer proves nothing, and says so when `recover` asks it.
    if (error instanceof FailureError) return undefined
    throw error
  }
}

/** Others may be applied before it, and stand; whatever else is strange, or would happen twice, is for a person. */
function onlyOneFailed(state: StoppedState): FailedMigration | undefined {
  const [failed, ...others] = state.failed
  const strange = state.atWork !== undefined || state.historyInDoubt !== undefined || state.notAsPlanned.length > 0
  if (failed === undefined || others.length > 0 || strange) return undefined
  return failed.planned?.beyond.length === 0 ? failed : undefined
}

/** Within the lock timeout of every session of ours: where that does not do, a person is told the statement. */
async function dropHalfIndex({ run }: Context, { url }: Target, { drop }: HalfIndex): Promise<void> {
  run.progress(drop)
  await using session = await connect(url)
  await session.query(drop)
}

/**
 * What the sessions of this run are still at is ended. True where one was in the middle of its transaction, which can be seen
 * only now. On a connection of its own: that of the run is given up the moment it is cancelled.
 */
export async function endStatements(context: Context, target: Target): Promise<boolean> {
  await using session = await connect(target.url)
  return await endSessions(session, applicationNameOf(context.runId))
}

/** Where the database does not answer nothing is known, and `recover` asks again. */
export async function endStatementsIfPossible(context: Context, target: Target): Promise<boolean> {
  try {
    return await endStatements(context, target)
  } catch (error) {
    if (error instanceof FailureError) return false
    throw error
  }
}

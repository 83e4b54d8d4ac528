import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../../context.ts'
import { FailureError, messageOf } from '../../../errors.ts'
import { connect, type OpenSession } from '../../../postgres/connection.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Target } from '../../preflight/perform.ts'
import { applicationNameOf } from '../session-settings.ts'
import { type Cancelled, decideCancel, mayHoldLocks } from './decide.ts'
import { type ApplyingSession, cancelStatement, readApplyingSessions, runningMigration } from './observation.ts'
import { tellerOf } from './tell.ts'

export interface Watch extends AsyncDisposable {
  /** The last statement that was ended so that the application does not wait. */
  readonly cancelled: Cancelled | undefined
  /** It is said once, by whoever sees it first. */
  begins(migration: string): void
}

const lookEveryMs = 200
const goodbyeMs = 1_000

/** Looks after the sessions that apply, on a connection of its own, until it is disposed of. */
export async function watch(context: Context, target: Target, plan: Plan): Promise<Watch> {
  // Whoever cannot look must not begin.
  let session: OpenSession | undefined = await connect(target.url, 'airlock-watch')
  const ended = new AbortController()
  let cancelled: (Cancelled & Pick<ApplyingSession, 'queryStart'>) | undefined
  const names = plan.migrations.map(({ name }) => name as string)
  const begun = new Set<string>()
  let running: { readonly queryStart: string; readonly migration: string | undefined } | undefined
  const tell = tellerOf(context)

  let told: string | undefined
  const begins = (migration: string) => {
    told = migration
    if (begun.has(migration) || !names.includes(migration)) return
    begun.add(migration)
    context.run.progress(`migration ${names.indexOf(migration) + 1} of ${names.length}: ${migration}`)
  }
  const migrationOf = async (on: OpenSession, { queryStart }: ApplyingSession) => {
    if (running?.queryStart !== queryStart) {
      running = { queryStart, migration: await runningMigration(on, target.url.schema) }
      if (running.migration !== undefined) begins(running.migration)
    }
    // What Airlock itself runs has its row when it is over.
    return running.migration ?? (target.apply === 'atomic' ? told : undefined)
  }

  const look = async (on: OpenSession) => {
    for (const seen of await readApplyingSessions(on, applicationNameOf(context.runId))) {
      const migration = await migrationOf(on, seen)
      const decided = decideCancel(seen, context.policy, mayHoldLocks(migration, plan, context.policy))
      if (decided === undefined) tell(seen, 'if-new')
      else {
        const before = cancelled
        // Known before the server is asked: whoever runs the statement may hear of its end first.
        cancelled = { ...decided, queryStart: seen.queryStart }
        if (!(await cancelStatement(on, seen))) cancelled = before
        // It may take a moment to end, and is cancelled again until it does; that is told once.
        else if (before?.queryStart !== seen.queryStart) {
          tell(seen, 'now')
          context.run.progress(`${migration ?? 'the statement'} was cancelled: ${decided.because}`)
        }
      }
    }
  }
  const lookOn = async () => {
    for (;;) {
      if (await pause(ended.signal)) return
      try {
        session ??= await connect(target.url, 'airlock-watch')
        await look(session)
      } catch (error) {
        if (!(error instanceof FailureError)) {
          // A bug, which must not hide what becomes of the migrations.
          context.run.notice(`Nobody looked any more who waits for the migrations: ${messageOf(error)}`)
          return
        }
        // The lock timeout still holds on the server. It is looked again as soon as that is possible.
        context.run.notice(`For a time nobody could look who waits for the migrations: ${error.failure.what}`)
        await session?.[Symbol.asyncDispose]()
        session = undefined
      }
    }
  }
  const looking = lookOn()
  return {
    get cancelled() {
      return cancelled
    },
    begins,
    async [Symbol.asyncDispose]() {
      ended.abort()
      // A server that no longer answers must not keep a run that is over.
      await Promise.race([looking, sleep(goodbyeMs, undefined, { ref: false })])
      await session?.[Symbol.asyncDispose]()
    },
  }
}

/** True once there is nothing more to look at. */
async function pause(signal: AbortSignal): Promise<boolean> {
  await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined)
  return signal.aborted
}

import { createHash } from 'node:crypto'
import type { Context } from '../../../context.ts'
import { FailureError, fail, messageOf } from '../../../errors.ts'
import { movedSince } from '../../../migrations/atomic-history.ts'
import { type AtomicFile, atomicFile, fileInSteps } from '../../../migrations/atomic-steps.ts'
import type { History } from '../../../migrations/history.ts'
import type { Migration } from '../../../migrations/migration.ts'
import type { MigrationHistory } from '../../../migrations/source.ts'
import { takePrismaLock } from '../../../postgres/deploy-lock.ts'
import { failureOf } from '../../../prisma-engine/script.ts'
import { oneLine } from '../../../report/markdown-text.ts'
import { letReplicasCatchUp } from '../../blockers/replicas.ts'
import type { Plan, PlannedMigration } from '../../plan/plan.ts'
import type { Target } from '../../preflight/perform.ts'
import { beyondTransactions } from '../../recover/beyond-transactions.ts'
import type { ApplyExit, StoppedIn } from '../exit.ts'
import { isGentle } from '../gentle.ts'
import { applySettings, gentleLockTimeoutMs } from '../session-settings.ts'
import type { Watch } from '../watch/watch.ts'
import { applyFile, RefusedStep } from './apply-file.ts'
import { type Retries, retriesFor } from './retries.ts'
import { type ApplySession, openApplySession, takeYourTime } from './session.ts'

interface Task {
  readonly plan: Plan
  readonly history: History
  readonly endWithClient: Readonly<Record<string, string>>
  readonly watching: Watch
}

/** Applies what was planned without Prisma, and leaves behind what Prisma would have left: see docs/decisions/0011. */
export async function applyAtomically(
  context: Context,
  target: Target,
  { plan, history, endWithClient, watching }: Task,
): Promise<ApplyExit> {
  const { run, policy, runId } = context
  const retries = retriesFor(context, watching)
  // Until the history is there nothing is begun, and what is in the way of that is said as it is.
  const settings = applySettings(policy, runId, endWithClient)
  const onWarning = (text: string) => run.progress(`the server warns: ${oneLine(text)}`)
  await using session = await openApplySession(target.url, settings, onWarning, run.signal)
  await takePrismaLock(session, {
    waitMs: policy['lock-wait'],
    onWait: (holder) => run.progress(`migrations are being applied: ${holder}`),
    signal: run.signal,
  })
  const migrations = planned(plan, history)
  const recorded = target.source.historyIn(target.url.schema)
  await makeHistory(session, recorded, history)
  let current: Migration | undefined
  try {
    for (const [index, migration] of migrations.entries()) {
      run.throwIfCancelled()
      if (index > 0) await letReplicasCatchUp(context, target.session)
      current = migration
      watching.begins(migration.name)
      await applyOne(
        context,
        session,
        recorded,
        { migration, planned: plan.migrations.find(({ name }) => name === migration.name) },
        retries,
      )
      current = undefined
    }
    return { engine: 'Airlock', code: 0, output: '', stoppedIn: undefined, attempts: retries.most }
  } catch (error) {
    // From here on something may be applied: whatever went wrong, the database has to be looked at.
    const { output, refusedWith } = wordsFor(error, current)
    const stoppedIn: StoppedIn | undefined = current && { name: current.name, refusedWith }
    const code = error instanceof RefusedStep ? 1 : null
    const { cancelled } = watching
    return { engine: 'Airlock', code, output, cancelled, stoppedIn, attempts: retries.most }
  }
}

/** The texts that were hashed for the plan, in its order. */
function planned(plan: Plan, history: History): readonly Migration[] {
  return plan.migrations.map(({ name, checksum }) => {
    const migration = history.pending.find((one) => one.name === name)
    if (migration?.checksum !== checksum)
      throw new Error(`${name} is not the file that was planned. Nothing was applied.`)
    return migration
  })
}

/** Under the lock, so that nobody else makes it at the same time, and what it says stays true. */
async function makeHistory(session: ApplySession, recorded: MigrationHistory, history: History): Promise<void> {
  const table = await recorded.read(session)
  if (table.kind === 'present') {
    const moved = movedSince(history, table.rows)
    if (moved === undefined) return
    throw fail('DEPLOY.LOCKED', {
      what: 'The history changed after the plan was made.',
      why: `${moved}. Nothing was applied.`,
      next: ['See what is pending now, then deploy again:', 'airlock plan'],
    })
  }
  for (const sql of recorded.create(table.schemaExists)) await session.query(sql)
}

async function applyOne(
  { run, policy }: Context,
  session: ApplySession,
  history: MigrationHistory,
  { migration, planned }: { readonly migration: Migration; readonly planned: PlannedMigration | undefined },
  retries: Retries,
): Promise<void> {
  const { resume, sql } = migration
  // What no transaction takes back would be done once more.
  const repeatable = planned !== undefined && beyondTransactions(planned.statements).length === 0
  const gentle = planned !== undefined && isGentle(planned)
  const attempt = retries.attemptsOf(migration.name, { repeatable })
  const file: AtomicFile = resume === undefined ? atomicFile(sql) : fileInSteps(sql)
  if (file.kind === 'unsupported') throw new Error(`${migration.name} has ${file.what}. Nothing of it was applied.`)
  await applyFile(
    { migration, history, steps: file.steps, resume },
    {
      session,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      attempt: (work) =>
        attempt(async () => {
          // Ended with the file, like everything else that is said to the session.
          if (gentle) await takeYourTime(session, gentleLockTimeoutMs(policy))
          await work()
        }),
      gentleLockTimeoutMs: gentleLockTimeoutMs(policy),
      onStep: (step) => {
        if (file.steps.length > 1) run.progress(`${migration.name}, statement ${step.first + 1}`)
      },
    },
  )
}

function wordsFor(
  error: unknown,
  migration: Migration | undefined,
): { readonly output: string; readonly refusedWith: string | undefined } {
  if (error instanceof RefusedStep && migration !== undefined) {
    const cause = error.cause instanceof Error ? error.cause : new Error(String(error.cause))
    const { report, sqlState } = failureOf(cause, migration.sql, error.piece)
    return { output: `Migration ${migration.name}, SQLSTATE ${sqlState}\n${report}`, refusedWith: sqlState }
  }
  if (error instanceof FailureError)
    return { output: `${error.failure.what} ${error.failure.why}`, refusedWith: undefined }
  return { output: messageOf(error), refusedWith: undefined }
}

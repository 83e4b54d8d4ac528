import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../../cancellation.ts'
import type { Policy } from '../../config.ts'
import type { Context } from '../../context.ts'
import { FailureError, fail } from '../../errors.ts'
import { withResumable } from '../../migrations/atomic-history.ts'
import { together } from '../../migrations/folder-failures.ts'
import type { HistoryRow } from '../../migrations/history.ts'
import { historyFailures } from '../../migrations/history-failures.ts'
import { openSource } from '../../migrations/open-source.ts'
import type { MigrationSource } from '../../migrations/source.ts'
import type { Session } from '../../ports.ts'
import { whoApplies } from '../../postgres/deploy-lock.ts'
import { LastLook } from '../plan/last-look.ts'
import { takePart } from '../plan/take-part.ts'
import { connectTo, type Database } from './database.ts'
import type { Facts } from './facts.ts'
import { observeHistory } from './observe.ts'
import { readServer, refuseOtherStrings, refuseReadOnly, refuseVersion } from './server.ts'

/** Project and database, open and belonging together. */
export interface Target extends Database {
  /** A plan reads: a replica or a role that may only read is enough for it. */
  readonly intent: 'read' | 'write'
  /** Who applies: the project’s Prisma, or Airlock. */
  readonly apply: Policy['apply']
  readonly source: MigrationSource
  /** What plans were made of: nothing is read and analysed again that is as it was. */
  readonly lastLook: LastLook
}

export async function openTarget(context: Context, intent: Target['intent']): Promise<Target> {
  const source = await openSource(context.invocation, context.config)
  // Before anything is open: an environment that airlock.yml does not name is told here.
  const { apply } = context.policy
  const database = await connectTo(context, source.urls)
  return { ...database, intent, apply: source.kind === 'prisma' ? apply : 'atomic', source, lastLook: new LastLook() }
}

/** What an earlier run left without an end, recorded as what it is; or what else can be said of it. */
export type SettleLeftBehind = (context: Context, target: Target, refused: FailureError) => Promise<'settled'>

/** A deploy settles what it can; whoever only looks leaves everything as it is. */
export async function preflight(context: Context, target: Target, settle?: SettleLeftBehind): Promise<Facts> {
  const facts = await context.run.stage(
    'preflight',
    async () => takePart(context, target, await factsSettled(context, target, settle)),
    ({ server, history, folder, leftOut }) => ({
      outcome: 'pass',
      summary: `PostgreSQL ${server.version}, ${target.source.title}, ${history.applied.length} applied, ${history.pending.length} pending${leftOut.length === 0 ? '' : `, ${leftOut.length} left out`}`,
      detail: { server: server.version, ...prismaVersion(target), notices: folder.notices },
    }),
  )
  for (const { text } of facts.folder.notices) context.run.notice(text)
  return facts
}

function prismaVersion({ source }: Target): { readonly prisma?: string } {
  return source.kind === 'prisma' ? { prisma: source.prisma.version } : {}
}

async function factsSettled(context: Context, target: Target, settle: SettleLeftBehind | undefined): Promise<Facts> {
  try {
    return await factsAfterOthers(context, target)
  } catch (error) {
    const left = error instanceof FailureError && error.failure.code === 'HISTORY.FAILED_MIGRATION'
    if (!left || settle === undefined) throw error
    await settle(context, target, error)
    return await factsAfterOthers(context, target)
  }
}

const lookAgainMs = 500
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A row without an end is nothing to worry about while somebody works on it: a deploy waits for that, a plan says so. */
async function factsAfterOthers({ run, policy }: Context, target: Target): Promise<Facts> {
  const giveUpAt = Date.now() + policy['lock-wait']
  for (let told = false; ; told = true) {
    try {
      return await readFacts(target)
    } catch (error) {
      const locked = error instanceof FailureError && error.failure.code === 'DEPLOY.LOCKED'
      if (!locked || target.intent === 'read' || Date.now() >= giveUpAt) throw error
      if (!told) run.progress(`${error.failure.what} ${error.failure.why}`)
      await unlessCancelled(sleep(lookAgainMs), run.signal)
    }
  }
}

/** Everything that may stop a run before a single byte of SQL is looked at. */
export async function readFacts({ session, url, source, intent, apply }: Target): Promise<Facts> {
  const server = await readServer(session)
  refuseVersion(server)
  refuseOtherStrings(server, url)
  if (intent === 'write') refuseReadOnly(server, url)
  let facts = await observeHistory(session, url, source)
  if (facts.history.failed.length > 0) {
    await refuseWhileApplied(session, facts.history.failed)
    // Whoever was at work may have ended between the two questions.
    facts = await observeHistory(session, url, source)
  }
  if (apply === 'atomic') facts = { ...facts, history: withResumable(facts.history, facts.folder.migrations, sha256) }
  const recorded = source.historyIn(url.schema)
  const failures = [...historyFailures(facts.history, recorded.words), ...recorded.problems(facts.history)]
  const failure = together(failures, 'The migration history')
  if (failure !== undefined) throw new FailureError(failure)
  return { ...facts, url, server, leftOut: [] }
}

/** Prisma writes the row before the first statement, so that a migration that runs looks like one that failed. */
async function refuseWhileApplied(session: Session, failed: readonly HistoryRow[]): Promise<void> {
  const [first] = failed
  if (first === undefined) return
  const who = await whoApplies(session)
  if (who === undefined) return
  throw fail('DEPLOY.LOCKED', {
    what: `\`${first.name}\` is being applied right now.`,
    why: `At work in the database is ${who}.`,
    next: [
      'Run again when that has ended; then the history says what came of it.',
      'If nobody knows about it, see what it does: SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE datname = current_database();',
    ],
  })
}

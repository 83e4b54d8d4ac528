import { availableParallelism } from 'node:os'
import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { type Failure, FailureError } from '../errors.ts'
import { connectionFor } from '../postgres/client-connection.ts'
import { connectWithoutLimits, withoutLimits } from '../postgres/connection.ts'
import { takeDeployLock } from '../postgres/deploy-lock.ts'
import { databasesBeside, openBeside } from '../postgres/open-beside.ts'
import { serverVersionOf } from '../postgres/server-identity.ts'
import { withDatabase } from '../postgres/url.ts'
import { formatMs, plural } from '../report/words.ts'
import type { Outcome } from '../result.ts'
import type { Manifest } from '../stages/backup/manifest.ts'
import { type Database, openDatabase } from '../stages/preflight/database.ts'
import { swapSql } from '../stages/restore/decide.ts'
import { type CheckRequest, type Restored, restoreBackup } from '../stages/restore/perform.ts'
import { readManifest } from '../stages/restore/read-backup.ts'
import { type EarlierSwap, findEarlierSwap } from '../stages/restore/swap/earlier.ts'
import { performSwap, requireSwappable, type Swapped, type SwapRequest } from '../stages/restore/swap/perform.ts'
import { readProperties } from '../stages/restore/swap/properties.ts'
import { describeWrites, parseAcceptedLoss } from '../stages/restore/writes-since/decide.ts'

const deployLockWaitMs = 10_000

/** Into a new database as always, and only when that is whole and compared it takes the place of the one in use. */
export async function restoreAndSwap(context: Context, request: CheckRequest, into: string): Promise<Ended> {
  const manifest = await readManifest(request.manifestPath)
  await using database = await openDatabase(context)
  const known = {
    ...noMigrations,
    target: { host: database.url.host, database: database.url.database },
    next: [],
  }
  try {
    const earlier = await earlierSwap(database, manifest, into)
    if (earlier !== undefined) return { ...known, ...swappedBefore(database.url.database, earlier) }
    return { ...known, ...(await restoreThenSwap(context, { request, database, manifest, into })) }
  } catch (thrown) {
    const outcome = thrown instanceof FailureError ? outcomes[thrown.failure.code] : undefined
    if (!(thrown instanceof FailureError) || outcome === undefined) throw thrown
    return { ...known, ...endedWith(outcome, thrown.failure) }
  }
}

/** A loss that nobody accepted is a refusal, and a server that does not say how it ended needs somebody who looks. */
const outcomes: Partial<Record<Failure['code'], Outcome>> = {
  'RESTORE.WRITES_SINCE': 'refused',
  'RESTORE.SWAP_UNVERIFIED': 'needs-human',
}

function endedWith(outcome: Outcome, failure: Failure) {
  return { outcome, reasonCode: failure.code, reason: '', next: failure.next, failure }
}

interface Work {
  readonly request: CheckRequest
  readonly database: Database
  readonly manifest: Manifest
  readonly into: string
}

async function restoreThenSwap(context: Context, { request, database, manifest, into }: Work) {
  const { run, invocation } = context
  const { url, session } = database
  await withoutLimits(session)
  // Taken in the database that is replaced, and gone with the last of its sessions.
  await takeDeployLock(session, {
    waitMs: deployLockWaitMs,
    onWait: (holder) => run.progress(`waiting for the deploy lock, held by ${holder}`),
    signal: run.signal,
  })
  const beside = await databasesBeside(session, [url.database, into])
  // Neither gives up with the run: what was begun is dropped, or brought to its end, through them.
  await using admin = await openBeside(url, beside, 'airlock restore')
  await withoutLimits(admin)
  const swap: SwapRequest = {
    database: url.database,
    restored: into,
    backup: {
      name: manifest.name,
      sha256: manifest.files[0]?.sha256 ?? '',
      moment: { systemIdentifier: manifest.source.systemIdentifier, activity: manifest.activity ?? undefined },
    },
    accepted: invocation.acceptLoss === undefined ? undefined : parseAcceptedLoss(invocation.acceptLoss),
    present: session,
    openBeside: () => openBeside(url, beside, 'airlock swap'),
    openSession: (name) => connectWithoutLimits(withDatabase(url, name), 'airlock restore'),
    serverMajor: (await serverVersionOf(admin)).major,
    throwIfCancelled: () => run.throwIfCancelled(),
    onProgress: (text) => run.progress(text),
  }
  const present = await readProperties(admin, url.database)
  const restored = await run.stage(
    'restore',
    async () => {
      const writes = await requireSwappable(swap)
      for (const line of describeWrites(writes)) run.progress(line)
      return restoreBackup({
        ...request,
        into,
        replaces: url.database,
        admin,
        openSession: swap.openSession,
        connectionFor: connectionFor(url),
        jobs: Math.min(4, availableParallelism()),
        successor: { tablespace: present?.tablespace ?? 'pg_default' },
      })
    },
    ({ summary, notChecked }) => ({
      outcome: 'pass',
      summary,
      detail: { notChecked },
    }),
  )
  const swapped = await run.stage(
    'swap',
    () => performSwap(swap),
    ({ aside, cutoverMs, sessionsEnded, lost }) => ({
      outcome: 'pass',
      summary: `nobody could connect for ${formatMs(cutoverMs)}; ${plural(sessionsEnded, 'session')} ended`,
      detail: { aside, cutoverMs, sessionsEnded, lost },
    }),
    // Once it is begun, which of the two is in place has to be said, whether or not somebody wants the run to stop.
    'to-its-end',
  )
  return ended(request.manifestPath, url.database, restored, swapped)
}

async function earlierSwap(
  { session, url }: Database,
  manifest: Manifest,
  into: string,
): Promise<EarlierSwap | undefined> {
  // Where the restored database still has its own name, the work is not done.
  if ((await readProperties(session, into)) !== undefined) return undefined
  return findEarlierSwap(session, url.database, manifest.files[0]?.sha256 ?? '')
}

function swappedBefore(database: string, { aside, mark }: EarlierSwap) {
  return {
    // Nobody who asked for a restore may take for done what an earlier run did, whatever was written since.
    outcome: 'refused',
    reasonCode: 'swapped_before',
    reason: `\`${database}\` is this backup, restored, since ${mark.at}: an earlier run put it there. Nothing was done.`,
    next: [
      `\`${aside}\` is the database from before. To put the backup in place once more, rename or drop that one first.`,
    ],
  } as const
}

function ended(manifestPath: string, database: string, restored: Restored, swapped: Swapped) {
  const { aside, cutoverMs, sessionsEnded, lost, breaks } = swapped
  return {
    outcome: 'done',
    reasonCode: 'restored_and_swapped',
    reason: [
      `The backup is in \`${database}\` now. The database from before is \`${aside}\`, shut to connections.`,
      `Nobody could connect for ${formatMs(cutoverMs)}; ${plural(sessionsEnded, 'session')} ended.`,
      ...(lost.kind === 'counted'
        ? [`${plural(lost.changes, 'row change')} since the backup are only in \`${aside}\`.`]
        : []),
      ...describeWrites(lost),
      ...restored.notChecked.map((what) => `not checked: ${what}`),
    ].join('\n'),
    backup: {
      manifest: manifestPath,
      tier: restored.tier,
      bytes: restored.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    next: [
      ...breaks,
      'To go back, as a role that owns both, connected to neither:',
      ...swapSql(database, aside, new Date()),
      `When nothing of the old one is needed any more: DROP DATABASE "${aside.replaceAll('"', '""')}";`,
    ],
  } as const
}

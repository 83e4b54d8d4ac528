import type { Context } from '../../../context.ts'
import { FailureError } from '../../../errors.ts'
import { hasProgress } from '../../../migrations/atomic-progress.ts'
import type { History, HistoryRow } from '../../../migrations/history.ts'
import { sqlStateIn } from '../../../migrations/history.ts'
import type { Migration } from '../../../migrations/migration.ts'
import { connect } from '../../../postgres/connection.ts'
import { takeDeployLock, whoApplies } from '../../../postgres/deploy-lock.ts'
import { type OfPrisma, resolve } from '../../apply/perform.ts'
import { observe } from '../../preflight/observe.ts'
import type { Target } from '../../preflight/perform.ts'
import { decideLeftBehind, type Settlement } from './decide.ts'
import { lookAt } from './look.ts'

type Settled = { readonly kind: 'settled' } | { readonly kind: 'open'; readonly known: readonly string[] }

/** A migration that an earlier run left without an end is recorded as what it is where that is proven; else that run's error stands. */
export async function settleLeftBehind(context: Context, target: Target, refused: FailureError): Promise<'settled'> {
  const settled = await settle(context, target)
  if (settled.kind === 'settled') return 'settled'
  throw withKnown(refused, settled.known)
}

async function settle(context: Context, target: Target): Promise<Settled> {
  const { run, policy } = context
  const { url, source } = target
  // The others write no row that says nothing about how far a file came.
  if (source.kind !== 'prisma') return { kind: 'open', known: [] }
  // Nobody else deploys meanwhile, or records the same.
  await using guard = await connect(url)
  await takeDeployLock(guard, {
    waitMs: policy['lock-wait'],
    onWait: (holder) => run.progress(`another deploy is running: ${holder}`),
    signal: run.signal,
  })
  const { history, migrations } = await now({ url, source })
  const [row, ...others] = history.failed
  if (row === undefined) return { kind: 'settled' }
  const migration = migrations.find(({ name }) => name === row.name)
  // Of two, one was begun although the other had no end: whoever did that knows more.
  if (others.length > 0 || migration === undefined || !isText(row, migration)) return { kind: 'open', known: [] }
  if ((await whoApplies(guard)) !== undefined) return { kind: 'open', known: [] }
  const left = await lookAt({ url, prisma: source.prisma }, guard, row, migration)
  if (left === undefined) return { kind: 'open', known: [] }
  const settlement = decideLeftBehind(left)
  if (settlement.kind === 'for-a-person') return { kind: 'open', known: settlement.known }
  if (settlement.kind === 'nothing-in-force' && settlement.drop !== undefined) {
    run.progress(settlement.drop)
    await guard.query(settlement.drop)
  }
  return (await record(context, { url, source }, row.name, settlement))
    ? { kind: 'settled' }
    : { kind: 'open', known: [] }
}

async function now(
  target: OfPrisma,
): Promise<{ readonly history: History; readonly migrations: readonly Migration[] }> {
  const { history, folder } = await observe(target)
  return { history, migrations: folder.migrations }
}

/** Prisma's own logs only: either nothing, or the error of the server. */
function isText(row: HistoryRow, { checksum, otherChecksums }: Migration): boolean {
  // What Airlock applied itself says on its own how far it came.
  const readable = row.logs.trim() === '' || (!hasProgress(row.logs) && sqlStateIn(row.logs) !== undefined)
  return readable && [checksum, ...otherChecksums].includes(row.checksum)
}

async function record(
  context: Context,
  target: OfPrisma,
  name: string,
  { kind, because }: Exclude<Settlement, { kind: 'for-a-person' }>,
): Promise<boolean> {
  const nothing = kind === 'nothing-in-force'
  await resolve(context, target, nothing ? '--rolled-back' : '--applied', name)
  const { history } = await now(target)
  if (history.failed.length > 0) return false
  context.run.notice(
    nothing
      ? `An earlier run stopped in ${name}, and nothing of it is in force: ${because}. It is marked as rolled back and applied again.`
      : `An earlier run stopped in ${name}, and all of it is in force: ${because}. It is marked as applied.`,
  )
  return true
}

/** In front of what the history alone says. */
function withKnown(error: FailureError, known: readonly string[]): FailureError {
  if (known.length === 0) return error
  const { failure } = error
  return new FailureError({ ...failure, why: [failure.why, 'What the catalog says:', ...known].join('\n') })
}

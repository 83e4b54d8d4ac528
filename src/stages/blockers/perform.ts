import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import { fail } from '../../errors.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { formatMs, plural } from '../../report/words.ts'
import type { Plan } from '../plan/plan.ts'
import type { Target } from '../preflight/perform.ts'
import { decideBlockers, wantedBy } from './decide.ts'
import type { Wanted } from './holder.ts'
import type { InTheWay } from './in-the-way.ts'
import { readHeadroom, readHolders, readInvalidIndexes, readReplicas } from './observe.ts'
import { replicasInTheWay } from './replicas.ts'

const lookEveryMs = 250
const tellEveryMs = 15_000
/** Prisma, the watchdog, and whoever looks at the end. */
const leastConnections = 3

/** Nothing is touched while somebody is known to be in the way: what waits at a lock makes the application wait behind it. */
export async function clearTheWay(context: Context, target: Target, plan: Plan): Promise<void> {
  const { run, policy } = context
  if (policy.blockers === 'ignore') return run.skip('blockers', 'airlock.yml says `blockers: ignore`')
  const wanted = wantedBy(plan.migrations)
  await run.stage(
    'blockers',
    () => waitForAll(context, target, wanted),
    (waitedMs) => ({
      outcome: 'pass',
      summary: [
        waitedMs < lookEveryMs ? 'nobody is in the way' : `nobody is in the way any more, after ${formatMs(waitedMs)}`,
        ...(wanted.unknown === 0
          ? []
          : [`not checked: ${plural(wanted.unknown, 'statement')} whose locks cannot be told`]),
      ].join('; '),
      detail: { tables: [...wanted.modes.keys()], waitedMs },
    }),
  )
}

async function waitForAll(context: Context, target: Target, wanted: Wanted): Promise<number> {
  const { run, policy } = context
  await tellOthers(context, target, wanted)
  const startedAt = Date.now()
  const look = lookout(context, target, wanted)
  let told = { who: '', at: 0 }
  for (;;) {
    const { inTheWay, decided } = await look()
    const waitedMs = Date.now() - startedAt
    if (inTheWay.length === 0 && decided) return waitedMs
    if (inTheWay.length > 0 && (policy.blockers === 'refuse' || waitedMs >= policy['blocker-wait']))
      throw inTheWayFailure(inTheWay, waitedMs)
    const who = inTheWay.map(({ key }) => key).join('; ')
    if (who !== '' && (who !== told.who || Date.now() - told.at >= tellEveryMs)) {
      run.progress(`waiting: ${inTheWay.map(({ text }) => text).join('; ')}`)
      told = { who, at: Date.now() }
    }
    await unlessCancelled(sleep(lookEveryMs), run.signal)
  }
}

/**
 * Whoever was in the way at the first look has to be gone, or is long by and by; those that come after it are the everyday
 * work of the application. Remembers who was seen since when, for those whose times are hidden.
 */
function lookout({ policy }: Context, { session }: Target, wanted: Wanted) {
  const firstSeen = new Map<string, number>()
  let suspects: ReadonlySet<string> | undefined
  return async (): Promise<{ readonly inTheWay: readonly InTheWay[]; readonly decided: boolean }> => {
    const now = Date.now()
    const holders =
      wanted.modes.size === 0 && !wanted.concurrently
        ? []
        : await readHolders(session, [...wanted.modes.keys()], wanted.concurrently)
    for (const { transaction } of holders) if (!firstSeen.has(transaction)) firstSeen.set(transaction, now)
    const { blockers, notYet } = decideBlockers(wanted, holders, {
      longMs: policy['lock-timeout'],
      seenForMs: (transaction) => now - (firstSeen.get(transaction) ?? now),
    })
    suspects ??= new Set(notYet)
    const inTheWay = [
      ...blockers.map((blocker) => ({ ...blocker, code: 'DEPLOY.BLOCKED' as const })),
      ...(await connectionsInTheWay(session)),
      ...(await replicasInTheWay(session, policy['replica-lag'])),
    ]
    return { inTheWay, decided: !notYet.some((transaction) => suspects?.has(transaction)) }
  }
}

async function connectionsInTheWay(session: Target['session']): Promise<readonly InTheWay[]> {
  const { free, ceiling } = await readHeadroom(session)
  if (free >= leastConnections) return []
  return [
    {
      code: 'DEPLOY.NO_CONNECTIONS',
      key: 'connections',
      text: `${plural(Math.max(0, free), 'connection')} free within ${ceiling}, and a deploy needs ${leastConnections}`,
      next: 'SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC;',
    },
  ]
}

/** What is worth knowing and stops nobody. */
async function tellOthers({ run }: Context, { session, url }: Target, wanted: Wanted): Promise<void> {
  for (const { index, table } of await readInvalidIndexes(session, [...wanted.modes.keys()]))
    run.notice(
      `${table} has the invalid index ${index}, which costs writes and serves nobody: DROP INDEX CONCURRENTLY ${index};`,
    )
  const hidden = (await readReplicas(session)).filter((replica) => replica.hidden)
  if (hidden.length > 0)
    run.notice(
      `How far ${plural(hidden.length, 'replica')} ${hidden.length === 1 ? 'is' : 'are'} behind is hidden from this role, and was not checked: GRANT pg_monitor TO ${quoteIdentifier(url.user)};`,
    )
}

function inTheWayFailure(inTheWay: readonly InTheWay[], waitedMs: number) {
  const code = inTheWay[0]?.code ?? 'DEPLOY.BLOCKED'
  const waited = waitedMs < lookEveryMs ? '' : ` after ${formatMs(waitedMs)}`
  return fail(code, {
    what: `Nothing was applied: ${code === 'DEPLOY.BLOCKED' ? 'somebody is' : 'something is'} still in the way of the migrations${waited}.`,
    why: inTheWay.map(({ text }) => text).join('\n'),
    next: [
      ...new Set(inTheWay.map(({ next }) => next)),
      'Then deploy again. To begin all the same, within the lock timeout, in airlock.yml under the environment: `blockers: ignore`.',
    ],
  })
}

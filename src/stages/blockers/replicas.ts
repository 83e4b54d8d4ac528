import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import type { Session } from '../../ports.ts'
import { formatMs } from '../../report/words.ts'
import type { InTheWay } from './in-the-way.ts'
import { readReplicas } from './observe.ts'

const lookEveryMs = 250

export async function replicasInTheWay(session: Session, mostMs: number): Promise<readonly InTheWay[]> {
  return (await readReplicas(session))
    .filter(({ lagMs }) => lagMs !== null && lagMs > mostMs)
    .map(({ name, address, lagMs }) => ({
      code: 'DEPLOY.REPLICA_BEHIND',
      key: `replica ${name} ${address}`,
      text: `replica ${name} (${address}) is ${formatMs(lagMs ?? 0)} behind, and ${formatMs(mostMs)} are allowed`,
      next: 'SELECT application_name, client_addr, state, replay_lag FROM pg_stat_replication;',
    }))
}

/**
 * Between two migrations: what the first one wrote is replayed before the next one writes more. Half of what was planned is in
 * force by then, so that this waits and never refuses.
 */
export async function letReplicasCatchUp({ run, policy }: Context, session: Session): Promise<void> {
  if (policy.blockers === 'ignore') return
  const startedAt = Date.now()
  for (let told = false; ; told = true) {
    const behind = await replicasInTheWay(session, policy['replica-lag'])
    if (behind.length === 0) return
    const who = behind.map(({ text }) => text).join('; ')
    if (policy.blockers === 'refuse' || Date.now() - startedAt >= policy['blocker-wait'])
      return run.notice(`The next migration was begun although ${who}.`)
    if (!told) run.progress(`waiting before the next migration: ${who}`)
    await unlessCancelled(sleep(lookEveryMs), run.signal)
  }
}

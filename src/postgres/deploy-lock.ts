import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../cancellation.ts'
import { fail } from '../errors.ts'
import type { Session } from '../ports.ts'

/**
 * One deploy at a time per database. A session-level advisory lock lives exactly as long as its connection: nothing has
 * to be released, and a killed runner leaves nothing behind. The number is ours; Prisma's own (72707369) is taken by Prisma itself while it applies.
 */
const lockKey = '4702394921427289'

const pollMs = 500

export async function takeDeployLock(
  session: Session,
  options: { readonly waitMs: number; readonly onWait: (holder: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const startedAt = Date.now()
  let told = false
  while (!(await tryLock(session))) {
    const holder = await describeHolder(session)
    if (Date.now() - startedAt >= options.waitMs) {
      throw fail('DEPLOY.LOCKED', {
        what: 'Another deploy to this database is running.',
        why: `The deploy lock is held by ${holder}; waited ${Math.round((Date.now() - startedAt) / 1_000)} s.`,
        next: [
          'Run again when that deploy has ended.',
          'The lock disappears with the connection that holds it; it never has to be cleaned up.',
        ],
      })
    }
    if (!told) options.onWait(holder)
    told = true
    await unlessCancelled(sleep(pollMs), options.signal)
  }
}

async function tryLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${lockKey}) AS locked`)
  return row?.locked === true
}

async function describeHolder(session: Session): Promise<string> {
  const [row] = await session.query<{ pid: number; name: string; client: string | null; since: string | null }>(
    `SELECT a.pid, a.application_name AS name, a.client_addr::text AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = ${lockKey}`,
  )
  if (row === undefined) return 'a session that has just ended'
  // Of another role's session the server tells little more than its number.
  const from = row.client === null ? '' : ` from ${row.client}`
  const since = row.since === null ? '' : `, connected since ${row.since}`
  return `process ${row.pid} (${row.name}${from}${since})`
}

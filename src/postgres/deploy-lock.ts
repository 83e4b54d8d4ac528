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

export interface LockWait {
  readonly waitMs: number
  readonly onWait: (holder: string) => void
  readonly signal: AbortSignal
}

export async function takeDeployLock(session: Session, options: LockWait): Promise<void> {
  await takeLock(session, lockKey, 'The deploy lock', options)
}

/** The lock that Prisma takes while it applies, for a session that applies in its place. */
export async function takePrismaLock(session: Session, options: LockWait): Promise<void> {
  await takeLock(session, prismaLockKey, 'The lock that Prisma takes while it applies', options)
}

async function takeLock(session: Session, key: string, lock: string, options: LockWait): Promise<void> {
  const startedAt = Date.now()
  let told = false
  while (!(await tryLock(session, key))) {
    const holder = (await holderOf(session, key)) ?? 'a session that has just ended'
    if (Date.now() - startedAt >= options.waitMs) {
      throw fail('DEPLOY.LOCKED', {
        what: 'Another deploy to this database is running.',
        why: `${lock} is held by ${holder}; waited ${Math.round((Date.now() - startedAt) / 1_000)} s.`,
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

/** What Prisma locks while it applies (schema-engine, `ACQUIRE_LOCK`; the same number in 6.19 and 7.10). */
const prismaLockKey = '72707369'

/** Who applies migrations to this database right now: another deploy, or the Prisma of one that was killed. */
export async function whoApplies(session: Session): Promise<string | undefined> {
  const [row] = await session.query<Holder>(
    `SELECT a.pid, a.application_name AS name, pg_catalog.host(a.client_addr) AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND (a.application_name LIKE 'airlock-apply-%' OR EXISTS (SELECT FROM pg_catalog.pg_locks l
              WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
                AND ((l.classid::bigint << 32) | l.objid::bigint) IN (${lockKey}, ${prismaLockKey})))
      ORDER BY a.application_name LIKE 'airlock-apply-%' DESC`,
  )
  return row === undefined ? undefined : describe(row)
}

async function tryLock(session: Session, key: string): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${key}) AS locked`)
  return row?.locked === true
}

/** Takes Prisma's own lock for as long as the session lives, or says who has it: without it nobody's Prisma applies anything. */
export async function keepPrismaOut(session: Session): Promise<string | undefined> {
  if (await tryLock(session, prismaLockKey)) return undefined
  return (await holderOf(session, prismaLockKey)) ?? 'a session that has just ended'
}

async function holderOf(session: Session, key: string): Promise<string | undefined> {
  const [row] = await session.query<Holder>(
    `SELECT a.pid, a.application_name AS name, pg_catalog.host(a.client_addr) AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = ${key}`,
  )
  return row === undefined ? undefined : describe(row)
}

interface Holder {
  readonly pid: number
  readonly name: string
  readonly client: string | null
  readonly since: string | null
}

function describe(row: Holder): string {
  // Of another role's session the server tells little more than its number.
  const from = row.client === null ? '' : ` from ${row.client}`
  const since = row.since === null ? '' : `, connected since ${row.since}`
  return `process ${row.pid} (${row.name}${from}${since})`
}

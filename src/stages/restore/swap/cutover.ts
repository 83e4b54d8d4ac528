import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError, messageOf } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { type Cutover, cutoverSql, moreWrittenState, stillInUse } from './decide.ts'
import { endableSql } from './observe.ts'
import { serverErrorOf } from './sql-state.ts'

const endEveryMs = 15

export interface CutoverSessions {
  /** Connected to neither of the two databases. */
  readonly rename: Session
  /** Another one of the same kind: it ends the sessions while the first waits for their end. */
  readonly end: Session
}

export type CutoverEnd =
  /** `ms`: how long nobody could connect. */
  | { readonly kind: 'swapped'; readonly ms: number; readonly ended: number }
  | { readonly kind: 'refused'; readonly moreWritten: number | null }
  /** The connection broke in between: the catalog knows how it ended. */
  | { readonly kind: 'no-answer'; readonly because: string }

/** Renames both databases in one transaction, and ends the sessions in them once no new one can come in. */
export async function cutOver(sessions: CutoverSessions, cutover: Cutover, restoredOid: number): Promise<CutoverEnd> {
  const { rename, end } = sessions
  const [own] = await rename.query<{ pid: number }>(
    `SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.set_config('lock_timeout', '3s', false),
            pg_catalog.set_config('statement_timeout', '15s', false),
            CASE WHEN pg_catalog.current_setting('synchronous_commit') = 'off' THEN pg_catalog.set_config('synchronous_commit', 'on', false) END`,
  )
  if (own === undefined) throw new Error('The session does not know its own process')
  const oids = [cutover.databaseOid, restoredOid]
  const progress: Progress = { settledAtMs: undefined, lockedAtMs: undefined, ended: new Set() }
  const startedAtMs = performance.now()
  const renaming = rename.query(cutoverSql(cutover)).finally(() => {
    progress.settledAtMs = performance.now()
  })
  const [renamed, ending] = await Promise.allSettled([
    renaming,
    endSessions(end, own.pid, oids, cutover.databaseOid, progress),
  ])
  const ms = Math.ceil((progress.settledAtMs ?? performance.now()) - (progress.lockedAtMs ?? startedAtMs))
  if (renamed.status === 'fulfilled') return { kind: 'swapped', ms, ended: progress.ended.size }
  const said = serverErrorOf(renamed.reason)
  if (said === undefined || said.sqlState.startsWith('08') || said.sqlState.startsWith('57P')) {
    return { kind: 'no-answer', because: messageOf(renamed.reason) }
  }
  await rename.query('ROLLBACK')
  if (said.sqlState === moreWrittenState) {
    const more = Number(said.message)
    return { kind: 'refused', moreWritten: Number.isFinite(more) && more >= 0 ? more : null }
  }
  // 55006: somebody stayed; 55P03: somebody holds the database, such as a copy that is being made of it.
  if (said.sqlState === '55006' || said.sqlState === '55P03' || said.sqlState === '57014') {
    const why = ending.status === 'rejected' ? `${said.message}\n${messageOf(ending.reason)}` : said.message
    throw new FailureError(stillInUse(cutover.database, why), { cause: renamed.reason })
  }
  throw renamed.reason
}

interface Progress {
  settledAtMs: number | undefined
  lockedAtMs: number | undefined
  readonly ended: Set<number>
}

/** Not before the lock is held: whoever is ended earlier would only come back. */
async function endSessions(
  session: Session,
  renamingPid: number,
  oids: readonly number[],
  databaseOid: number,
  progress: Progress,
): Promise<void> {
  while (progress.settledAtMs === undefined) {
    if (progress.lockedAtMs === undefined) {
      const asked = performance.now()
      if (await holdsDatabase(session, renamingPid, databaseOid)) progress.lockedAtMs = asked
      else await sleep(2)
    } else {
      const ended = await session.query<{ pid: number; ended: boolean }>(
        `SELECT e.pid, pg_catalog.pg_terminate_backend(e.pid) AS ended FROM (${endableSql}) e`,
        [oids],
      )
      for (const { pid } of ended) progress.ended.add(pid)
      await sleep(endEveryMs)
    }
  }
}

async function holdsDatabase(session: Session, pid: number, databaseOid: number): Promise<boolean> {
  const [row] = await session.query<{ holds: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = $1 AND l.granted AND l.locktype = 'object'
        AND l.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND l.objid = $2::oid AND l.mode = 'AccessExclusiveLock') AS holds`,
    [pid, databaseOid],
  )
  return row?.holds === true
}

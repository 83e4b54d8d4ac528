import { fail } from '../../errors.ts'
import type { Session } from '../../ports.ts'

const sessionsEndMs = 2_000

interface Left {
  readonly pid: number
  readonly xid: string | null
  readonly bookkeeping: boolean
  readonly ended: boolean
}

/**
 * A client that was killed, or that lost its connection, does not stop its statement, and what is still running is still
 * going to change something. `pg_terminate_backend` waits for the end from 14 on (manual, 9.28.2).
 * True where a script was ended in the middle of its transaction, and the server says that it was rolled back.
 */
export async function endSessions(session: Session, applicationName: string): Promise<boolean> {
  const left = await session.query<Left>(
    // Where the server does not track what sessions do (track_activities), it may be bookkeeping.
    `SELECT pid, backend_xid::text AS xid,
            coalesce(query = '' OR state = 'disabled' OR query LIKE '%\\_prisma\\_migrations%', true) AS bookkeeping,
            pg_catalog.pg_terminate_backend(pid, ${sessionsEndMs}) AS ended
       FROM pg_catalog.pg_stat_activity WHERE application_name = $1 AND pid <> pg_catalog.pg_backend_pid()`,
    [applicationName],
  )
  const stubborn = await stillThere(session, applicationName, left)
  if (stubborn.length > 0) {
    throw fail('PRISMA.FAILED', {
      what: 'Prisma was stopped, and its statement goes on in the database.',
      why: `Server process ${stubborn.join(', ')} did not end within ${sessionsEndMs} ms.`,
      next: stubborn.map((pid) => `SELECT pg_terminate_backend(${pid});`),
    })
  }
  const [only, ...others] = left
  // Prisma writes to its history before and after the script: what becomes of that says nothing about the script.
  if (only === undefined || only.xid === null || only.bookkeeping || others.length > 0) return false
  return isRolledBack(session, only.xid)
}

/** A session that ended by itself at the same moment is no process to send a signal to, which counts as false as well. */
async function stillThere(
  session: Session,
  applicationName: string,
  left: readonly Left[],
): Promise<readonly number[]> {
  const asked = left.filter(({ ended }) => !ended).map(({ pid }) => pid)
  if (asked.length === 0) return []
  const there = await session.query<{ pid: number }>(
    'SELECT pid FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1) AND application_name = $2',
    [asked, applicationName],
  )
  return there.map(({ pid }) => pid)
}

/** The activity view has the lower half of the number (manual, 67.1), which was given out less than 2^32 numbers ago. */
async function isRolledBack(session: Session, xid: string): Promise<boolean> {
  const [row] = await session.query<{ status: string | null }>(
    `SELECT pg_catalog.pg_xact_status((next - ((next - $1::bigint) & 4294967295))::text::xid8) AS status
       FROM (SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint AS next) s`,
    [xid],
  )
  return row?.status === 'aborted'
}

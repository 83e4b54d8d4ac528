import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'

/** One of the sessions that apply, and who waits for whom around it. */
export interface ApplyingSession {
  readonly pid: number
  readonly query: string
  /** As the server prints it; together with the text it names one execution. */
  readonly queryStart: string
  readonly statementMs: number
  /** How long it waits for a lock by now; `null` when it does not. */
  readonly waitingMs: number | null
  readonly blockers: readonly Blocker[]
  /** Sessions that wait because of it, and how long the first of them has waited. */
  readonly queued: number
  readonly queuedMs: number
  readonly progress: WorkProgress | null
}

export interface Blocker {
  readonly pid: number
  readonly name: string
  /** Empty where another role's session does not show it. */
  readonly state: string
  readonly transactionMs: number | null
}

/** From one of the progress views (manual, 27.4): what it does, and how far it is. */
export interface WorkProgress {
  readonly work: string
  readonly phase: string
  readonly done: number
  readonly total: number
}

/**
 * Who waits is read from pg_locks, which hides nothing: of another role's session pg_stat_activity tells neither state nor
 * wait event without pg_read_all_stats. `pg_blocking_pids` needs the lock manager for itself for a moment (manual, 9.27),
 * so it is asked about those that wait and about nobody else.
 *
 * Not the application: other deploys, which wait for an advisory lock; CONCURRENTLY, which waits for transactions; autovacuum,
 * which has no user; Airlock itself.
 */
const sessionsSql = `
WITH ours AS (
  SELECT pid, query, query_start FROM pg_catalog.pg_stat_activity
   WHERE application_name = $1 AND state = 'active' AND pid <> pg_catalog.pg_backend_pid()
), waiting AS MATERIALIZED (
  SELECT pid, min(waitstart) AS since, bool_or(locktype NOT IN ('advisory', 'virtualxid')) AS queues
    FROM pg_catalog.pg_locks WHERE NOT granted GROUP BY pid
), waits AS MATERIALIZED (
  SELECT w.pid, w.queues, pg_catalog.pg_blocking_pids(w.pid) AS blockers, a.application_name AS name, a.usesysid,
         coalesce(extract(epoch FROM clock_timestamp() - w.since) * 1000, 0)::float8 AS ms
    FROM waiting w JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
   WHERE EXISTS (SELECT FROM ours)
)
SELECT o.pid, o.query, o.query_start::text AS "queryStart",
       (extract(epoch FROM clock_timestamp() - o.query_start) * 1000)::float8 AS "statementMs",
       (SELECT w.ms FROM waits w WHERE w.pid = o.pid) AS "waitingMs",
       coalesce((SELECT json_agg(json_build_object('pid', b.pid, 'name', b.application_name, 'state', coalesce(b.state, ''),
                                  'transactionMs', extract(epoch FROM clock_timestamp() - b.xact_start) * 1000))
          FROM waits w JOIN pg_catalog.pg_stat_activity b ON b.pid = ANY (w.blockers) WHERE w.pid = o.pid), '[]') AS blockers,
       q.queued, q.ms AS "queuedMs", (
         SELECT json_build_object('work', p.work, 'phase', p.phase, 'done', p.done, 'total', p.total) FROM (
           SELECT pid, command AS work, phase,
                  CASE WHEN phase LIKE 'waiting%' THEN lockers_done WHEN phase LIKE '%scanning%' THEN blocks_done ELSE tuples_done END AS done,
                  CASE WHEN phase LIKE 'waiting%' THEN lockers_total WHEN phase LIKE '%scanning%' THEN blocks_total ELSE tuples_total END AS total
             FROM pg_catalog.pg_stat_progress_create_index
           UNION ALL SELECT pid, command, phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_cluster
           UNION ALL SELECT pid, 'VACUUM', phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_vacuum
         ) p WHERE p.pid = o.pid LIMIT 1) AS progress
  FROM ours o CROSS JOIN LATERAL (
    SELECT count(*)::int AS queued, coalesce(max(w.ms), 0) AS ms FROM waits w
     WHERE o.pid = ANY (w.blockers) AND w.queues AND w.usesysid IS NOT NULL AND w.name NOT LIKE 'airlock%') q`

export function readApplyingSessions(session: Session, applicationName: string): Promise<readonly ApplyingSession[]> {
  return session.query<ApplyingSession>(sessionsSql, [applicationName])
}

/** The one that has begun and not ended; Prisma writes its row before the first statement of its file, and names it only at its end. */
export async function runningMigration(session: Session, schema: string): Promise<string | undefined> {
  const table = `${quoteIdentifier(schema)}._prisma_migrations`
  const [there] = await session.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    table,
  ])
  if (there?.there !== true) return undefined
  const [row] = await session.query<{ name: string }>(
    `SELECT migration_name AS name FROM ${table} WHERE finished_at IS NULL AND rolled_back_at IS NULL ORDER BY started_at DESC LIMIT 1`,
  )
  return row?.name
}

/** Only while it still runs the statement that was seen: Prisma's own record of a script that has just succeeded must not be hit. */
export async function cancelStatement(
  session: Session,
  { pid, query, queryStart }: Pick<ApplyingSession, 'pid' | 'query' | 'queryStart'>,
): Promise<boolean> {
  const rows = await session.query<{ cancelled: boolean }>(
    `SELECT pg_catalog.pg_cancel_backend(pid) AS cancelled FROM pg_catalog.pg_stat_activity
      WHERE pid = $1 AND query = $2 AND query_start = $3::timestamptz AND state = 'active'`,
    [pid, query, queryStart],
  )
  return rows[0]?.cancelled === true
}

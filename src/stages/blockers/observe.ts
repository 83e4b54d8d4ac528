import type { Session } from '../../ports.ts'
import type { RelationName } from '../../sql/model.ts'
import type { Holder } from './holder.ts'

/**
 * Locks are read from pg_locks, which hides nothing; of another role's session the rest stays empty without pg_read_all_stats.
 * A prepared transaction has no process, and is known by the lock on its own number.
 */
const holdersSql = `
WITH wanted AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS name,
         pg_catalog.age(c.relfrozenxid) >= pg_catalog.current_setting('autovacuum_freeze_max_age')::bigint AS old
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname || '.' || c.relname = ANY ($1::text[])
), held AS (
  SELECT w.name AS relation, w.old, l.mode, l.pid, l.virtualtransaction
    FROM pg_catalog.pg_locks l JOIN wanted w ON w.oid = l.relation
   WHERE l.granted AND l.locktype = 'relation'
     AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  UNION ALL
  SELECT NULL, false, 'AccessShareLock', l.pid, l.virtualtransaction
    FROM pg_catalog.pg_locks l WHERE $2 AND l.granted AND l.locktype = 'virtualxid'
)
SELECT h.relation, h.mode, h.pid, h.virtualtransaction AS transaction,
       coalesce(a.application_name, '') AS name, coalesce(a.usename, '')::text AS "user", a.state,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), extract(epoch FROM clock_timestamp() - p.prepared))::float8 * 1000 AS "transactionMs",
       coalesce(a.xact_start, p.prepared)::timestamptz(0)::text AS since,
       CASE WHEN a.state IS NOT NULL THEN a.backend_xmin IS NOT NULL END AS "hasSnapshot",
       h.pid IS NOT NULL AND a.usesysid IS NULL AS worker, h.old AS "antiWraparound",
       CASE WHEN p.gid IS NOT NULL THEN json_build_object('gid', p.gid, 'owner', p.owner) END AS prepared
  FROM held h
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid
  LEFT JOIN pg_catalog.pg_locks x ON h.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid' AND x.granted
        AND x.virtualtransaction = h.virtualtransaction
  LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid
 WHERE h.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
   AND (h.relation IS NOT NULL OR (a.datname = pg_catalog.current_database() AND a.usesysid IS NOT NULL))`

export function readHolders(
  session: Session,
  relations: readonly RelationName[],
  concurrently: boolean,
): Promise<readonly Holder[]> {
  return session.query<Holder>(holdersSql, [relations, concurrently])
}

export interface Headroom {
  readonly free: number
  readonly ceiling: string
}

/** The tightest of what the server, the database and the role allow. */
export async function readHeadroom(session: Session): Promise<Headroom> {
  const [row] = await session.query<Headroom>(
    `WITH used AS (
       SELECT count(*) AS all, count(*) FILTER (WHERE a.datname = pg_catalog.current_database()) AS here,
              count(*) FILTER (WHERE a.usename = current_user) AS mine
         FROM pg_catalog.pg_stat_activity a WHERE a.usesysid IS NOT NULL
     ), limits AS (
       SELECT pg_catalog.current_setting('max_connections')::int - CASE WHEN r.rolsuper THEN 0 ELSE
                pg_catalog.current_setting('superuser_reserved_connections')::int
                + coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0) END - used.all AS free, 'max_connections' AS ceiling
         FROM used, pg_catalog.pg_roles r WHERE r.rolname = current_user
       UNION ALL SELECT d.datconnlimit - used.here, 'the connection limit of the database' FROM used, pg_catalog.pg_database d
         WHERE d.datname = pg_catalog.current_database() AND d.datconnlimit >= 0
       UNION ALL SELECT r.rolconnlimit - used.mine, 'the connection limit of the role' FROM used, pg_catalog.pg_roles r
         WHERE r.rolname = current_user AND r.rolconnlimit >= 0 AND NOT r.rolsuper
     )
     SELECT free::int, ceiling FROM limits ORDER BY free LIMIT 1`,
  )
  if (row === undefined) throw new Error('The server does not say how many connections it lets in')
  return row
}

export interface InvalidIndex {
  readonly table: RelationName
  readonly index: string
  readonly definition: string
}

/** Of an index that is being built right now it is not yet known whether it is going to be valid. */
export function readInvalidIndexes(
  session: Session,
  relations: readonly RelationName[],
): Promise<readonly InvalidIndex[]> {
  return session.query<InvalidIndex>(
    `SELECT n.nspname || '.' || c.relname AS "table",
            pg_catalog.quote_ident(ni.nspname) || '.' || pg_catalog.quote_ident(ic.relname) AS "index",
            pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_catalog.pg_index i
       JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid JOIN pg_catalog.pg_namespace ni ON ni.oid = ic.relnamespace
      WHERE NOT i.indisvalid AND c.relkind <> 'p' AND n.nspname || '.' || c.relname = ANY ($1::text[])
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)`,
    [relations],
  )
}

export interface Replica {
  readonly name: string
  readonly address: string
  /** `null`: it has nothing to replay, or this role may not see it. */
  readonly lagMs: number | null
  readonly hidden: boolean
}

export function readReplicas(session: Session): Promise<readonly Replica[]> {
  return session.query<Replica>(
    `SELECT coalesce(application_name, '') AS name, coalesce(pg_catalog.host(client_addr), 'local') AS address,
            (extract(epoch FROM replay_lag) * 1000)::float8 AS "lagMs", state IS NULL AS hidden
       FROM pg_catalog.pg_stat_replication`,
  )
}

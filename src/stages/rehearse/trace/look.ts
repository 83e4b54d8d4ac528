import type { Session } from '../../../ports.ts'
import type { LockMode, RelationName } from '../../../sql/model.ts'

/** Questions to the catalog about what a session has locked: their cost grows with that, and with nothing else. */

export interface Relation {
  readonly oid: number
  readonly name: RelationName
  /** `pg_class.relkind`. */
  readonly kind: string
  /** Null for what has no file. */
  readonly file: number | null
}

export interface Held {
  readonly oid: number
  readonly modes: readonly LockMode[]
  /** As everybody else sees it; null for what the transaction itself made. */
  readonly committed: Relation | null
}

export interface FromOutside {
  readonly walPosition: number
  readonly held: readonly Held[]
}

/** What people create (manual, 67.2 and transam.h, FirstNormalObjectId). Those of PostgreSQL itself are in nobody's way. */
const isOurs = '>= 16384'

const heldSql = `
SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::float8 AS "walPosition",
       coalesce((SELECT json_agg(json_build_object('oid', h.oid::int8, 'modes', h.modes, 'committed',
                  CASE WHEN c.oid IS NOT NULL THEN json_build_object('oid', c.oid::int8, 'name', n.nspname || '.' || c.relname,
                       'kind', c.relkind, 'file', pg_catalog.pg_relation_filenode(c.oid)::int8) END))
          FROM (SELECT relation AS oid, array_agg(mode) AS modes FROM pg_catalog.pg_locks
                 WHERE pid = $1 AND locktype = 'relation' AND granted AND relation ${isOurs} GROUP BY relation) h
          LEFT JOIN pg_catalog.pg_class c ON c.oid = h.oid
          LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IS DISTINCT FROM 't' AND c.relpersistence IS DISTINCT FROM 't' AND n.nspname IS DISTINCT FROM 'pg_toast'), '[]') AS held`

/** From a session beside: looking takes no lock that the other one would seem to have taken. */
export async function lookFromOutside(witness: Session, pid: number): Promise<FromOutside> {
  const [row] = await witness.query<FromOutside>(heldSql, [pid])
  if (row === undefined) throw new Error('The server does not say what a session has locked')
  return row
}

export async function walPosition(witness: Session): Promise<number> {
  const [row] = await witness.query<{ position: number }>(
    "SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::float8 AS position",
  )
  if (row === undefined) throw new Error('The server does not say how much it has written')
  return row.position
}

export interface Seen extends Relation {
  /** How often it was read from end to end: in this transaction, or since the statistics began. */
  readonly scans: number
  readonly bytes: number | null
  /** Of an index: whose it is. */
  readonly of: RelationName | null
}

const columns = (scans: string) => `
       c.oid::int8::float8 AS oid, n.nspname || '.' || c.relname AS name, c.relkind::text AS kind,
       pg_catalog.pg_relation_filenode(c.oid)::int8::float8 AS file,
       CASE WHEN c.relkind IN ('r', 'm') THEN ${scans}(c.oid)::float8 ELSE 0 END AS scans,
       CASE WHEN c.relkind = 'i' THEN pg_catalog.pg_relation_size(c.oid)::float8 END AS bytes,
       tn.nspname || '.' || t.relname AS of`
const joined = `
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
 WHERE c.relkind <> 't' AND c.relpersistence <> 't' AND n.nspname <> 'pg_toast'`

export interface FromInside {
  /** Scans are those that the session has not handed over yet, of earlier transactions as well. */
  readonly seen: readonly Seen[]
  /** More than the last time, unless the session has handed over its statistics since. */
  readonly mark: number
}

/**
 * In the transaction itself, which alone sees what it made: of relations that it has locked already, and so takes no new lock.
 * A session hands its statistics over when it is idle and a while has passed (14 to 18), and begins again with 0. Each look
 * reads `pg_am` once, so that this can be told.
 */
export async function lookFromInside(subject: Session, oids: readonly number[]): Promise<FromInside> {
  const [row] = await subject.query<FromInside>(
    `SELECT pg_catalog.pg_stat_get_xact_numscans('pg_catalog.pg_am'::pg_catalog.regclass)::float8 AS mark,
            (SELECT count(*) FROM pg_catalog.pg_am) AS "readOnce", coalesce((SELECT json_agg(s) FROM (
       SELECT ${columns('pg_catalog.pg_stat_get_xact_numscans')} FROM pg_catalog.pg_class c ${joined} AND c.oid = ANY ($1::pg_catalog.oid[])) s), '[]') AS seen`,
    [oids],
  )
  if (row === undefined) throw new Error('The server does not say what a transaction made')
  return row
}

/** When nothing is open: relations by name or number, with their indexes. */
export function lookAtRest(
  witness: Session,
  names: readonly RelationName[],
  oids: readonly number[],
): Promise<readonly Seen[]> {
  return witness.query<Seen>(
    `WITH wanted AS (
       SELECT c.oid FROM pg_catalog.unnest($1::text[]) AS w(name)
         JOIN pg_catalog.pg_namespace n ON w.name LIKE replace(replace(n.nspname, '\\', '\\\\'), '_', '\\_') || '.%'
         JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = pg_catalog.substr(w.name, pg_catalog.length(n.nspname::text) + 2)
       UNION SELECT pg_catalog.unnest($2::pg_catalog.oid[])
     ), all_wanted AS (SELECT oid FROM wanted UNION SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid IN (SELECT oid FROM wanted))
     SELECT ${columns('pg_catalog.pg_stat_get_numscans')} FROM all_wanted a JOIN pg_catalog.pg_class c ON c.oid = a.oid ${joined}`,
    [names, oids],
  )
}

/** What is locked while a statement runs. Asks for nothing but the locks, since the catalog itself may be what it has locked. */
export function lookAtLocks(
  witness: Session,
  pid: number,
): Promise<readonly { readonly oid: number; readonly mode: LockMode }[]> {
  return witness.query(
    `SELECT relation::int8::float8 AS oid, mode FROM pg_catalog.pg_locks
      WHERE pid = $1 AND locktype = 'relation' AND granted AND relation ${isOurs}`,
    [pid],
  )
}

/** Everything that can be locked and is there; asked once for each file. */
export async function relationsThere(witness: Session): Promise<ReadonlySet<number>> {
  const [row] = await witness.query<{ oids: string | null }>(
    `SELECT pg_catalog.string_agg(oid::text, ' ') AS oids FROM pg_catalog.pg_class WHERE oid ${isOurs} AND relkind <> 't' AND relkind <> 'c'`,
  )
  return new Set((row?.oids ?? '').split(' ').filter(Boolean).map(Number))
}

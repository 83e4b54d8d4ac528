import { z } from 'zod'
import { FailureError } from '../../errors.ts'
import type { Session } from '../../ports.ts'

/**
 * Where the server's log and its counters of row changes stood, so that a later look at the same database can tell what
 * was written in between. Read before the snapshot of a backup is taken: what is committed between the two is then counted
 * although the backup has it, and never the other way round.
 */

const count = z.int().nonnegative()

const counterSchema = z
  .object({
    /** A table that was dropped and made again has the same name and other counters. */
    oid: count,
    schema: z.string(),
    name: z.string(),
    inserted: count,
    updated: count,
    deleted: count,
  })
  .readonly()

export const activitySchema = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('read'),
        at: z.iso.datetime(),
        lsn: z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/),
        timeline: count,
        databaseOid: count,
        /** Of the database and of the server: a reset of counters, and a crash, which empties them, move one of the two. */
        databaseResetAt: z.string().nullable(),
        serverResetAt: z.string().nullable(),
        catalogChanges: count.describe('rows changed in the system catalog, which is what a change of the schema does'),
        counters: z.array(counterSchema).readonly().describe('row changes per table; tables without any are left out'),
      })
      .readonly(),
    z.object({ kind: z.literal('unknown'), because: z.string() }).readonly(),
  ])
  .describe('how much had been written by then')

export type Activity = z.infer<typeof activitySchema>
export type ReadActivity = Extract<Activity, { readonly kind: 'read' }>
export type TableCounter = z.infer<typeof counterSchema>

const isoUtc = (time: string) => `pg_catalog.to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

interface Position {
  readonly lsn: string
  readonly timeline: number
  readonly at: string
  readonly databaseOid: string
  readonly databaseResetAt: string | null
  readonly serverResetAt: string | null
}

/** Outside of a transaction: in one, the counters would be those of its beginning (manual, 27.2). */
export async function readActivity(session: Session): Promise<Activity> {
  try {
    return await read(session)
  } catch (thrown) {
    if (!(thrown instanceof FailureError) || thrown.failure.code !== 'DATABASE.NO_PRIVILEGES') throw thrown
    return { kind: 'unknown', because: thrown.failure.why }
  }
}

async function read(session: Session): Promise<Activity> {
  const [state] = await session.query<{ replica: boolean; counts: boolean }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS replica, pg_catalog.current_setting('track_counts') = 'on' AS counts`,
  )
  if (state === undefined) throw new Error('The server does not say whether it is a replica')
  if (state.replica) return { kind: 'unknown', because: 'A replica does not count what the primary server writes.' }
  if (!state.counts) return { kind: 'unknown', because: 'The server counts nothing: `track_counts` is off.' }
  const [position] = await session.query<Position>(
    `SELECT w.lsn::text AS lsn, ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(w.lsn), 1, 8))::bit(32)::int AS timeline,
            ${isoUtc('pg_catalog.clock_timestamp()')} AS at, d.datid::text AS "databaseOid",
            ${isoUtc('d.stats_reset')} AS "databaseResetAt", ${isoUtc('b.stats_reset')} AS "serverResetAt"
       FROM pg_catalog.pg_current_wal_insert_lsn() AS w(lsn), pg_catalog.pg_stat_bgwriter b, pg_catalog.pg_stat_database d
      WHERE d.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`,
  )
  if (position === undefined) throw new Error('The server does not describe its database')
  return { kind: 'read', ...position, databaseOid: Number(position.databaseOid), ...(await readCounters(session)) }
}

/**
 * Catalogs that all databases share are counted elsewhere, TOAST tables by their table, and what ANALYZE writes is nobody's
 * data. A materialized view holds what a query says. Large objects live in the catalog and are data.
 */
const counterSql = `
SELECT s.relid::text AS oid, s.schemaname AS schema, s.relname AS name,
       s.schemaname = 'pg_catalog' AND s.relname NOT LIKE 'pg\\_largeobject%' AS catalog,
       s.n_tup_ins::text AS inserted, s.n_tup_upd::text AS updated, s.n_tup_del::text AS deleted
  FROM pg_catalog.pg_stat_all_tables s JOIN pg_catalog.pg_class c ON c.oid = s.relid
 WHERE s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 AND NOT c.relisshared AND c.relpersistence <> 't' AND c.relkind <> 'm'
   AND s.schemaname NOT IN ('pg_toast', 'information_schema')
   AND (s.schemaname <> 'pg_catalog' OR s.relname NOT IN ('pg_statistic', 'pg_statistic_ext_data'))
 ORDER BY s.schemaname, s.relname`

async function readCounters(session: Session): Promise<Pick<ReadActivity, 'catalogChanges' | 'counters'>> {
  const rows = await session.query<
    Record<'oid' | 'schema' | 'name' | 'inserted' | 'updated' | 'deleted', string> & { readonly catalog: boolean }
  >(counterSql)
  const all = rows.map(({ catalog, oid, schema, name, inserted, updated, deleted }) => ({
    catalog,
    counter: {
      oid: Number(oid),
      schema,
      name,
      inserted: Number(inserted),
      updated: Number(updated),
      deleted: Number(deleted),
    },
  }))
  return {
    catalogChanges: all
      .filter(({ catalog }) => catalog)
      .reduce((sum, { counter }) => sum + counter.inserted + counter.updated + counter.deleted, 0),
    counters: all.filter(({ catalog }) => !catalog).map(({ counter }) => counter),
  }
}

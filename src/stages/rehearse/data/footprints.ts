import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../../../ports.ts'
import type { Footprint, Footprints } from './written.ts'

const otherSessionsMs = 2_000

/**
 * From 15 on a session's counts are in shared memory when it has ended; before, they travel and may be lost (manual, 28.2 of each):
 * then nobody knows. Nobody knows either while somebody else is still connected.
 */
export async function readFootprints(session: Session): Promise<Footprints | undefined> {
  const [server] = await session.query<{ dependable: boolean }>(
    `SELECT pg_catalog.current_setting('server_version_num')::int >= 150000 AND pg_catalog.current_setting('track_counts') = 'on' AS dependable`,
  )
  if (server?.dependable !== true || !(await isAlone(session))) return undefined
  const rows = await session.query<Footprint>(
    `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relfilenode::text AS file,
            pg_catalog.pg_stat_get_tuples_inserted(c.oid)::float8 AS inserted,
            pg_catalog.pg_stat_get_tuples_updated(c.oid)::float8 AS updated,
            pg_catalog.pg_stat_get_tuples_deleted(c.oid)::float8 AS deleted, c.relispartition AS partition
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  )
  return new Map(rows.map((row) => [row.oid, row]))
}

async function isAlone(session: Session): Promise<boolean> {
  const giveUpAt = performance.now() + otherSessionsMs
  for (;;) {
    const others = await session.query(
      `SELECT FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()
          AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()`,
    )
    if (others.length === 0) return true
    if (performance.now() > giveUpAt) return false
    await sleep(20)
  }
}

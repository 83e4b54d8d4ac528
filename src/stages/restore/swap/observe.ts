import type { Session } from '../../../ports.ts'
import type { SwapFacts } from './decide.ts'

/** Sessions in the databases with these OIDs which the role may end. Autovacuum has no user; RENAME ends it itself. */
export const endableSql = `
SELECT a.pid FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
 WHERE a.datid = ANY ($1::oid[]) AND a.pid <> pg_catalog.pg_backend_pid() AND ${mayEnd('a', 'r')}`

function mayEnd(activity: string, role: string): string {
  // Only a superuser may end what a superuser or the server itself has started (manual, 9.28.2).
  return `((SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
    OR (${activity}.usesysid IS NOT NULL AND NOT ${role}.rolsuper
        AND (pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'USAGE')
             OR pg_catalog.pg_has_role(current_user, ${activity}.usesysid, 'USAGE'))))`
}

export async function observeSwap(session: Session, database: string): Promise<SwapFacts> {
  const [own] = await session.query<Pick<SwapFacts, 'role' | 'owns' | 'mayCreateDatabases'>>(
    `SELECT current_user AS role, pg_catalog.pg_has_role(current_user, d.datdba, 'USAGE') AS owns,
            r.rolcreatedb OR r.rolsuper AS "mayCreateDatabases"
       FROM pg_catalog.pg_database d, pg_catalog.pg_roles r WHERE d.datname = $1 AND r.rolname = current_user`,
    [database],
  )
  if (own === undefined) throw new Error('The database that the URL names is not in the catalog')
  const names = async (sql: string) => (await session.query<{ name: string }>(sql, [database])).map(({ name }) => name)
  return {
    database,
    ...own,
    preparedTransactions: await names(
      'SELECT gid AS name FROM pg_catalog.pg_prepared_xacts WHERE database = $1 ORDER BY gid',
    ),
    foreignSessions: await session.query(
      `SELECT a.pid, a.usename AS role
         FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = $1 AND NOT ${mayEnd('a', 'r')} ORDER BY a.pid`,
      [database],
    ),
    slots: await names(
      'SELECT slot_name AS name FROM pg_catalog.pg_replication_slots WHERE database = $1 ORDER BY slot_name',
    ),
    subscriptions: await names(
      `SELECT s.subname AS name FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
        WHERE d.datname = $1 ORDER BY s.subname`,
    ),
  }
}

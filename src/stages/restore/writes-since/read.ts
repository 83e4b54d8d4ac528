import type { Session } from '../../../ports.ts'
import { readSystemIdentifier } from '../../../postgres/server-identity.ts'
import { readActivity } from '../../backup/activity.ts'
import type { Moment } from './count.ts'

/** In a session of the database itself: only there the server tells the counters of its tables. */
export async function readMoment(session: Session): Promise<Moment> {
  return { systemIdentifier: await readSystemIdentifier(session), activity: await readActivity(session) }
}

/** Row changes of a whole database, the catalog included, from any other one; null where the server has no such number. */
export async function readTotal(session: Session, databaseOid: number): Promise<string | null> {
  const [row] = await session.query<{ total: string | null }>(
    'SELECT (tup_inserted + tup_updated + tup_deleted)::text AS total FROM pg_catalog.pg_stat_database WHERE datid = $1::oid',
    [databaseOid],
  )
  return row?.total ?? null
}

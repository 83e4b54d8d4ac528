import { FailureError } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { readActivity } from '../../backup/activity.ts'
import type { Moment } from './count.ts'

/** In a session of the database itself: only there the server tells the counters of its tables. */
export async function readMoment(session: Session): Promise<Moment> {
  return { systemIdentifier: await readSystemIdentifier(session), activity: await readActivity(session) }
}

/** Some hosting providers keep it to themselves. */
async function readSystemIdentifier(session: Session): Promise<string | null> {
  try {
    const [row] = await session.query<{ id: string }>(
      'SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()',
    )
    return row?.id ?? null
  } catch (thrown) {
    if (thrown instanceof FailureError && thrown.failure.code === 'DATABASE.NO_PRIVILEGES') return null
    throw thrown
  }
}

/** Row changes of a whole database, the catalog included, from any other one; null where the server has no such number. */
export async function readTotal(session: Session, databaseOid: number): Promise<string | null> {
  const [row] = await session.query<{ total: string | null }>(
    'SELECT (tup_inserted + tup_updated + tup_deleted)::text AS total FROM pg_catalog.pg_stat_database WHERE datid = $1::oid',
    [databaseOid],
  )
  return row?.total ?? null
}

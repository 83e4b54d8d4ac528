import { FailureError, fail } from '../errors.ts'
import type { Session } from '../ports.ts'
import { connect, type OpenSession } from './connection.ts'
import { type DatabaseUrl, withDatabase } from './url.ts'

const mostTried = 5

/** In any database but these, because one that somebody is connected to cannot be renamed. Usually that is `postgres`. */
export async function databasesBeside(session: Session, not: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT datname AS name FROM pg_catalog.pg_database
      WHERE datallowconn AND datname <> ALL ($1) AND datname <> 'template0'
        AND pg_catalog.has_database_privilege(oid, 'CONNECT')
      ORDER BY datname <> 'postgres', datistemplate, datname LIMIT ${mostTried}`,
    [not],
  )
  return rows.map(({ name }) => name)
}

export async function openBeside(
  url: DatabaseUrl,
  candidates: readonly string[],
  applicationName: string,
): Promise<OpenSession> {
  const refusals: string[] = []
  for (const name of candidates) {
    try {
      return await connect(withDatabase(url, name), applicationName)
    } catch (thrown) {
      if (!(thrown instanceof FailureError)) throw thrown
      refusals.push(`${name}: ${thrown.failure.why}`)
    }
  }
  throw fail('RESTORE.CANNOT_SWAP', {
    what: 'There is no other database on the server to connect to while the two are renamed.',
    why: refusals.length === 0 ? 'The role may connect to no other one.' : refusals.join('\n'),
    next: ['Let the role connect to the database `postgres`, or make an empty one for it: CREATE DATABASE airlock;'],
  })
}

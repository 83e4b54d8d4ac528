import type { Session } from '../ports.ts'

/** Which server this is. */

export interface ServerVersion {
  readonly version: string
  readonly major: number
}

export async function serverVersionOf(session: Session): Promise<ServerVersion> {
  const [row] = await session.query<{ version: string; num: string }>(
    `SELECT pg_catalog.current_setting('server_version') AS version, pg_catalog.current_setting('server_version_num') AS num`,
  )
  if (row === undefined) throw new Error('The server does not say its version')
  return { version: row.version, major: Math.floor(Number(row.num) / 10_000) }
}

/** Tells one cluster from another behind the same host name; null where a hosting provider keeps it to itself. */
export async function readSystemIdentifier(session: Session): Promise<string | null> {
  // Asked first: in a transaction, a refusal would be its end.
  const [allowed] = await session.query<{ allowed: boolean }>(
    "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS allowed",
  )
  if (allowed?.allowed !== true) return null
  const [row] = await session.query<{ id: string }>(
    'SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()',
  )
  return row?.id ?? null
}

import { fail } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { readSystemIdentifier } from '../../postgres/server-identity.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'

export interface ServerFacts {
  /** `160004`, as `server_version_num` writes it. */
  readonly versionNumber: number
  readonly version: string
  readonly user: string
  readonly inRecovery: boolean
  readonly readOnly: boolean
  /** `standard_conforming_strings`, as this role gets it in this database. */
  readonly conformingStrings: boolean
}

/** Tested on 14 to 18. Newer majors are let through: SQL that this parser does not know stops the plan by itself. */
const oldestMajor = 14

export function majorOf(server: Pick<ServerFacts, 'versionNumber'>): number {
  return Math.floor(server.versionNumber / 10_000)
}

export async function readServer(session: Session): Promise<ServerFacts> {
  const [row] = await session.query<ServerFacts>(
    `SELECT current_setting('server_version_num')::int AS "versionNumber", current_setting('server_version') AS version,
            current_user::text AS "user", pg_catalog.pg_is_in_recovery() AS "inRecovery",
            current_setting('default_transaction_read_only')::bool AS "readOnly",
            current_setting('standard_conforming_strings')::bool AS "conformingStrings"`,
  )
  if (row === undefined) throw new Error('a SELECT without FROM returned no row')
  return row
}

export function refuseVersion(server: ServerFacts): void {
  if (majorOf(server) < oldestMajor) {
    throw fail('DATABASE.UNSUPPORTED', {
      what: `The server is PostgreSQL ${server.version}.`,
      why: `Airlock is tested on PostgreSQL ${oldestMajor} to 18; locks and rewrites of older versions differ.`,
      next: [`Upgrade the server to PostgreSQL ${oldestMajor} or newer.`],
    })
  }
}

/** Prisma's session gets the same setting, and a plan of what the server does not read is none (manual, 4.1.2.1). */
export function refuseOtherStrings(server: ServerFacts, url: DatabaseUrl): void {
  if (server.conformingStrings) return
  throw fail('DATABASE.UNSUPPORTED', {
    what: `standard_conforming_strings is off for \`${server.user}\` in \`${url.database}\`.`,
    why: 'The server then reads a backslash in a string as an escape, and where Airlock sees one statement it may see others.',
    next: [
      'See where it comes from:',
      "SELECT setdatabase, setrole::regrole, setconfig FROM pg_db_role_setting WHERE setconfig::text LIKE '%standard_conforming_strings%';",
      'Take it away, for example:',
      `ALTER DATABASE ${quoteIdentifier(url.database)} RESET standard_conforming_strings;`,
    ],
  })
}

export function refuseReadOnly(server: ServerFacts, url: DatabaseUrl): void {
  if (server.inRecovery || server.readOnly) {
    throw fail('DATABASE.READ_ONLY', {
      what: `\`${url.database}\` on ${url.host}:${url.port} accepts no writes.`,
      why: server.inRecovery
        ? 'The server is a replica (pg_is_in_recovery() is true).'
        : 'default_transaction_read_only is on for this role or database.',
      next: server.inRecovery
        ? ['Use the URL of the primary server.']
        : [`Let this role write: ALTER ROLE ${quoteIdentifier(server.user)} SET default_transaction_read_only = off;`],
    })
  }
}

/** What the plan is bound to; where the provider withholds the identifier, host and port stand in. */
export async function readIdentity(session: Session, url: DatabaseUrl): Promise<string> {
  return (await readSystemIdentifier(session)) ?? `${url.host}:${url.port}`
}

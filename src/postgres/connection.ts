import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../cancellation.ts'
import { type FailureCode, FailureError, fail, messageOf } from '../errors.ts'
import type { Session } from '../ports.ts'
import { quoteIdentifier } from './quoting.ts'
import { clientConfig, type DatabaseUrl } from './url.ts'

export type OpenSession = Session & AsyncDisposable

const connectTimeoutMs = 10_000
const lockTimeoutMs = 5_000
/** A server that no longer answers must not keep a run that is over. */
const goodbyeMs = 1_000

/**
 * A server notices only when it next writes that its client is gone, and until then a statement runs or waits on. From 14
 * on it can look, on systems that tell it (manual, 20.3.2, `client_connection_check_interval`): elsewhere it refuses the setting.
 */
const endWithClientSql =
  "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '1s', false) END"

/** What makes the server end the statement of a program that was killed; empty where it cannot. For sessions that others open. */
export async function endWithClientSettings(session: Session): Promise<Readonly<Record<string, string>>> {
  const name = 'client_connection_check_interval'
  const [row] = await session.query<{ value: string }>(`SELECT pg_catalog.current_setting('${name}') AS value`)
  return row === undefined || row.value === '0' ? {} : { [name]: row.value }
}

/** With a signal nobody waits for the server once it came: neither for an answer nor for a connection. */
export async function connect(
  url: DatabaseUrl,
  applicationName = 'airlock',
  signal?: AbortSignal,
): Promise<OpenSession> {
  const { Client } = await import('./driver.ts')
  const client = new Client({
    connectionTimeoutMillis: connectTimeoutMs,
    ...clientConfig(url),
    application_name: applicationName,
  })
  // Without a listener a connection that breaks while idle would end the process; the next query says that it is lost.
  client.on('error', () => undefined)
  try {
    await unlessCancelled(client.connect(), signal)
    // Nothing in a user's schema may stand in for a name of ours, and catalog functions print whole names.
    // The sizes and definitions it asks for wait behind ACCESS EXCLUSIVE (measured on 14 to 18), and nobody may wait for ever.
    await client.query(`SET search_path = ''; SET lock_timeout = ${lockTimeoutMs}; ${endWithClientSql}`)
  } catch (error) {
    // Not `end()`, which waits for a server that may never answer; the cause is thrown below.
    client.connection.stream.destroy()
    throw explain(error, url)
  }
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      try {
        const result = await unlessCancelled(client.query(text, [...values]), signal)
        return result.rows as Row[]
      } catch (error) {
        throw explain(error, url)
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.race([client.end(), sleep(goodbyeMs, undefined, { ref: false })])
      client.connection.stream.destroy()
    },
  }
}

/** For work that takes as long as the data is large: a limit that the role or the database carries would undo it at its end. */
export async function withoutLimits(session: Session): Promise<void> {
  await session.query(
    'SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0',
  )
}

export async function connectWithoutLimits(...where: Parameters<typeof connect>): Promise<OpenSession> {
  const session = await connect(...where)
  try {
    await withoutLimits(session)
    return session
  } catch (thrown) {
    await session[Symbol.asyncDispose]()
    throw thrown
  }
}

interface Explanation {
  readonly code: FailureCode
  readonly what: string
  readonly next: readonly string[]
}

/** The server's SQLSTATE (manual, appendix A) or the socket's error code, whichever there is. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

export function explain(error: unknown, url: DatabaseUrl): FailureError {
  if (error instanceof FailureError) return error
  const { code, what, next } = explanationFor(codeOf(error), messageOf(error), url)
  return fail(code, { what, why: messageOf(error), next }, { cause: error })
}

function explanationFor(code: string, message: string, url: DatabaseUrl): Explanation {
  const server = `${url.host}:${url.port}`
  const database = `\`${url.database}\` on ${server}`
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'ENOENT':
      return {
        code: 'DATABASE.UNREACHABLE',
        what: `No PostgreSQL server answers at ${server}.`,
        next: [
          'Check host and port in the connection URL.',
          `Check that the runner may reach the server (firewall, allow list, VPN): pg_isready -h ${url.host} -p ${url.port}`,
        ],
      }
    case '28P01':
      return {
        code: 'DATABASE.WRONG_PASSWORD',
        what: `The server at ${server} rejected the password of \`${url.user}\`.`,
        next: [
          'Copy the connection URL again into the secret; special characters of the password must be percent-encoded.',
        ],
      }
    case '28000':
      return {
        code: 'DATABASE.NO_ACCESS',
        what: `The server does not let \`${url.user}\` into ${database}.`,
        next: [
          'Check pg_hba.conf or the provider’s access rules; where TLS is required, add `sslmode=require` to the URL.',
        ],
      }
    case '3D000':
      return {
        code: 'DATABASE.NOT_FOUND',
        what: `There is no database ${database}.`,
        next: [
          'Check the database name at the end of the connection URL.',
          `A new environment needs it once: CREATE DATABASE ${quoteIdentifier(url.database)};`,
        ],
      }
    case '42501':
      return {
        code: 'DATABASE.NO_PRIVILEGES',
        what: `The role \`${url.user}\` lacks a privilege in ${database}.`,
        next: ['Connect as the role that owns the tables, or grant what the server’s message names.'],
      }
    case '25006':
      return {
        code: 'DATABASE.READ_ONLY',
        what: `${database} accepts no writes.`,
        next: ['Use the URL of the primary server; a replica and a database that is read-only cannot be migrated.'],
      }
    case '53300':
      return {
        code: 'DATABASE.TOO_MANY_CONNECTIONS',
        what: `The server at ${server} has no free connection.`,
        next: [
          'See who holds them: SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC;',
        ],
      }
    case '55P03':
      return {
        code: 'DATABASE.BLOCKED',
        what: `Another session holds a lock in ${database} that even reading the catalog waits for.`,
        next: [
          'See who holds locks, and since when:',
          "SELECT a.pid, a.application_name, a.state, a.xact_start, l.relation::regclass, l.mode, left(a.query, 80) AS query FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND l.relation IS NOT NULL;",
          'Run again when that session is done.',
        ],
      }
    case '57P03':
      return {
        code: 'DATABASE.UNREACHABLE',
        what: `The server at ${server} is starting up or shutting down.`,
        next: ['Run again when it accepts connections.'],
      }
    default:
      return explanationForTheRest(code, message, url)
  }
}

function explanationForTheRest(code: string, message: string, url: DatabaseUrl): Explanation {
  const server = `${url.host}:${url.port}`
  // The driver notices a missing password before the server can refuse it (pg 8).
  if (/client password must be/.test(message)) {
    return {
      code: 'DATABASE.WRONG_PASSWORD',
      what: `The server at ${server} wants a password, and the connection URL has none for \`${url.user}\`.`,
      next: [
        'Put the password between the user and the `@`, percent-encoded: postgresql://USER:***@HOST:5432/DATABASE',
      ],
    }
  }
  if (/timeout expired/i.test(message)) {
    return {
      code: 'DATABASE.UNREACHABLE',
      what: `No PostgreSQL server answered at ${server} within ${connectTimeoutMs / 1_000} s.`,
      next: ['Check host, port and whether the runner may reach the server (firewall, allow list, VPN).'],
    }
  }
  if (/SSL|TLS|certificate|self[- ]signed/i.test(`${message} ${code}`)) {
    return {
      code: 'DATABASE.TLS',
      what: `No TLS connection to ${server} could be made.`,
      next: ['Check `sslmode` and `sslrootcert` in the connection URL against what the server offers.'],
    }
  }
  if (
    /terminated|ECONNRESET|EPIPE|closed|not queryable/i.test(`${message} ${code}`) ||
    code.startsWith('57P') ||
    code.startsWith('08')
  ) {
    return {
      code: 'DATABASE.CONNECTION_LOST',
      what: `The connection to ${server} was lost.`,
      next: ['See the server’s log for the reason, then run again: the history table says what was applied.'],
    }
  }
  return {
    code: 'DATABASE.QUERY_FAILED',
    what: `A query on \`${url.database}\` at ${server} failed${code === '' ? '' : ` (SQLSTATE ${code})`}.`,
    next: ['This query is Airlock’s own. Report it with the message above.'],
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCancelled } from '../../../cancellation.ts'
import type { Session } from '../../../ports.ts'
import { explain } from '../../../postgres/connection.ts'
import { clientConfig, type DatabaseUrl, optionsWith } from '../../../postgres/url.ts'
import { isRefusal } from './refusal.ts'

/** What the server calls a message beside an answer; the names are those of the protocol (manual, 54.8). */
export interface ServerNotice {
  readonly message: string
  /** The function in the server's source that says it: unlike the message, it is in no language. */
  readonly routine: string
}

export interface Sent {
  /** `INSERT`, `CREATE`; empty where nothing but blanks was sent. */
  readonly command: string
  readonly rows: number | null
}

/** `idle`: no transaction is open. `failed`: one is, and takes nothing but its end. */
export type TransactionState = 'idle' | 'open' | 'failed'

/** The session on which the migrations are rehearsed. */
export interface SubjectSession extends Session, AsyncDisposable {
  /** The process of the server that serves it. */
  readonly pid: number
  /** One statement, as one message. Throws what the server refuses as the driver has it, and keeps no rows. */
  send(sql: string): Promise<Sent>
  /** As the server said it with its last answer. */
  transaction(): TransactionState
}

export type OpenSubject = (onNotice: (notice: ServerNotice) => void) => Promise<SubjectSession>

const connectTimeoutMs = 10_000
const goodbyeMs = 1_000
const states: Readonly<Record<string, TransactionState>> = { I: 'idle', T: 'open', E: 'failed' }

/** `settings` are those of the real run. As there, a search path is set only where the URL names a schema. */
export async function openSubjectSession(
  url: DatabaseUrl,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onNotice: (notice: ServerNotice) => void,
): Promise<SubjectSession> {
  const { Client, Query } = await import('../../../postgres/driver.ts')
  const { application_name = 'airlock-rehearse', ...options } = settings
  const config = clientConfig(url)
  const path = url.parameters.has('schema') ? { search_path: `"${url.schema.replaceAll('"', '""')}"` } : {}
  const client = new Client({
    connectionTimeoutMillis: connectTimeoutMs,
    ...config,
    application_name,
    options: optionsWith(config.options, { ...options, ...path }),
  })
  client.on('error', () => undefined)
  client.on('notice', ({ message = '', routine = '' }) => onNotice({ message, routine }))
  try {
    await unlessCancelled(client.connect(), signal)
  } catch (error) {
    client.connection.stream.destroy()
    throw explain(error, url)
  }
  const query = async <Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    try {
      return (await unlessCancelled(client.query(text, [...values]), signal)).rows as Row[]
    } catch (error) {
      throw explain(error, url)
    }
  }
  const send = (sql: string) =>
    new Promise<Sent>((resolve, reject) => {
      const sent = new Query(sql)
      // With somebody who listens the driver collects no rows (pg 8, Query.handleRowDescription).
      sent.on('row', () => undefined)
      sent.on('error', reject)
      sent.on('end', ({ command, rowCount }) => resolve({ command: command ?? '', rows: rowCount ?? null }))
      client.query(sent)
    })
  return {
    pid: await processOf({ query }),
    query,
    async send(sql) {
      try {
        return await unlessCancelled(send(sql), signal)
      } catch (error) {
        throw isRefusal(error) ? error : explain(error, url)
      }
    },
    // Not in the types (@types/pg 8.23).
    transaction: () => states[(client as unknown as WithState).getTransactionStatus() ?? ''] ?? 'idle',
    async [Symbol.asyncDispose]() {
      if (!signal.aborted) await Promise.race([client.end(), sleep(goodbyeMs, undefined, { ref: false })])
      client.connection.stream.destroy()
    },
  }
}

interface WithState {
  getTransactionStatus(): string | null
}

async function processOf(session: Session): Promise<number> {
  const [row] = await session.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid')
  if (row === undefined) throw new Error('The server does not say which of its processes serves the session')
  return row.pid
}

import { unlessCancelled } from '../../../cancellation.ts'
import type { Session } from '../../../ports.ts'
import { explain } from '../../../postgres/connection.ts'
import { openMigratingSession } from '../../../postgres/migrating-session.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
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

const states: Readonly<Record<string, TransactionState>> = { I: 'idle', T: 'open', E: 'failed' }

/** `settings` are those of the real run. */
export async function openSubjectSession(
  url: DatabaseUrl,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onNotice: (notice: ServerNotice) => void,
): Promise<SubjectSession> {
  const session = await openMigratingSession(url, settings, signal, ({ message = '', routine = '' }) =>
    onNotice({ message, routine }),
  )
  const { client } = session
  const { Query } = await import('../../../postgres/driver.ts')
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
    ...session,
    pid: await processOf(session),
    async send(sql) {
      try {
        return await unlessCancelled(send(sql), signal)
      } catch (error) {
        throw isRefusal(error) ? error : explain(error, url)
      }
    },
    transaction() {
      // Not in the types (@types/pg 8.23).
      const state = states[(client as unknown as WithState).getTransactionStatus() ?? '']
      if (state === undefined) throw new Error('The driver does not say whether a transaction is open')
      return state
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

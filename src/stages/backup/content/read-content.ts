import { unlessCancelled } from '../../../cancellation.ts'
import type { Session } from '../../../ports.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'
import { serverVersionOf } from '../../../postgres/server-identity.ts'
import { attempt } from '../attempt.ts'
import { contentMethod, type DatabaseContent, type TableContent } from './content.ts'
import { tableHashSql } from './decide-row-form.ts'
import { isAnswerAboutData } from './is-answer.ts'
import { readLargeObjects } from './large-objects.ts'
import { type HashedTable, listHashedTables, listNotComparable } from './list-tables.ts'
import { openReading } from './open-reading.ts'
import { readSequences } from './sequences.ts'

export interface ContentRequest {
  /** Connections of our own to the database, outside any transaction; each reads one table at a time. */
  readonly sessions: readonly [Session, ...Session[]]
  /** Of pg_export_snapshot(), to read what a dump reads; without it every session reads what is there now. */
  readonly snapshot?: string
  /** For everything together; a table that was not reached says so. */
  readonly budgetMs: number
  readonly lockTimeoutMs: number
  /** Parallel workers of the server for one table; 0 where others need the server. */
  readonly workers?: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** Rows and hash of every table, large objects, and where the sequences are. The transactions are closed again. */
export async function readContent(request: ContentRequest): Promise<DatabaseContent> {
  const { sessions, signal } = request
  const deadline = performance.now() + request.budgetMs
  const [first] = sessions
  const serverMajor = (await unlessCancelled(serverVersionOf(first), signal)).major
  const reading = {
    snapshot: request.snapshot,
    lockTimeoutMs: request.lockTimeoutMs,
    workers: request.workers ?? 0,
    serverMajor,
  }
  const open = (session: Session) => unlessCancelled(openReading(session, reading), signal)
  await open(first)
  const waiting = [...(await unlessCancelled(listHashedTables(first), signal))]
  const all = waiting.length
  const notComparable = await unlessCancelled(listNotComparable(first), signal)
  const sequences = await unlessCancelled(readSequences(first), signal)
  const tables: TableContent[] = []
  // When one session fails the others take no more tables; the reason is the first failure.
  const readTables = async (session: Session) => {
    if (session !== first) await open(session)
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      tables.push(await unlessCancelled(readTable(session, table, deadline), signal))
      request.onProgress(`content: ${tables.length} of ${all} tables`)
    }
  }
  const ended = await Promise.allSettled(
    sessions.map((session) =>
      readTables(session).catch((thrown: unknown) => {
        waiting.length = 0
        throw thrown
      }),
    ),
  )
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  const largeObjects = await unlessCancelled(readLargeObjects(first, Math.floor(deadline - performance.now())), signal)
  for (const session of sessions) await unlessCancelled(session.query('ROLLBACK'), signal)
  return {
    method: contentMethod,
    serverMajor,
    tables: tables.toSorted((a, b) => compareText(a.schema, b.schema) || compareText(a.name, b.name)),
    sequences,
    largeObjects,
    notComparable,
  }
}

async function readTable(session: Session, table: HashedTable, deadline: number): Promise<TableContent> {
  const { schema, name } = table
  const remainingMs = Math.floor(deadline - performance.now())
  if (remainingMs <= 0) {
    return { kind: 'not-read', schema, name, because: 'the time for reading the content was used up' }
  }
  const read = await attempt(
    session,
    async () => {
      await session.query(`SET LOCAL statement_timeout = ${remainingMs}`)
      return session.query<{ rows: string; hash: string }>(tableHashSql(table))
    },
    isAnswerAboutData,
  )
  // A message about data may quote it.
  if (read.kind === 'refused') return { kind: 'not-read', schema, name, because: withoutRowValues(read.because) }
  const [row] = read.value
  if (row === undefined) return { kind: 'not-read', schema, name, because: 'the server gave no answer' }
  return { kind: 'read', schema, name, rows: Number(row.rows), hash: row.hash }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

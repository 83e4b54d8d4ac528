import { bothAtOnce } from '../../both-at-once.ts'
import { FailureError } from '../../errors.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import { withSettings } from '../../postgres/client-process.ts'
import { endWithClientSettings } from '../../postgres/connection.ts'
import { readContentWhile } from './content/read-content-while.ts'
import { countRows, listTables } from './count-rows.ts'
import { compressionsOf } from './dump/compressions.ts'
import { decideShape, describeShape } from './dump/decide-shape.ts'
import type { DumpShape } from './dump/shape.ts'
import { type Dumped, writeDump } from './dump/write-dump.ts'
import type { ContentRead } from './manifest-content.ts'
import type { BackupRequest } from './perform.ts'
import type { BackupTier } from './tiers.ts'

/** The dump, and what the database contained in the same snapshot, read at the same time. */
export interface DumpedWithContent {
  readonly dumped: Dumped
  readonly read: ContentRead
}

export interface DumpDescription {
  readonly shape: DumpShape
  readonly text: string
  readonly tableBytes: number
  readonly tables: readonly { readonly schema: string; readonly name: string }[]
}

export async function describeDump(
  request: BackupRequest,
  client: ClientTools,
  tableBytes: number,
): Promise<DumpDescription> {
  const tables = await listTables(request.session)
  const compressions = await compressionsOf(client, request.signal)
  const decided = decideShape(
    {
      tableBytes,
      tables: tables.length,
      cpus: request.cpus,
      travels: request.travels,
      client: { major: client.major, compressions },
    },
    request.shape,
  )
  if (decided.kind === 'impossible') throw new FailureError(decided.failure)
  return { shape: decided.shape, text: describeShape(decided.shape), tableBytes, tables }
}

interface Dump extends DumpDescription {
  readonly client: ClientTools
  readonly snapshot: string
  readonly partial: string
  /** `NAME.dump` */
  readonly name: string
  readonly wanted: BackupTier
}

export async function dumpWithContent(request: BackupRequest, dump: Dump): Promise<DumpedWithContent> {
  const endWithClient = await endWithClientSettings(request.session)
  const write = (signal: AbortSignal) =>
    writeDump(
      {
        ...request,
        ...dump,
        connection: withSettings(request.connectionFor(dump.client), endWithClient),
        database: request.target.database,
        user: request.target.user,
        tables: dump.tables.length,
        signal,
      },
      dump.shape,
    )
  return dump.wanted === 'compared' ? whileContent(request, dump, write) : whileCounting(request, dump, write)
}

type Write = (signal: AbortSignal) => Promise<Dumped>

async function whileContent(request: BackupRequest, dump: Dump, write: Write): Promise<DumpedWithContent> {
  await using first = await request.openSession()
  // As many as read for the dump; a database that is dumped with one job is small.
  await using second = dump.shape.jobs > 1 ? await request.openSession() : undefined
  const { value, content } = await readContentWhile(
    {
      sessions: second === undefined ? [first] : [first, second],
      snapshot: dump.snapshot,
      budgetMs: request.contentBudgetMs,
      lockTimeoutMs: request.lockTimeoutMs,
      signal: request.signal,
      onProgress: () => undefined,
    },
    write,
  )
  return { dumped: value, read: { kind: 'hashed', content } }
}

async function whileCounting(request: BackupRequest, dump: Dump, write: Write): Promise<DumpedWithContent> {
  const limits = { budgetMs: request.contentBudgetMs, lockTimeoutMs: request.lockTimeoutMs }
  const [dumped, tables] = await bothAtOnce(request.signal, [
    write,
    (signal) => countRows(request.session, dump.tables, limits, signal),
  ])
  return { dumped, read: { kind: 'counted', tables } }
}

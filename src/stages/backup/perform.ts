import { rm, statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import { FailureError } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { type ClientTools, chooseClient, type FoundClients, type Machine } from '../../postgres/client-choice.ts'
import { type ClientConnection, runClient, withSettings } from '../../postgres/client-process.ts'
import { endWithClientSettings } from '../../postgres/connection.ts'
import type { Backup } from './backup.ts'
import { cannotWrite } from './cannot-write.ts'
import { countRows, listTables } from './count-rows.ts'
import {
  decideSpace,
  dumpArguments,
  dumpUnreadable,
  explainDumpFailure,
  instructionsByHand,
  nameBackup,
  notCheckedByDecoding,
  notIncludedInDump,
} from './decide.ts'
import { type Content, publish, writeStream, writeWhole } from './dump-file.ts'
import type { CountedTable, Manifest } from './manifest.ts'
import { freshPaths } from './paths.ts'
import { proveDump } from './prove-dump.ts'
import * as sourceDatabase from './source.ts'

export interface BackupRequest {
  /** Created when it is not there. */
  readonly directory: string
  readonly target: { readonly host: string; readonly port: number; readonly database: string; readonly user: string }
  /** Where Prisma keeps its history table. */
  readonly historySchema: string
  /** A connection of its own to that database: its transaction lasts as long as the dump. */
  readonly session: Session
  readonly connectionFor: (client: ClientTools) => ClientConnection
  readonly clients: FoundClients
  readonly machine: Machine
  readonly lockTimeoutMs: number
  /** For counting rows in all tables together; what is not counted by then says so in the manifest. */
  readonly countBudgetMs: number
  readonly airlockVersion: string
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** Dumps the database, reads the dump back to its end, and only then gives it its name. */
export async function performBackup(request: BackupRequest): Promise<Backup> {
  const { session, directory } = request
  const startedAt = new Date()
  const startedMs = performance.now()
  const server = await sourceDatabase.serverVersionOf(session)
  const choice = chooseClient(request.clients, server.major, request.machine)
  if (choice.kind === 'none') throw new FailureError(choice.failure)
  const { client } = choice

  const snapshot = await sourceDatabase.openSnapshot(session, server.major, request.lockTimeoutMs)
  const paths = await freshPaths(directory, nameBackup(request.target.database, startedAt))
  try {
    const facts = await sourceDatabase.readSource(session, server)
    await requireSpace(directory, facts.tableBytes)
    const migrations = await sourceDatabase.readMigrations(session, request.historySchema)

    request.onProgress(`pg_dump ${client.version} of ${request.target.database} (PostgreSQL ${server.version})`)
    const [written, tables] = await dumpAndCount(request, client, snapshot, paths.partial)
    await sourceDatabase.closeSnapshot(session)

    request.onProgress(`reading the dump back (${written.bytes} bytes)`)
    await proveDump(request.target.database, client, paths.partial, written, request.signal)
    await publish(paths.partial, paths.dump)

    const { host, port, user } = request.target
    const manifest: Manifest = {
      manifestVersion: 1,
      name: paths.name,
      airlock: request.airlockVersion,
      strategy: 'pg_dump',
      tier: 'decoded',
      notChecked: notCheckedByDecoding,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      source: { host, port, user, ...facts.source },
      client: { version: client.version, major: client.major },
      files: [{ name: basename(paths.dump), ...written }],
      migrations,
      tables,
      notIncluded: notIncludedInDump,
      restoreByHand: instructionsByHand(
        { name: basename(paths.dump), sha256: written.sha256 },
        facts.source,
        client.major,
      ),
    }
    await writeWhole(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`)
    return {
      kind: 'backup',
      manifestPath: paths.manifest,
      dumpPath: paths.dump,
      tier: manifest.tier,
      notChecked: manifest.notChecked,
      bytes: written.bytes,
      ms: Math.round(performance.now() - startedMs),
      manifest,
    }
  } catch (thrown) {
    // The manifest is the last file to appear, so whatever is there now is half of a backup.
    for (const path of [paths.partial, paths.dump]) await rm(path, { force: true })
    throw thrown
  }
}

async function requireSpace(directory: string, tableBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const problem = decideSpace(tableBytes, bavail * bsize, directory)
  if (problem !== undefined) throw new FailureError(problem)
}

/** At the same time, because both need the snapshot; when one of them fails the other is stopped. */
async function dumpAndCount(
  request: BackupRequest,
  client: ClientTools,
  snapshot: string,
  partial: string,
): Promise<readonly [Content, readonly CountedTable[]]> {
  const stop = new AbortController()
  const signal = AbortSignal.any([request.signal, stop.signal])
  const endWithClient = await endWithClientSettings(request.session)
  const stopOther = (thrown: unknown) => {
    stop.abort(thrown)
    throw thrown
  }
  const both = await Promise.allSettled([
    dump(request, { client, snapshot, partial, endWithClient }, signal).catch(stopOther),
    count(request, signal).catch(stopOther),
  ])
  // The first failure is the reason; the other one only says that it was stopped.
  if (stop.signal.aborted) throw stop.signal.reason
  const [written, tables] = both
  if (written.status === 'rejected') throw written.reason
  if (tables.status === 'rejected') throw tables.reason
  return [written.value, tables.value]
}

async function count(request: BackupRequest, signal: AbortSignal): Promise<readonly CountedTable[]> {
  const tables = await listTables(request.session)
  return countRows(
    request.session,
    tables,
    { budgetMs: request.countBudgetMs, lockTimeoutMs: request.lockTimeoutMs },
    signal,
  )
}

interface Dump {
  readonly client: ClientTools
  readonly snapshot: string
  readonly partial: string
  readonly endWithClient: Readonly<Record<string, string>>
}

async function dump(
  request: BackupRequest,
  { client, snapshot, partial, endWithClient }: Dump,
  signal: AbortSignal,
): Promise<Content> {
  let written: Content | undefined
  const exit = await runClient({
    program: client.dump,
    args: dumpArguments(snapshot, request.lockTimeoutMs),
    connection: withSettings(request.connectionFor(client), endWithClient),
    connectsOnce: true,
    signal,
    // Through this process rather than by --file: pg_dump then ends with us, in whatever way we end.
    takeOutput: async (output) => {
      written = await writeStream(output, partial)
    },
  }).catch((thrown: unknown) => {
    throw cannotWrite(request.directory, thrown)
  })
  if (exit.code !== 0) throw new FailureError(explainDumpFailure(exit.stderr, exit.code, request.target.user))
  if (written === undefined || written.bytes === 0) {
    throw new FailureError(dumpUnreadable(request.target.database, 'pg_dump reported success and wrote nothing.'))
  }
  return written
}

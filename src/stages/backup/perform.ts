import { rm, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FailureError } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import type { Session } from '../../ports.ts'
import { type ClientTools, chooseClient, type FoundClients, type Machine } from '../../postgres/client-choice.ts'
import { type ClientConnection, withSettings } from '../../postgres/client-process.ts'
import { endWithClientSettings } from '../../postgres/connection.ts'
import type { Backup } from './backup.ts'
import { countRows, listTables } from './count-rows.ts'
import { decideSpace, nameBackup, notCheckedByDecoding, notIncludedInDump } from './decide.ts'
import { compressionsOf } from './dump/compressions.ts'
import { decideShape, describeShape } from './dump/decide-shape.ts'
import { type DumpShape, type WantedShape, writeCompression } from './dump/shape.ts'
import { writeDump } from './dump/write-dump.ts'
import { publish, writeWhole } from './dump-file.ts'
import { withChecksum } from './manifest-checksum.ts'
import { freshPaths } from './paths.ts'
import { proveDump } from './prove-dump.ts'
import type { AgeProgram } from './seal/decide-sealer.ts'
import { instructionsByHand } from './seal/instructions.ts'
import { recipientsInvalid } from './seal/recipients.ts'
import { sealDump } from './seal/seal-dump.ts'
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
  readonly shape: WantedShape
  readonly cpus: number
  /** age public keys; with any of them what is stored is encrypted. */
  readonly recipients: readonly string[]
  readonly age: AgeProgram | undefined
  readonly sealWithProgramFromBytes?: number
  /** Where the dump lies until it is encrypted: a folder of this machine. */
  readonly temporary: string
  readonly janitor: Janitor
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
  const invalid = request.recipients.length === 0 ? undefined : recipientsInvalid(request.recipients, 'encrypt-to')
  if (invalid !== undefined) throw new FailureError(invalid)
  const paths = await freshPaths(directory, nameBackup(request.target.database, startedAt))
  const sealing = request.recipients.length > 0
  await using plain = sealing ? await request.janitor.folder(request.temporary, 'airlock-plain-') : undefined
  try {
    const facts = await sourceDatabase.readSource(session, server)
    await requireSpace(plain?.path ?? directory, facts.tableBytes)
    const migrations = await sourceDatabase.readMigrations(session, request.historySchema)
    const tables = await listTables(session)
    const shape = await shapeFor(request, client, facts.tableBytes, tables.length)

    request.onProgress(
      `pg_dump ${client.version} of ${request.target.database} (PostgreSQL ${server.version}): ${describeShape(shape)}`,
    )
    const partial = plain === undefined ? paths.partial : join(plain.path, basename(paths.dump))
    const endWithClient = await endWithClientSettings(session)
    const [dumped, counted] = await together(request.signal, [
      (signal) =>
        writeDump(
          {
            ...request,
            client,
            connection: withSettings(request.connectionFor(client), endWithClient),
            database: request.target.database,
            user: request.target.user,
            snapshot,
            partial,
            name: basename(paths.dump),
            tables: tables.length,
            tableBytes: facts.tableBytes,
            signal,
          },
          shape,
        ),
      (signal) =>
        countRows(session, tables, { budgetMs: request.countBudgetMs, lockTimeoutMs: request.lockTimeoutMs }, signal),
    ])
    await sourceDatabase.closeSnapshot(session)

    request.onProgress('reading the dump back')
    const plainFiles = await proveDump(request.target.database, client, dumped, request.signal)
    const sealed = sealing
      ? await sealDump({
          ...request,
          dumped,
          program: request.age,
          programFromBytes: request.sealWithProgramFromBytes,
          partial: paths.partial,
        })
      : undefined
    const stored = sealed === undefined ? paths.dump : paths.sealed[shape.format]
    await publish(paths.partial, stored)

    const { host, port, user } = request.target
    const files = sealed === undefined ? plainFiles : [sealed.file]
    const kept = { format: shape.format, encryption: sealed?.encryption ?? null, files }
    const manifest = withChecksum({
      manifestVersion: 2,
      name: paths.name,
      airlock: request.airlockVersion,
      strategy: 'pg_dump',
      tier: 'decoded',
      notChecked: [...notCheckedByDecoding, ...(sealed?.notChecked ?? [])],
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      source: { host, port, user, ...facts.source },
      client: { version: client.version, major: client.major },
      ...kept,
      compression: writeCompression(shape.compression),
      migrations,
      tables: counted,
      notIncluded: notIncludedInDump,
      restoreByHand: instructionsByHand(kept, facts.source, client.major),
    })
    await writeWhole(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`)
    return {
      kind: 'backup',
      manifestPath: paths.manifest,
      dumpPath: stored,
      tier: manifest.tier,
      notChecked: manifest.notChecked,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      ms: Math.round(performance.now() - startedMs),
      manifest,
    }
  } catch (thrown) {
    // The manifest is the last file to appear, so whatever is there now is half of a backup.
    for (const path of [paths.partial, paths.dump, paths.sealed.custom, paths.sealed.directory]) {
      await rm(path, { recursive: true, force: true })
    }
    throw thrown
  }
}

async function shapeFor(
  request: BackupRequest,
  client: ClientTools,
  tableBytes: number,
  tables: number,
): Promise<DumpShape> {
  const compressions = await compressionsOf(client, request.signal)
  const decided = decideShape(
    { tableBytes, tables, cpus: request.cpus, client: { major: client.major, compressions } },
    request.shape,
  )
  if (decided.kind === 'impossible') throw new FailureError(decided.failure)
  return decided.shape
}

async function requireSpace(directory: string, tableBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const problem = decideSpace(tableBytes, bavail * bsize, directory)
  if (problem !== undefined) throw new FailureError(problem)
}

/** At the same time, because both need the snapshot; when one of them fails the other is stopped. */
async function together<A, B>(
  signal: AbortSignal,
  [a, b]: readonly [(signal: AbortSignal) => Promise<A>, (signal: AbortSignal) => Promise<B>],
): Promise<readonly [A, B]> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const stopOther = (thrown: unknown) => {
    stop.abort(thrown)
    throw thrown
  }
  const [first, second] = await Promise.allSettled([a(both).catch(stopOther), b(both).catch(stopOther)])
  // The first failure is the reason; the other one only says that it was stopped.
  if (stop.signal.aborted) throw stop.signal.reason
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}

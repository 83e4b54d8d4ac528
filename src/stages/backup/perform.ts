import { mkdir, rm, stat, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FailureError, fail, messageOf } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { type ClientTools, chooseClient, type FoundClients, type Machine } from '../../postgres/client-choice.ts'
import { type ClientConnection, runClient } from '../../postgres/client-process.ts'
import type { Backup } from './backup.ts'
import {
  decideSpace,
  dumpArguments,
  dumpUnreadable,
  explainDumpFailure,
  instructionsByHand,
  nameBackup,
  notCheckedByDecoding,
  notIncludedInDump,
  spaceRanOut,
} from './decide.ts'
import { type Content, publish, readThrough, writeStream, writeWhole } from './dump-file.ts'
import type { CountedTable, Manifest } from './manifest.ts'
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

  const snapshot = await sourceDatabase.openSnapshot(session, server.major)
  const paths = await freshPaths(directory, nameBackup(request.target.database, startedAt))
  try {
    const facts = await sourceDatabase.readSource(session, server)
    await requireSpace(directory, facts.tableBytes)
    const migrations = await sourceDatabase.readMigrations(session, request.historySchema)

    request.onProgress(`pg_dump ${client.version} of ${request.target.database} (PostgreSQL ${server.version})`)
    const [written, tables] = await dumpAndCount(request, client, snapshot, paths.partial)
    await sourceDatabase.closeSnapshot(session)

    request.onProgress(`reading the dump back (${written.bytes} bytes)`)
    await proveDecodable(request, client, paths.partial, written)
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
      restoreByHand: instructionsByHand({ name: basename(paths.dump), sha256: written.sha256 }, client.major),
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

interface Paths {
  readonly name: string
  readonly dump: string
  readonly partial: string
  readonly manifest: string
}

/** Two backups within a second get two names: nothing that is there is ever written over. */
async function freshPaths(directory: string, wanted: string): Promise<Paths> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw cannotWrite(directory, thrown)
  }
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? wanted : `${wanted}-${attempt}`
    const path = (ending: string) => join(directory, `${name}${ending}`)
    const paths = { name, dump: path('.dump'), partial: path('.dump.partial'), manifest: path('.manifest.json') }
    const taken = await Promise.all(
      [paths.dump, paths.partial, paths.manifest].map((file) => stat(file).catch(() => null)),
    )
    if (taken.every((file) => file === null)) return paths
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
  const stopOther = (thrown: unknown) => {
    stop.abort(thrown)
    throw thrown
  }
  const both = await Promise.allSettled([
    dump(request, client, snapshot, partial, signal).catch(stopOther),
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
  const tables = await sourceDatabase.listTables(request.session)
  return sourceDatabase.countRows(
    request.session,
    tables,
    { budgetMs: request.countBudgetMs, lockTimeoutMs: request.lockTimeoutMs },
    signal,
  )
}

async function dump(
  request: BackupRequest,
  client: ClientTools,
  snapshot: string,
  partial: string,
  signal: AbortSignal,
): Promise<Content> {
  let written: Content | undefined
  const exit = await runClient({
    program: client.dump,
    args: dumpArguments(snapshot, request.lockTimeoutMs),
    connection: request.connectionFor(client),
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

/** Every byte goes through pg_restore's decoder, and they have to be the bytes that pg_dump wrote. */
async function proveDecodable(
  request: BackupRequest,
  client: ClientTools,
  partial: string,
  written: Content,
): Promise<void> {
  const { database } = request.target
  const read = await decodeDump(client, partial, request.signal)
  if (read.kind === 'unreadable') throw new FailureError(dumpUnreadable(database, read.because))
  if (read.content.sha256 !== written.sha256) {
    throw new FailureError(
      dumpUnreadable(
        database,
        `pg_dump wrote ${written.bytes} bytes with SHA-256 ${written.sha256}; the disk gives back ${read.content.bytes} bytes with ${read.content.sha256}.`,
      ),
    )
  }
}

export type Decoded =
  | { readonly kind: 'decoded'; readonly content: Content }
  | { readonly kind: 'unreadable'; readonly because: string }

/** `pg_restore --list` reads only the table of contents and succeeds on a damaged dump; this reads all of it. */
export async function decodeDump(client: ClientTools, path: string, signal: AbortSignal): Promise<Decoded> {
  let content: Content | undefined
  const exit = await runClient({
    program: client.restore,
    args: ['--file=/dev/null'],
    signal,
    giveInput: async (input) => {
      content = await readThrough(path, input)
    },
  })
  if (exit.code !== 0) return { kind: 'unreadable', because: exit.stderr || `pg_restore ended with ${exit.code}` }
  // pg_restore stops reading at the end of the archive; bytes after it would not have been looked at.
  if (content === undefined) return { kind: 'unreadable', because: 'pg_restore stopped before the end of the file' }
  return { kind: 'decoded', content }
}

function cannotWrite(directory: string, thrown: unknown): unknown {
  if (thrown instanceof FailureError || !(thrown instanceof Error) || !('code' in thrown)) return thrown
  switch (thrown.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new FailureError(spaceRanOut(directory, messageOf(thrown)))
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return fail(
        'BACKUP.CANNOT_WRITE',
        {
          what: `The backup cannot be written to ${directory}.`,
          why: messageOf(thrown),
          next: ['Name a folder that this user may write to: --backup-dir DIR (the action’s input `backup-dir`).'],
        },
        { cause: thrown },
      )
    default:
      return thrown
  }
}

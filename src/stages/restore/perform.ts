import { FailureError } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import type { Session } from '../../ports.ts'
import { type ClientTools, chooseClient, type FoundClients, type Machine } from '../../postgres/client-choice.ts'
import { type ClientConnection, runClient } from '../../postgres/client-process.ts'
import type { OpenSession } from '../../postgres/connection.ts'
import { connectionStringFor, quoteIdentifier } from '../../postgres/quoting.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'
import { serverVersionOf } from '../../postgres/server-identity.ts'
import { isOnlyUnknownTimeout, needsTolerance } from '../../postgres/transaction-timeout.ts'
import type { Manifest } from '../backup/manifest.ts'
import { type Comparison, compareWithManifest, keptAsItIs } from './compare.ts'
import { restoreArguments, restoreFailed, swapNotes, swapSql } from './decide.ts'
import { type BackupOnDisk, type Opening, readBackup } from './read-backup.ts'
import { dropHalfRestored, lockTarget, markTarget, openTarget, type TargetRequest } from './target.ts'

export interface ClientSearch {
  readonly clients: FoundClients
  readonly machine: Machine
}

export interface CheckRequest extends ClientSearch, Opening {
  readonly manifestPath: string
  readonly janitor: Janitor
  readonly onProgress: (text: string) => void
}

export interface RestoreRequest extends CheckRequest {
  /** The name of the database to create. */
  readonly into: string
  /** The one that it may take the place of: of the URL, whatever the manifest says. */
  readonly replaces: string
  /** A connection to the server, to any other database, whose role may create databases. */
  readonly admin: Session
  readonly openSession: (database: string) => Promise<OpenSession>
  readonly connectionFor: (client: ClientTools) => ClientConnection
  readonly jobs: number
  /** That it is to take the place of another database: then one that an earlier run left whole is compared and used again. */
  readonly successor?: TargetRequest['successor']
}

export interface Restored extends Comparison {
  readonly database: string
  /** Run while connected to neither database: the restored one takes the place of the one that was backed up. */
  readonly swap: readonly string[]
  readonly notes: readonly string[]
  readonly manifest: Manifest
  readonly ms: number
}

/** Restores into a new database beside all others, and leaves nothing behind when that does not work. */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const { admin, into } = request
  const startedMs = performance.now()
  await using backup = await readBackup(request.manifestPath, request)
  const { manifest } = backup
  const server = await serverVersionOf(admin)
  const client = clientFor(request, Math.max(server.major, manifest.client.major))

  await using _lock = await lockTarget(request)
  const target = await openTarget(request, manifest, server.major)
  const compared =
    target.kind === 'restored-before'
      ? await compareWithManifest(request, manifest, server.major, keptAsItIs(into))
      : await fillAndCompare(request, backup, client, server.major)
  return {
    database: into,
    ...compared,
    swap: swapSql(request.replaces, into, new Date()),
    notes: swapNotes(request.replaces, manifest),
    manifest,
    ms: Math.round(performance.now() - startedMs),
  }
}

async function fillAndCompare(
  request: RestoreRequest,
  backup: BackupOnDisk,
  client: ClientTools,
  serverMajor: number,
): Promise<Comparison> {
  try {
    await fill(request, backup, client, serverMajor)
    const compared = await compareWithManifest(request, backup.manifest, serverMajor, dropped(request.into))
    await markTarget(request, backup.manifest, 'whole')
    return compared
  } catch (thrown) {
    await dropHalfRestored(request, thrown)
    throw thrown
  }
}

export function clientFor({ clients, machine }: ClientSearch, major: number): ClientTools {
  const choice = chooseClient(clients, major, machine)
  if (choice.kind === 'none') throw new FailureError(choice.failure)
  return choice.client
}

async function fill(
  request: RestoreRequest,
  { dumpPath }: BackupOnDisk,
  client: ClientTools,
  serverMajor: number,
): Promise<void> {
  const { into } = request
  const tolerant = needsTolerance(client.major, serverMajor)
  request.onProgress(`pg_restore ${client.version} into ${into}`)
  const exit = await runClient({
    program: client.restore,
    args: [...restoreArguments(connectionStringFor(into), request.jobs, tolerant), dumpPath],
    connection: request.connectionFor(client),
    janitor: request.janitor,
    signal: request.signal,
  })
  if (exit.code === 0) return
  if (tolerant && isOnlyUnknownTimeout(exit.stderr)) return
  throw new FailureError(restoreFailed(into, withoutRowValues(exit.stderr), dropped(into)))
}

function dropped(into: string): string {
  return `${quoteIdentifier(into)} was dropped again; nothing else was touched.`
}

import { FailureError, fail, messageOf } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { type ClientTools, chooseClient, type FoundClients, type Machine } from '../../postgres/client-choice.ts'
import { type ClientConnection, runClient } from '../../postgres/client-process.ts'
import { createDatabaseSql } from '../../postgres/create-database.ts'
import { connectionStringFor, quoteIdentifier } from '../../postgres/quoting.ts'
import { isOnlyUnknownTimeout, needsTolerance } from '../../postgres/transaction-timeout.ts'
import { countRows, listTables } from '../backup/count-rows.ts'
import type { BackupTier, Manifest } from '../backup/manifest.ts'
import { serverVersionOf } from '../backup/source.ts'
import {
  type CountComparison,
  compareCounts,
  countsDiffer,
  restoreArguments,
  restoreFailed,
  swapNotes,
  swapSql,
  targetExists,
} from './decide.ts'
import { type BackupOnDisk, decodeBackup, type Opening, readBackup } from './read-backup.ts'

export interface ClientSearch {
  readonly clients: FoundClients
  readonly machine: Machine
}

export interface CheckRequest extends ClientSearch, Opening {
  readonly manifestPath: string
  readonly onProgress: (text: string) => void
}

export interface CheckedBackup {
  readonly tier: BackupTier
  readonly notChecked: readonly string[]
  readonly manifest: Manifest
  readonly dumpPath: string
}

/** `restore --dry-run`: checksum and decoding, without any database. */
export async function checkBackup(request: CheckRequest): Promise<CheckedBackup> {
  request.onProgress(`reading ${request.manifestPath}`)
  await using backup = await readBackup(request.manifestPath, request)
  const client = clientFor(request, backup.manifest.client.major)
  request.onProgress(`decoding ${backup.dumpPath} with pg_restore ${client.version}`)
  await decodeBackup(backup, client, request.signal)
  return {
    tier: 'decoded',
    notChecked: [
      'restored: the dump was decoded to its end but not restored into a database',
      'compared: no data was compared',
    ],
    manifest: backup.manifest,
    dumpPath: backup.dumpPath,
  }
}

export interface RestoreRequest extends CheckRequest {
  /** The name of the database to create. */
  readonly into: string
  /** A connection to the server, to any other database, whose role may create databases. */
  readonly admin: Session
  readonly openSession: (database: string) => Promise<Session & AsyncDisposable>
  readonly connectionFor: (client: ClientTools) => ClientConnection
  readonly jobs: number
}

export interface Restored {
  readonly tier: 'restored'
  readonly database: string
  readonly counts: CountComparison
  readonly notChecked: readonly string[]
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

  await createDatabase(request, manifest, server.major)
  try {
    await fill(request, backup, client, server.major)
    const counts = await compare(request, manifest)
    if (counts.differences.length > 0) throw new FailureError(countsDiffer(into, counts, dropped(into)))
    return {
      tier: 'restored',
      database: into,
      counts,
      notChecked: [
        'compared: row counts were compared, the data in the rows was not',
        ...counts.notCompared.map((table) => `${table}: its rows were not counted when the backup was made`),
      ],
      swap: swapSql(manifest.source.database, into, new Date()),
      notes: swapNotes(manifest.source.database, manifest),
      manifest,
      ms: Math.round(performance.now() - startedMs),
    }
  } catch (thrown) {
    await dropHalfRestored(admin, into, thrown)
    throw thrown
  }
}

function clientFor({ clients, machine }: ClientSearch, major: number): ClientTools {
  const choice = chooseClient(clients, major, machine)
  if (choice.kind === 'none') throw new FailureError(choice.failure)
  return choice.client
}

async function createDatabase({ admin, into }: RestoreRequest, manifest: Manifest, serverMajor: number): Promise<void> {
  const [there] = await admin.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [into])
  if (there !== undefined) throw new FailureError(targetExists(into))
  try {
    await admin.query(createDatabaseSql(into, manifest.source, serverMajor))
  } catch (thrown) {
    const reason = thrown instanceof FailureError ? thrown.failure.why : messageOf(thrown)
    throw fail(
      'RESTORE.FAILED',
      {
        what: `The database ${quoteIdentifier(into)} could not be created, so nothing was restored.`,
        why: reason,
        next: [
          `Restore with the URL of a role that has CREATEDB, on a server that knows the locale \`${manifest.source.locale ?? manifest.source.collate}\`.`,
        ],
      },
      { cause: thrown },
    )
  }
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
    signal: request.signal,
  })
  if (exit.code === 0) return
  if (tolerant && isOnlyUnknownTimeout(exit.stderr)) return
  throw new FailureError(restoreFailed(into, exit.stderr, dropped(into)))
}

async function compare(request: RestoreRequest, manifest: Manifest): Promise<CountComparison> {
  const { into, signal } = request
  request.onProgress(`counting rows in ${into}`)
  const session = await request.openSession(into)
  try {
    // Without statistics the first queries after a swap would be planned blindly.
    await session.query('ANALYZE')
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    await session.query('SET LOCAL row_security = off')
    const tables = await listTables(session)
    const counted = await countRows(session, tables, { budgetMs: 3_600_000, lockTimeoutMs: 10_000 }, signal)
    await session.query('ROLLBACK')
    return compareCounts(manifest.tables, counted)
  } finally {
    await session[Symbol.asyncDispose]()
  }
}

function dropped(into: string): string {
  return `${quoteIdentifier(into)} was dropped again; nothing else was touched.`
}

/** A database that is not whole must not lie around under a name that somebody will take for a restored one. */
async function dropHalfRestored(admin: Session, into: string, reason: unknown): Promise<void> {
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE)`)
  } catch (thrown) {
    throw fail(
      'RESTORE.FAILED',
      {
        what: `The restore did not finish, and the half-restored database ${quoteIdentifier(into)} could not be dropped.`,
        why: `${messageOf(reason)}\nDropping it: ${messageOf(thrown)}`,
        next: [`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE);`, 'Then restore again.'],
      },
      { cause: reason },
    )
  }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bothAtOnce } from '../../../both-at-once.ts'
import { FailureError } from '../../../errors.ts'
import type { Janitor } from '../../../janitor/janitor.ts'
import type { ClientTools } from '../../../postgres/client-choice.ts'
import { connectionFor } from '../../../postgres/client-connection.ts'
import { runClient } from '../../../postgres/client-process.ts'
import { connect, connectWithoutLimits, type OpenSession } from '../../../postgres/connection.ts'
import type { DatabaseTraits } from '../../../postgres/create-database.ts'
import { connectionStringFor } from '../../../postgres/quoting.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'
import type { ScratchDatabase } from '../../../postgres/scratch/scratch-server.ts'
import { needsTolerance } from '../../../postgres/transaction-timeout.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import type { Parser } from '../../../sql/parse.ts'
import type { DatabaseContent } from '../content/content.ts'
import { type ContentComparison, compareContent, isEqual } from '../content/decide-comparison.ts'
import { readContent } from '../content/read-content.ts'
import { entriesOfArchive, listArchive, schemaOfArchive, schemaOfDatabase } from './archive.ts'
import {
  copyDiffers,
  extensionsMissing,
  notRestorable,
  proofRestoreArguments,
  restoreSucceeded,
  scratchFailed,
  scratchLost,
} from './decide.ts'
import { type ArchiveEntry, extensionsIn, isLargeObject, leftOut, parseContentsList } from './decide-contents-list.ts'
import { splitEntries } from './decide-entries.ts'
import { type NeededRole, rolesOf } from './decide-roles.ts'
import { compareSchemas } from './decide-schemas.ts'
import { createCopyDatabase } from './scratch-database.ts'
import { createRoles, dropRoles } from './scratch-roles.ts'
import type { ScratchTarget } from './scratch-target.ts'

export interface ProofRequest {
  /** In plain text: a file of pg_dump's format custom, or a folder of its format directory. */
  readonly dumpPath: string
  /** The one that made the dump. */
  readonly client: ClientTools
  readonly scratch: ScratchTarget
  readonly source: DatabaseTraits
  /** What the source contained in the dump's snapshot; without it only the definitions are compared. */
  readonly content: DatabaseContent | undefined
  readonly parser: Parser
  /** A private folder that the caller removes. */
  readonly folder: string
  readonly janitor: Janitor
  readonly jobs: number
  readonly budgetMs: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** The restored database, there until it is disposed of. */
export interface RestoredCopy extends AsyncDisposable {
  readonly databaseUrl: DatabaseUrl
  readonly tier: 'restored' | 'compared'
  /** undefined where the content of the source is not known. */
  readonly comparison: ContentComparison | undefined
  /** Why the tier is not `compared`, and what no comparison says anything about. */
  readonly notChecked: readonly string[]
  readonly ms: { readonly restore: number; readonly compare: number }
}

/** Restores the dump and compares definitions and content. A copy that differs is thrown as BACKUP.COPY_DIFFERS. */
export async function proveByRestore(request: ProofRequest): Promise<RestoredCopy> {
  const startedMs = performance.now()
  const archive = await readArchive(request)
  const admin = await connectWithoutLimits(request.scratch.url, 'airlock proof').catch((thrown: unknown) => {
    throw aboutScratch(thrown)
  })
  const place: ScratchPlace = { roles: [], database: undefined }
  const leave = () => leaveScratch(admin, place)
  try {
    const { databaseUrl, said } = await fill(request, archive, admin, place)
    const restoredMs = performance.now()
    const comparison = await compare(request, archive.schema, databaseUrl)
    return {
      databaseUrl,
      tier: comparison !== undefined && isEqual(comparison) ? 'compared' : 'restored',
      comparison,
      notChecked: [
        ...(comparison === undefined ? ['compared: the content of the source was not read'] : []),
        ...(comparison?.notRead ?? []),
        ...(comparison?.notComparable ?? []),
        ...archive.said,
        ...said,
      ],
      ms: { restore: Math.round(restoredMs - startedMs), compare: Math.round(performance.now() - restoredMs) },
      [Symbol.asyncDispose]: leave,
    }
  } catch (thrown) {
    // Why it did not work matters more than what could not be removed after that.
    await leave().catch(() => undefined)
    throw aboutScratch(thrown)
  }
}

/** A connection that broke here is not one to the database that is backed up. */
function aboutScratch(thrown: unknown): unknown {
  if (!(thrown instanceof FailureError)) return thrown
  const { code, why } = thrown.failure
  const isLost = code === 'DATABASE.CONNECTION_LOST' || code === 'DATABASE.UNREACHABLE'
  const failure = isLost ? scratchLost(why) : undefined
  return failure === undefined ? thrown : new FailureError(failure, { cause: thrown })
}

interface Archive {
  /** A file for pg_restore --use-list. */
  readonly listFile: string
  readonly schema: string
  readonly roles: readonly NeededRole[]
  readonly said: readonly string[]
}

async function readArchive({ client, dumpPath, scratch, folder, parser, signal }: ProofRequest): Promise<Archive> {
  const listed = parseContentsList(await listArchive(client, dumpPath, signal))
  const missing = extensionsIn(listed).filter((name) => !scratch.extensions.has(name))
  if (missing.length > 0) throw new FailureError(extensionsMissing(missing))
  const left = leftOut(listed)
  const writeList = async (name: string, entries: readonly ArchiveEntry[]) => {
    const path = join(folder, name)
    await writeFile(path, `${entries.map(({ line }) => line).join('\n')}\n`, { mode: 0o600 })
    return path
  }
  const listFile = await writeList(
    'restore.list',
    listed.filter(({ type }) => !left.types.has(type)),
  )
  const schema = await schemaOfArchive(client, dumpPath, signal)
  const largeObjects = listed.filter(isLargeObject)
  // Their owners and privileges are not part of a schema.
  const owners =
    largeObjects.length === 0
      ? ''
      : await entriesOfArchive(
          client,
          { path: dumpPath, listFile: await writeList('owners.list', largeObjects) },
          signal,
        )
  return { listFile, schema, roles: rolesOf(parser, `${schema}\n${owners}`), said: left.said }
}

interface ScratchPlace {
  readonly roles: string[]
  database: ScratchDatabase | undefined
}

async function leaveScratch(admin: OpenSession, { roles, database }: ScratchPlace): Promise<void> {
  try {
    await database?.[Symbol.asyncDispose]()
    await dropRoles(admin, roles)
  } finally {
    await admin[Symbol.asyncDispose]()
  }
}

async function fill(
  request: ProofRequest,
  archive: Archive,
  admin: OpenSession,
  place: ScratchPlace,
): Promise<{ readonly databaseUrl: DatabaseUrl; readonly said: readonly string[] }> {
  const { client, scratch, signal } = request
  await createRoles(admin, archive.roles, (name) => place.roles.push(name))
  const { database, said } = await createCopyDatabase(scratch, request.source)
  place.database = database
  request.onProgress(`pg_restore ${client.version} into a scratch database (PostgreSQL ${scratch.major})`)
  const databaseUrl = scratch.databaseUrl(database.name)
  const tolerant = needsTolerance(client.major, scratch.major)
  const exit = await runClient({
    program: client.restore,
    args: [
      ...proofRestoreArguments({
        dbname: connectionStringFor(database.name),
        jobs: request.jobs,
        listFile: archive.listFile,
        tolerant,
      }),
      request.dumpPath,
    ],
    connection: connectionFor(databaseUrl)(client),
    janitor: request.janitor,
    signal,
  })
  if (!restoreSucceeded(exit, { jobs: request.jobs, tolerant })) {
    const why = withoutRowValues(exit.stderr) || `pg_restore ended with ${exit.code}`
    throw new FailureError(scratchFailed(why) ?? notRestorable(why))
  }
  return { databaseUrl, said }
}

/** Definitions and content at the same time; what differs is thrown. */
async function compare(
  request: ProofRequest,
  archiveSchema: string,
  databaseUrl: DatabaseUrl,
): Promise<ContentComparison | undefined> {
  const { client, parser, signal } = request
  request.onProgress('comparing the restored copy with the source')
  const [content, copySchema] = await bothAtOnce(signal, [
    (both) => compareWithCopy(request, databaseUrl, both),
    (both) => schemaOfDatabase(client, connectionFor(databaseUrl)(client), splitEntries(archiveSchema).settings, both),
  ])
  const schema = compareSchemas(parser, archiveSchema, copySchema)
  if (schema.length > 0 || (content?.differences.length ?? 0) > 0) {
    throw new FailureError(copyDiffers(content, schema))
  }
  return content
}

async function compareWithCopy(
  request: ProofRequest,
  databaseUrl: DatabaseUrl,
  signal: AbortSignal,
): Promise<ContentComparison | undefined> {
  if (request.content === undefined) return undefined
  const sessions: OpenSession[] = []
  try {
    for (let n = 0; n < Math.max(1, request.jobs); n += 1)
      sessions.push(await connect(databaseUrl, 'airlock proof', signal))
    const [first, ...others] = sessions
    if (first === undefined) throw new Error('There is no session to read the copy with')
    const copy = await readContent({
      sessions: [first, ...others],
      budgetMs: request.budgetMs,
      lockTimeoutMs: 10_000,
      // Nobody else needs this server, and the largest table is often as large as all the others.
      workers: request.jobs,
      signal,
      onProgress: () => undefined,
    })
    return compareContent(request.content, copy)
  } finally {
    for (const session of sessions) await session[Symbol.asyncDispose]()
  }
}

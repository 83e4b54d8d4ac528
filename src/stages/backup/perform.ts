import { rm, statfs } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { FailureError } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import type { ClientConnection } from '../../postgres/client-process.ts'
import type { OpenSession } from '../../postgres/connection.ts'
import type { ScratchServer } from '../../postgres/scratch/scratch-server.ts'
import { serverVersionOf } from '../../postgres/server-identity.ts'
import { readActivity } from './activity.ts'
import type { Backup, BackupWithCopy } from './backup.ts'
import { decideSpace, dumpUnreadable, nameBackup, notIncludedInDump } from './decide.ts'
import { readBack, type StoredFile } from './dump/read-back.ts'
import { type WantedShape, writeCompression } from './dump/shape.ts'
import type { Dumped } from './dump/write-dump.ts'
import { publish, writeWhole } from './dump-file.ts'
import { describeDump, dumpWithContent } from './dump-with-content.ts'
import { readGlobals } from './globals.ts'
import type { Manifest } from './manifest.ts'
import { withChecksum } from './manifest-checksum.ts'
import { describeContent } from './manifest-content.ts'
import { freshPaths } from './paths.ts'
import { decideTier, reaches, type TierPolicy } from './prove/decide-tier.ts'
import { openAhead } from './prove/open-ahead.ts'
import { copyOf, type Proof, prove } from './prove/prove.ts'
import type { AgeProgram } from './seal/decide-sealer.ts'
import { instructionsByHand } from './seal/instructions.ts'
import type { Sealed } from './seal/seal-dump.ts'
import * as sourceDatabase from './source.ts'

export interface BackupRequest {
  /** Created when it is not there. */
  readonly directory: string
  readonly target: { readonly host: string; readonly port: number; readonly database: string; readonly user: string }
  /** Where a history of migrations is looked for. */
  readonly historySchema: string
  /** A connection of its own to that database: its transaction lasts as long as the dump. */
  readonly session: OpenSession
  /** Others, which read the content in the same snapshot. */
  readonly openSession: () => Promise<OpenSession>
  readonly connectionFor: (client: ClientTools) => ClientConnection
  /** pg_dump and pg_restore for a server of that major. */
  readonly clientFor: (serverMajor: number) => Promise<ClientTools>
  readonly lockTimeoutMs: number
  /** For reading rows and content of all tables together; what is not read by then says so. */
  readonly contentBudgetMs: number
  readonly shape: WantedShape
  readonly cpus: number
  readonly tier: TierPolicy
  /** A server of that major to restore into; called when the tier asks for it. */
  readonly openScratch: (major: number, sourceSystemIdentifier: string | null) => Promise<ScratchServer>
  /** age public keys; with any of them what is stored is encrypted. */
  readonly recipients: readonly string[]
  /** Encrypted, or copied to a store afterwards: then its size counts more than the time of pg_dump. */
  readonly travels: boolean
  readonly age: AgeProgram | undefined
  readonly sealWithProgramFromBytes?: number
  /** Where the dump lies until it is encrypted: a folder of this machine. */
  readonly temporary: string
  readonly janitor: Janitor
  readonly airlockVersion: string
  /** Of airlock.yml. */
  readonly environment: string
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/**
 * Dumps the database, proves the dump as far as the policy asks, and only then gives it its name. The copy of the proof is
 * left to the caller, who may have more to find out on it.
 */
export async function performBackup(request: BackupRequest): Promise<BackupWithCopy> {
  const { session, directory } = request
  const startedAt = new Date()
  const startedMs = performance.now()
  if (request.recipients.length > 0) await requireRecipients(request.recipients)
  const server = await serverVersionOf(session)
  const client = await request.clientFor(server.major)

  const activity = await readActivity(session)
  const snapshot = await sourceDatabase.openSnapshot(session, server.major, request.lockTimeoutMs)
  const paths = await freshPaths(directory, nameBackup(request.target.database, startedAt))
  const reservation = await request.janitor.removeAtEnd(resolve(paths.reserved))
  const sealing = request.recipients.length > 0
  await using plain = sealing ? await request.janitor.folder(request.temporary, 'airlock-plain-') : undefined
  try {
    const facts = await sourceDatabase.readSource(session, server)
    await requireSpace(plain?.path ?? directory, facts.tableBytes)
    const migrations = await sourceDatabase.readMigrations(session, request.historySchema)
    const globals = await readGlobals(session)
    const wanted = decideTier(request.tier, facts.tableBytes)
    const what = await describeDump(request, client, facts.tableBytes)

    request.onProgress(
      `pg_dump ${client.version} of ${request.target.database} (PostgreSQL ${server.version}): ${what.text}`,
    )
    // Made while the dump is: it takes seconds, and what is wrong with it is known when the dump is there.
    await using scratch = openAhead(
      () => request.openScratch(server.major, facts.source.systemIdentifier),
      reaches(wanted, 'restored'),
    )
    const partial = plain === undefined ? paths.partial : join(plain.path, basename(paths.dump))
    const dumpStartedMs = performance.now()
    const { dumped, read } = await dumpWithContent(request, {
      ...what,
      client,
      snapshot,
      partial,
      wanted,
      name: basename(paths.dump),
    })
    await sourceDatabase.closeSnapshot(session)
    const dumpedMs = performance.now()

    request.onProgress('reading the dump back')
    // Beside the proof: both read the same files, and neither waits for the other.
    const reading = readBack(request.target.database, dumped, request.signal)
    reading.catch(() => undefined)
    const proof = await prove({
      ...request,
      wanted,
      client,
      dumpPath: dumped.path,
      unreadable: (why) => dumpUnreadable(request.target.database, why),
      source: facts.source,
      content: read.kind === 'hashed' ? read.content : undefined,
      openScratch: scratch.take,
      jobs: Math.max(2, what.shape.jobs),
      budgetMs: request.contentBudgetMs,
    })
    return await withCopy(proof, async () => {
      const plainFiles = await reading
      const proofMs = Math.round(performance.now() - dumpedMs)
      const sealed = sealing ? await seal(request, { dumped, files: plainFiles }, paths.partial) : undefined
      const stored = sealed === undefined ? paths.dump : paths.sealed[dumped.shape.format]
      await publish(paths.partial, stored)

      const { host, port, user } = request.target
      const files = sealed === undefined ? plainFiles : [sealed.file]
      const kept = { format: dumped.shape.format, encryption: sealed?.encryption ?? null, files }
      const manifest: Manifest = withChecksum({
        manifestVersion: 2,
        name: paths.name,
        airlock: request.airlockVersion,
        environment: request.environment,
        strategy: 'pg_dump',
        tier: proof.tier,
        notChecked: [...proof.notChecked, ...(sealed?.notChecked ?? [])],
        startedAt: startedAt.toISOString(),
        finishedAt: new Date().toISOString(),
        tookMs: { dump: Math.round(dumpedMs - dumpStartedMs), proof: proofMs },
        source: { host, port, user, ...facts.source },
        client: { version: client.version, major: client.major },
        ...kept,
        compression: writeCompression(dumped.shape.compression),
        migrations,
        ...describeContent(read),
        activity,
        proof: proof.scratch === undefined ? null : { scratch: `${proof.scratch.kind} ${proof.scratch.version}` },
        globals,
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
    })
  } catch (thrown) {
    // The manifest is the last file to appear, so whatever is there now is half of a backup.
    for (const path of [paths.partial, paths.dump, paths.sealed.custom, paths.sealed.directory]) {
      await rm(path, { recursive: true, force: true })
    }
    throw thrown
  } finally {
    await rm(paths.reserved, { force: true })
    await reservation.forget().catch(() => undefined)
  }
}

/** The copy stays where the rest succeeds, and goes where it does not. */
async function withCopy(proof: Proof, rest: () => Promise<Backup>): Promise<BackupWithCopy> {
  try {
    const backup = await rest()
    return { backup, copy: copyOf(proof), [Symbol.asyncDispose]: () => proof[Symbol.asyncDispose]() }
  } catch (thrown) {
    await proof[Symbol.asyncDispose]()
    throw thrown
  }
}

/** Loaded only where something is encrypted: the packages behind it are a fifth of the program. */
async function requireRecipients(recipients: readonly string[]): Promise<void> {
  const { recipientsInvalid } = await import('./seal/recipients.ts')
  const invalid = recipientsInvalid(recipients, 'encrypt-to')
  if (invalid !== undefined) throw new FailureError(invalid)
}

async function seal(
  request: BackupRequest,
  proven: { readonly dumped: Dumped; readonly files: readonly StoredFile[] },
  partial: string,
): Promise<Sealed> {
  const { sealDump } = await import('./seal/seal-dump.ts')
  const { age, sealWithProgramFromBytes } = request
  return sealDump({ ...request, ...proven, program: age, programFromBytes: sealWithProgramFromBytes, partial })
}

async function requireSpace(directory: string, tableBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const problem = decideSpace(tableBytes, bavail * bsize, directory)
  if (problem !== undefined) throw new FailureError(problem)
}

import { type Failure, FailureError } from '../../../errors.ts'
import type { Janitor } from '../../../janitor/janitor.ts'
import type { ClientTools } from '../../../postgres/client-choice.ts'
import type { DatabaseTraits } from '../../../postgres/create-database.ts'
import type { ScratchServer } from '../../../postgres/scratch/scratch-server.ts'
import { loadParser } from '../../../sql/parse.ts'
import type { DatabaseCopy } from '../backup.ts'
import type { DatabaseContent } from '../content/content.ts'
import { decodeDump } from '../decode-dump.ts'
import type { BackupTier } from '../tiers.ts'
import { notCheckedAt, reaches, tierNotReached } from './decide-tier.ts'
import { proveByRestore, type RestoredCopy } from './prove-by-restore.ts'

export interface ProveRequest {
  readonly wanted: BackupTier
  /** In plain text, and byte for byte what pg_dump wrote. */
  readonly dumpPath: string
  readonly client: ClientTools
  /** What it means that pg_restore cannot read it. */
  readonly unreadable: (why: string) => Failure
  readonly source: DatabaseTraits
  readonly content: DatabaseContent | undefined
  /** Called when the proof needs one, and never for a lesser tier. */
  readonly openScratch: () => Promise<ScratchServer>
  readonly janitor: Janitor
  readonly temporary: string
  readonly jobs: number
  readonly budgetMs: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** How far the dump was proven. The restored copy, where there is one, lives until this is disposed of. */
export interface Proof extends AsyncDisposable {
  readonly tier: BackupTier
  readonly notChecked: readonly string[]
  readonly copy: RestoredCopy | undefined
  /** Where it was restored; it goes with the copy. */
  readonly scratch: ScratchServer | undefined
}

/** Proves as much as was asked for, and throws where that much could not be proven. Its checksum was compared before. */
export async function prove(request: ProveRequest): Promise<Proof> {
  const { wanted, client, dumpPath, signal } = request
  if (reaches(wanted, 'restored')) return restoreAndCompare(request)
  if (wanted === 'decoded') {
    request.onProgress('reading the dump to its end')
    const decoded = await decodeDump(client, dumpPath, signal)
    if (decoded.kind === 'unreadable') throw new FailureError(request.unreadable(decoded.because))
  }
  return {
    tier: wanted,
    notChecked: notCheckedAt(wanted),
    copy: undefined,
    scratch: undefined,
    async [Symbol.asyncDispose]() {},
  }
}

async function restoreAndCompare(request: ProveRequest): Promise<Proof> {
  const held: AsyncDisposable[] = []
  const leave = async () => {
    for (let one = held.pop(); one !== undefined; one = held.pop()) await one[Symbol.asyncDispose]()
  }
  const hold = <Resource extends AsyncDisposable>(resource: Resource): Resource => {
    held.push(resource)
    return resource
  }
  try {
    const scratch = hold(await request.openScratch())
    const folder = hold(await request.janitor.folder(request.temporary, 'airlock-proof-'))
    const parser = await loadParser()
    const copy = hold(await proveByRestore({ ...request, scratch, folder: folder.path, parser }))
    if (!reaches(copy.tier, request.wanted)) {
      throw new FailureError(tierNotReached(request.wanted, copy.tier, copy.notChecked))
    }
    return {
      tier: copy.tier,
      notChecked: [...notCheckedAt(copy.tier), ...copy.notChecked],
      copy,
      scratch,
      [Symbol.asyncDispose]: leave,
    }
  } catch (thrown) {
    await leave()
    throw thrown
  }
}

export function copyOf({ copy, scratch }: Proof): DatabaseCopy | undefined {
  return copy === undefined || scratch === undefined ? undefined : { url: copy.databaseUrl, scratch }
}

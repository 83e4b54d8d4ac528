import type { Failure } from '../../errors.ts'
import type { ScratchServer } from '../../postgres/scratch/scratch-server.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import type { Manifest } from '../backup/manifest.ts'
import { contentOf } from '../backup/manifest-content.ts'
import { reaches } from '../backup/prove/decide-tier.ts'
import { copyOf, prove } from '../backup/prove/prove.ts'
import type { BackupTier } from '../backup/tiers.ts'
import { type CheckRequest, clientFor } from './perform.ts'
import { readBackup } from './read-backup.ts'

export interface ProofRequest extends CheckRequest {
  /** Less than the most there is to prove, where that was asked for. */
  readonly tier: BackupTier | undefined
  readonly openScratch: (major: number, sourceSystemIdentifier: string | null) => Promise<ScratchServer>
  readonly temporary: string
  readonly jobs: number
}

export interface CheckedBackup {
  readonly tier: BackupTier
  readonly notChecked: readonly string[]
  readonly manifest: Manifest
  readonly dumpPath: string
}

const budgetMs = 3_600_000

/** The copy that it was restored into is there until this is disposed of; where less was to be proven there is none. */
export interface OpenedBackup extends AsyncDisposable {
  readonly checked: CheckedBackup
  readonly copy: DatabaseCopy | undefined
}

/** `restore --dry-run`: proves the backup as far as it goes, without the database that it is of. */
export async function checkBackup(request: ProofRequest): Promise<CheckedBackup> {
  await using opened = await openBackup(request)
  return opened.checked
}

export async function openBackup(request: ProofRequest): Promise<OpenedBackup> {
  request.onProgress(`reading ${request.manifestPath}`)
  await using backup = await readBackup(request.manifestPath, request)
  const { manifest, dumpPath } = backup
  const content = contentOf(manifest)
  // What was not read when the backup was made cannot be compared now.
  const comparable = content !== undefined && reaches(manifest.tier, 'compared')
  const proof = await prove({
    ...request,
    wanted: request.tier ?? (comparable ? 'compared' : 'restored'),
    dumpPath,
    unreadable: (why) => damagedBefore(dumpPath, why),
    client: clientFor(request, manifest.client.major),
    source: manifest.source,
    content,
    openScratch: () => request.openScratch(manifest.source.serverMajor, manifest.source.systemIdentifier),
    budgetMs,
  })
  const { tier, notChecked } = proof
  return {
    checked: { tier, notChecked, manifest, dumpPath },
    copy: copyOf(proof),
    [Symbol.asyncDispose]: () => proof[Symbol.asyncDispose](),
  }
}

function damagedBefore(dumpPath: string, why: string): Failure {
  return {
    code: 'BACKUP.UNREADABLE',
    what: `${dumpPath} cannot be decoded, although it is the file that its manifest describes.`,
    why,
    next: ['Restore another backup: this one was damaged before its checksum was taken.'],
  }
}

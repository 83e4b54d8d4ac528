import type { ScratchServer } from '../../postgres/scratch/scratch-server.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import type { Manifest } from './manifest.ts'
import type { BackupTier } from './tiers.ts'

/** A backup that is on disk and was read back. What was not proven is in `notChecked`, for every report to say. */
export interface Backup {
  readonly kind: 'backup'
  readonly manifestPath: string
  readonly dumpPath: string
  readonly tier: BackupTier
  readonly notChecked: readonly string[]
  readonly bytes: number
  readonly ms: number
  readonly manifest: Manifest
}

/** The database that a backup was restored into for its proof, on a server where nobody else works. */
export interface DatabaseCopy {
  readonly url: DatabaseUrl
  readonly scratch: ScratchServer
}

/** The copy is there until this is disposed of; without a proof by restore there is none. */
export interface BackupWithCopy extends AsyncDisposable {
  readonly backup: Backup
  readonly copy: DatabaseCopy | undefined
}

import type { BackupTier, Manifest } from './manifest.ts'

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

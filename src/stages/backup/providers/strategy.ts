import type { BackupTier } from '../tiers.ts'

/** Backups that somebody else makes: a program of the user's own, or the provider that runs the database. */

export interface Capabilities {
  /** Where a restore goes: over the database, to a new address, or only through a person. */
  readonly restore: 'in-place' | 'new-endpoint' | 'manual'
  /** Whether it may be restored without a person. */
  readonly automatic: boolean
  readonly incremental: 'yes' | 'no' | 'unknown'
  /** How far its own word may be believed; `nothing` where all there is to go by is that it said yes. */
  readonly proves: Extract<BackupTier, 'checksum'> | 'nothing'
  readonly notCaptured: readonly string[]
}

export interface Snapshot {
  /** As its maker calls it; null where the user's program does not tell. */
  readonly id: string | null
  readonly name: string
  /** In words for a person: which program, project, instance. */
  readonly where: string
  /** When it was complete; null where that is not told. */
  readonly at: Date | null
  /** The end of what it contains, where that is told. */
  readonly lsn: string | null
  readonly bytes: number | null
  /** Made by Airlock: nothing else is ever removed. */
  readonly ours: boolean
  readonly restoreByHand: readonly string[]
}

export interface TakeRequest {
  /** From nameSnapshot(). */
  readonly name: string
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Taken {
  readonly snapshot: Snapshot
  /** At most what the capabilities say; less where this one was not checked. */
  readonly proven: Capabilities['proves']
  readonly notChecked: readonly string[]
}

export type StrategyName = 'command' | 'neon' | 'rds' | 'supabase'

export interface SnapshotStrategy {
  readonly name: StrategyName
  readonly capabilities: Capabilities
  /** Returns when it is there and can be restored, or throws. */
  take(request: TakeRequest): Promise<Taken>
  /** Newest first, those without a time last; a list that cannot be read throws. */
  list(signal: AbortSignal): Promise<readonly Snapshot[]>
  /** The moments that can be gone back to without a snapshot; null where the provider keeps none. */
  window?(signal: AbortSignal): Promise<{ readonly from: Date; readonly to: Date } | null>
  /** Only where the capabilities call it automatic. What was there stays, under the name that is given back. */
  restore?(request: RestoreRequest): Promise<RestoredInPlace>
  /** Only a snapshot of our own. */
  remove?(snapshot: Snapshot, signal: AbortSignal): Promise<void>
}

export interface RestoreRequest extends TakeRequest {
  readonly snapshot: Snapshot
}

export interface RestoredInPlace {
  readonly before: string
  readonly at: Date
}

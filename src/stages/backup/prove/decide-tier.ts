import type { Failure } from '../../../errors.ts'
import { type BackupTier, backupTiers } from '../tiers.ts'

export interface TierPolicy {
  readonly tier: BackupTier
  readonly above?: { readonly size: number; readonly tier: BackupTier } | undefined
}

/** What the policy asks of a database of that size. */
export function decideTier({ tier, above }: TierPolicy, tableBytes: number): BackupTier {
  return above !== undefined && tableBytes > above.size ? above.tier : tier
}

export function reaches(tier: BackupTier, wanted: BackupTier): boolean {
  return backupTiers.indexOf(tier) >= backupTiers.indexOf(wanted)
}

/** What each tier leaves open, the next one first. */
const open: Readonly<Record<Exclude<BackupTier, 'checksum'>, string>> = {
  decoded: 'decoded: the dump was not read through by pg_restore',
  restored: 'restored: the dump was not restored into a database',
  compared: 'compared: no data was compared with the source',
}

export function notCheckedAt(tier: BackupTier): readonly string[] {
  return backupTiers.flatMap((higher) => (higher === 'checksum' || reaches(tier, higher) ? [] : [open[higher]]))
}

/** A proof that was asked for and not given stops the run: unknown is not fine. */
export function tierNotReached(wanted: BackupTier, reached: BackupTier, because: readonly string[]): Failure {
  return {
    code: 'BACKUP.TIER_NOT_REACHED',
    what: `The backup was to be \`${wanted}\` and is only \`${reached}\`, so the run does not go on with it.`,
    why: because.join('\n'),
    next: [
      'Remove what stands in the way and run again.',
      `Or be content with less, in airlock.yml: backup: { tier: ${reached} }`,
    ],
  }
}

import type { Failure } from '../../../errors.ts'
import type { BackupTier } from '../tiers.ts'
import type { Capabilities } from './strategy.ts'

export interface TrustPolicy {
  /** What the policy asks of a backup. */
  readonly tier: BackupTier
  /** The policy’s own word that a snapshot is enough which nobody restored. */
  readonly trustProvider: boolean
}

/** Nothing here restores what it took, so it is less than a policy asks that says nothing. Pure. */
export function trustProblem(
  proven: Capabilities['proves'],
  { tier, trustProvider }: TrustPolicy,
): Failure | undefined {
  if (trustProvider || (proven === 'checksum' && tier === 'checksum')) return undefined
  return {
    code: 'BACKUP.TIER_NOT_REACHED',
    what: `The backup was to be \`${tier}\`, and what airlock.yml names as its strategy ${proven === 'checksum' ? 'is proven to `checksum` only' : 'is proven by nothing but its maker’s word'}.`,
    why: 'It is not restored before the deploy, so nobody knows whether it can be.',
    next: [
      'Use `strategy: pg_dump`, which restores and compares.',
      ...(proven === 'checksum' ? ['Or be content with less, in airlock.yml: backup: { tier: checksum }'] : []),
      'Or say that its word is enough, in airlock.yml: backup: { trust-provider: true }',
    ],
  }
}

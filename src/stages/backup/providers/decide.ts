import type { Snapshot } from './strategy.ts'

/** Names, waits and what belongs to us. Pure. */

export const ownPrefix = 'airlock-'
const longestName = 60

/**
 * For every provider at once: lower-case letters, digits and single hyphens, a letter first, none at the end, at most 63
 * characters (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html).
 */
export function nameSnapshot(database: string, at: Date): string {
  const stamp = at
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '')
    .toLowerCase()
  const room = longestName - ownPrefix.length - stamp.length - 1
  const label = database
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, room)
    .replaceAll(/^-+|-+$/g, '')
  return `${ownPrefix}${label === '' ? '' : `${label}-`}${stamp}`
}

/** A name alone may be anybody's: what is removed has to have our name and our tag. */
export function hasOwnName(name: string): boolean {
  return /^airlock-(?:[a-z0-9]+-)*\d{8}t\d{6}z$/.test(name)
}

export function newestFirst(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  const time = ({ at }: Snapshot) => at?.getTime() ?? Number.NEGATIVE_INFINITY
  // Two without a time: subtracting the infinities would be no number.
  return [...snapshots].sort((a, b) => (time(a) === time(b) ? 0 : time(b) > time(a) ? 1 : -1))
}

export interface Patience {
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  readonly deadlineMs: number
}

/** How long to wait before asking again, or undefined when the time is over. `waitedMs` is all that has passed. */
export function nextDelay(
  { firstDelayMs, longestDelayMs, deadlineMs }: Patience,
  asked: number,
  waitedMs: number,
): number | undefined {
  if (waitedMs >= deadlineMs) return undefined
  const growing = Math.min(longestDelayMs, firstDelayMs * 1.5 ** asked)
  // The last question is asked at the deadline itself, not some way before or after it.
  return Math.min(growing, deadlineMs - waitedMs)
}

export function sayMinutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`
}

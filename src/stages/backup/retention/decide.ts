import type { Manifest } from '../manifest.ts'
import type { BackupTier } from '../tiers.ts'
import type { Keep } from './keep.ts'

/**
 * Which backups stay and why, for each database by itself. Pure; all days are UTC. A day, week or month without a
 * backup uses nothing up, so that a job that stopped running does not let the last good backups run out.
 */

export interface Kept<Backup> {
  readonly kind: 'keep' | 'remove'
  readonly backup: Backup
  /** At least one. */
  readonly because: readonly string[]
}

interface Described {
  readonly name: string
  readonly manifest: Pick<Manifest, 'startedAt' | 'tier' | 'source'>
}

/** Backups of one database, newest first. */
interface Dated<Backup> {
  readonly backup: Backup
  readonly at: number
  readonly rank: number
}

const ranks: Readonly<Record<BackupTier, number>> = { checksum: 0, decoded: 1, restored: 2, compared: 3 }

export function decideRetention<Backup extends Described>(
  backups: readonly Backup[],
  keep: Keep,
  now: Date,
): readonly Kept<Backup>[] {
  return [...grouped(backups).values()].flatMap((series) => decideSeries(series, keep, now.getTime()))
}

/** Not by host where the server says who it is: a name can move to another server, and a server can have several. */
export function seriesOf({ source }: Described['manifest']): string {
  return `${source.systemIdentifier ?? `${source.host}:${source.port}`}/${source.database}`
}

function grouped<Backup extends Described>(backups: readonly Backup[]): ReadonlyMap<string, readonly Dated<Backup>[]> {
  const series = new Map<string, Dated<Backup>[]>()
  for (const backup of backups) {
    const { startedAt, tier } = backup.manifest
    const dated = { backup, at: Date.parse(startedAt), rank: ranks[tier] }
    const key = seriesOf(backup.manifest)
    const others = series.get(key)
    if (others === undefined) series.set(key, [dated])
    else others.push(dated)
  }
  for (const dated of series.values()) dated.sort(newestFirst)
  return series
}

function decideSeries<Backup extends Described>(
  all: readonly Dated<Backup>[],
  keep: Keep,
  now: number,
): readonly Kept<Backup>[] {
  const reasons = new Map<Dated<Backup>, string[]>(all.map((dated) => [dated, []]))
  const say = (dated: Dated<Backup> | undefined, reason: string) => {
    if (dated !== undefined) reasons.get(dated)?.push(reason)
  }
  // A clock that was wrong must not make a backup look newer than all that follow it.
  const past = all.filter(({ at }) => at <= now)
  for (const dated of all) if (!past.includes(dated)) say(dated, 'dated in the future')
  say(past[0], 'newest')
  const proven = [...past].sort(bestFirst)[0]
  if (proven !== undefined) say(proven, `newest that is ${proven.backup.manifest.tier}`)
  for (const dated of past) if (now - dated.at < keep['min-age']) say(dated, `younger than ${inDays(keep['min-age'])}`)
  for (const [count, word, periodOf] of periods) {
    for (const [period, best] of bestOfEach(past, periodOf).slice(0, keep[count])) say(best, `${word} ${period}`)
  }

  const kept = past.filter((dated) => (reasons.get(dated)?.length ?? 0) > 0)
  const fill = past.filter((dated) => !kept.includes(dated)).sort(bestFirst)
  for (const dated of fill.slice(0, Math.max(0, keep['min-count'] - kept.length))) {
    say(dated, `one of the last ${keep['min-count']}`)
  }
  return all.map((dated) => {
    const because = reasons.get(dated) ?? []
    return because.length > 0
      ? { kind: 'keep', backup: dated.backup, because }
      : {
          kind: 'remove',
          backup: dated.backup,
          because: [`older than ${inDays(keep['min-age'])}, and no day, week or month needs it`],
        }
  })
}

const periods = [
  ['daily', 'day', (at: number) => new Date(at).toISOString().slice(0, 10)],
  ['weekly', 'week', isoWeek],
  ['monthly', 'month', (at: number) => new Date(at).toISOString().slice(0, 7)],
] as const

/** Newest period first; of each the best proven backup, and of those the newest. */
function bestOfEach<Backup>(past: readonly Dated<Backup>[], periodOf: (at: number) => string) {
  const best = new Map<string, Dated<Backup>>()
  for (const dated of past) {
    const period = periodOf(dated.at)
    const other = best.get(period)
    if (other === undefined || dated.rank > other.rank) best.set(period, dated)
  }
  return [...best]
}

/** As in ISO 8601: a week belongs to the year of its Thursday. */
export function isoWeek(at: number): string {
  const day = new Date(at)
  const thursday = new Date(
    Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 4 - (day.getUTCDay() || 7)),
  )
  const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const week = Math.floor((thursday.getTime() - firstDay) / (7 * 86_400_000)) + 1
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`
}

function newestFirst(a: Dated<Described>, b: Dated<Described>): number {
  return b.at - a.at || (a.backup.name < b.backup.name ? 1 : -1)
}

function bestFirst(a: Dated<Described>, b: Dated<Described>): number {
  return b.rank - a.rank || newestFirst(a, b)
}

function inDays(ms: number): string {
  const hours = Math.round(ms / 3_600_000)
  return hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`
}

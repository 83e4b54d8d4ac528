/** Predictions as people read them: two digits, and never without their range. */

import type { Blocking, Duration, Total } from '../stages/rehearse/estimate/estimate.ts'
import type { Range } from '../stages/rehearse/estimate/range.ts'
import { formatMs, plural } from './words.ts'

/** Below this nobody notices, and the next digit would be noise. */
export const unnoticedMs = 50

export function rangeText({ low, likely, high }: Range): string {
  if (high <= unnoticedMs) return `under ${unnoticedMs} ms`
  const [from, middle, to] = [inTwoDigits(low), inTwoDigits(likely), inTwoDigits(high)]
  return `about ${middle} (${withoutUnit(from, to)} to ${to})`
}

export function durationText(duration: Duration): string {
  return duration.kind === 'range' ? rangeText(duration.ms) : 'not known'
}

export function totalText({ ms, unknown }: Total): string {
  if (unknown === 0) return rangeText(ms)
  return `${rangeText(ms)} and ${plural(unknown, 'statement')} of unknown length`
}

export const waitWords: Readonly<Record<Blocking, string>> = {
  nothing: 'nobody waits',
  'same-rows': 'writes to the same rows wait',
  writes: 'writes wait',
  'writes-and-row-locks': 'writes and SELECT … FOR UPDATE wait',
  'reads-and-writes': 'reads and writes wait',
}

/** An estimate is told as one: 19 s, not 19.0 s. */
function inTwoDigits(ms: number): string {
  return ms < 60_000 ? formatMs(Number(ms.toPrecision(2))).replace(/^(\d\d)\.0 s$/, '$1 s') : formatMs(ms)
}

/** `1.2 s` before `9.0 s` is `1.2`. */
function withoutUnit(from: string, to: string): string {
  const units = [from, to].map((text) => text.replaceAll(/[\d.]+/g, '#'))
  return units[0] === units[1] && /^# \S+$/.test(units[0] ?? '') ? (from.split(' ')[0] ?? from) : from
}

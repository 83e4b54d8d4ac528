import type { Compared, Timing } from './compare.ts'
import type { Replayed } from './replay.ts'

/** Below this a time is that of the catalog, of a commit and of whatever else the machine does. */
export const tellingMs = 100

export interface Share {
  readonly within: number
  readonly of: number
}

export function within(timings: readonly Timing[]): Share {
  return { within: timings.filter(isWithin).length, of: timings.length }
}

function isWithin({ low, high, ms }: Timing): boolean {
  return low <= ms && ms <= high
}

export function differing(compared: readonly Compared[]): readonly Compared[] {
  return compared.filter(({ said, happened }) => said !== happened)
}

export function linesOf(one: Replayed): readonly string[] {
  const { point, filled, compared, statements, wholes } = one
  const first = `${point.history} ${point.applied.length}+${one.pending}, ${point.engine}, rows: ${point.data}, ${megabytes(filled.bytes)}${filled.refused.length === 0 ? '' : `, ${filled.refused.length} tables took no rows`}`
  const success = compared.find(({ what }) => what === 'success')?.happened ?? ''
  return [
    `${first}: ${statements.length} statements, ${shareOf(within(statements))} within; ${success.slice(0, 120)}`,
    ...differing(compared).map(
      ({ what, where, said, happened }) => `  DIFFERS ${what}: ${where}\n    said: ${said}\n    happened: ${happened}`,
    ),
    ...[...statements, ...wholes]
      .filter((timing) => !isWithin(timing))
      .map((timing) => `  OUTSIDE ${timingLine(timing)}`),
  ]
}

export function timingLine({ where, copyMs, low, likely, high, ms }: Timing): string {
  const [copy, from, middle, to, real] = [copyMs, low, likely, high, ms].map((value) =>
    value.toFixed(value < 10 ? 1 : 0),
  )
  return `copy ${copy}, said ${from} ${middle} ${to}, took ${real} ms | ${where}`
}

export function summary(all: readonly Replayed[]): readonly string[] {
  const compared = all.flatMap((one) => one.compared)
  const statements = all.flatMap((one) => one.statements)
  const wholes = all.flatMap((one) => one.wholes)
  const equal = (what: Compared['what']) => {
    const those = compared.filter((one) => one.what === what)
    return `${those.length - differing(those).length} of ${those.length}`
  }
  const failed = compared.filter(({ what, happened }) => what === 'success' && happened !== 'all go through').length
  const histories = new Set(all.map(({ point }) => point.history))
  return [
    `${all.length} points of ${histories.size} histories, ${all.reduce((sum, { pending }) => sum + pending, 0)} pending migrations, ${megabytes(all.reduce((sum, { filled }) => sum + filled.bytes, 0))}`,
    `locks ${equal('locks')} statements, ${equal('locks in passing')} outside of a transaction; rewrites ${equal('rewrites')}; success, statement and cause ${equal('success')} points, ${failed} of which failed; the same of a real deploy ${equal('deploy')}`,
    timesLine(
      `statements of ${tellingMs} ms and more`,
      statements.filter(({ ms }) => ms >= tellingMs),
    ),
    timesLine(
      'shorter ones',
      statements.filter(({ ms }) => ms < tellingMs),
    ),
    timesLine(
      'whole, statement by statement',
      wholes.filter(({ where }) => where.endsWith('statement by statement')),
    ),
    timesLine(
      'whole, deployed',
      wholes.filter(({ where }) => where.endsWith('deployed')),
    ),
    `statements without a range: ${all.reduce((sum, { untold }) => sum + untold, 0)}`,
  ]
}

function timesLine(name: string, timings: readonly Timing[]): string {
  const widths = timings.map(({ low, high }) => high / Math.max(low, 0.1))
  const off = timings.map(({ likely, ms }) => Math.max(likely / ms, ms / likely))
  const low = timings.filter((timing) => timing.ms < timing.low).length
  return `${name}: ${shareOf(within(timings))} within (${low} below, ${timings.length - low - within(timings).within} above); median high/low ${middle(widths).toFixed(1)}, likely value off by ${middle(off).toFixed(2)} in the median`
}

function shareOf({ within: inside, of }: Share): string {
  return `${inside} of ${of}${of === 0 ? '' : ` (${((100 * inside) / of).toFixed(0)} %)`}`
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`
}

import { formatMs } from './words.ts'

const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000,
]
const hourMs = 3_600_000
const mostTicks = 8

/** A round one, with which the axis has at most eight ticks. */
export function tickStep(totalMs: number): number {
  return steps.find((step) => totalMs / step <= mostTicks) ?? Math.ceil(totalMs / hourMs / mostTicks) * hourMs
}

/** `0`, `30 s`, `1 min`, `1 min 30 s`: without what is nothing. */
export function tickText(ms: number): string {
  return ms === 0
    ? '0'
    : formatMs(ms)
        .replace(/\.0 s$/, ' s')
        .replace(/ 0 s$/, '')
}

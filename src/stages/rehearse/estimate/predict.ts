/** From the time on the copy to the time in production. */

import type { Machines } from './machines.ts'
import { independentSum, nothing, product, type Range, sum, times } from './range.ts'
import type { Work } from './work.ts'

export interface Prediction {
  readonly warm: Range
  readonly cold: Range
  /** From a warm cache to a cold one: the backup has just read everything, but nobody knows how much of it stayed. */
  readonly overall: Range
}

/** Parsing, planning, the catalog: it takes as long however large the tables are. On PostgreSQL 17 changes of the catalog alone mostly took less. */
const mostConstantMs = 3

/**
 * Nine of ten times on two servers of one busy machine were between about 0.4 and 1.5 of the likely value (PostgreSQL 17,
 * scripts/estimate.ts). Another machine differs by more, which is told by `Machines`.
 */
const again: Range = { low: 0.45, likely: 1, high: 1.5 }
/** Short ones differ by more, and up is where they differ: another process has the processor. */
const againWhenShort: Range = { low: 0.1, likely: 1, high: 3 }
const interruptedMs: Range = { low: 0, likely: 0.3, high: 15 }
/** Production has its own maintenance_work_mem and its own number of parallel workers. */
const otherMemory: Range = { low: 0.75, likely: 1, high: 1.6 }

export function predict(
  copyMs: number,
  work: Exclude<Work, { readonly kind: 'unknown' }>,
  machines: Machines,
  { endsTransaction }: { readonly endsTransaction: boolean },
): Prediction {
  const constantMs = work.kind === 'constant' ? copyMs : Math.min(copyMs, mostConstantMs)
  // Up to 16 the statement waits until a new file is safe; from 17 on the next checkpoint does, unless one came in between (smgr_bulk_finish).
  const files = work.kind === 'grows' ? work.filesMadeSafe : 0
  const short = [
    uninterrupted(product([machines.computing, machines.load, againWhenShort]), constantMs),
    interruptedMs,
    machines.roundTripMs,
    times(machines.commitMs, endsTransaction ? 1 : 0),
    { ...times(machines.commitMs, files), low: 0 },
  ]
  const growing = work.kind === 'constant' ? [] : growingParts(copyMs - constantMs, work, machines)
  const reading = work.kind === 'constant' ? nothing : times(machines.readMsPerMegabyte, work.readMegabytes)
  const warm = together(short, growing)
  const cold = together(short, [...growing, reading])
  return { warm, cold, overall: { low: warm.low, likely: warm.likely, high: Math.max(warm.high, cold.likely) } }
}

/** What is short is often short at once: nothing interrupts it, and the disk has just written for somebody else. */
function together(short: readonly Range[], growing: readonly Range[]): Range {
  const { likely, high } = independentSum([...short, ...growing])
  return { low: sum(short).low + independentSum(growing).low, likely, high }
}

function growingParts(ms: number, work: Extract<Work, { readonly kind: 'grows' }>, machines: Machines): Range[] {
  const factors = [machines.computing, machines.load, again, work.ratio, ...(work.buildsIndex ? [otherMemory] : [])]
  return [uninterrupted(product(factors), ms), writing(work.writeMegabytes, machines.writeMsPerMegabyte)]
}

/** The copy may have been interrupted as well, and then it worked for less than it took. */
function uninterrupted(factor: Range, copyMs: number): Range {
  const workedMs = Math.max(Math.min(copyMs, mostConstantMs), copyMs - interruptedMs.high)
  return { ...times(factor, copyMs), low: factor.low * workedMs }
}

function writing(megabytes: Range, msPerMegabyte: Range): Range {
  return {
    low: megabytes.low * msPerMegabyte.low,
    likely: megabytes.likely * msPerMegabyte.likely,
    high: megabytes.high * msPerMegabyte.high,
  }
}

/** Of each file: it is read and judged again. Prisma 7.10 took 20 to 45 ms, 6.19 10 to 20 and Airlock 2 to 16, on two shared cores. */
const engineMs: Range = { low: 2, likely: 15, high: 60 }

/** Of a file, beside its statements: its row of the history is written before and after it, and each is a commit. */
export function aroundFile({ roundTripMs, commitMs }: Machines): Range {
  return sum([engineMs, times(sum([roundTripMs, commitMs]), 2)])
}

/** What is known about production's machine beside the one that the copy is on. */

import type { Range } from './range.ts'

export interface Machines {
  /** How long production computes what takes the copy 1. */
  readonly computing: Range
  /** What else production has to do meanwhile, as a factor. */
  readonly load: Range
  /** A statement to the server, and its answer back. */
  readonly roundTripMs: Range
  /** Until WAL is safe: on the copy, which has fsync off, this costs nothing. */
  readonly commitMs: Range
  readonly writeMsPerMegabyte: Range
  /** Of what is in no cache. */
  readonly readMsPerMegabyte: Range
}

/** `null`: not measured. */
export interface MeasuredMachines {
  /** The shortest time of one and the same computation on production, divided by that on the copy. Half of it is believed: both are noisy. */
  readonly computing: number | null
  readonly roundTripMs: number | null
  /** The middle of several: it is the disk's, and the disk's varies. */
  readonly commitMs: number | null
  /** How fast the backup read production's tables: from the disk, or faster than the disk. */
  readonly readMsPerMegabyte: number | null
}

export const nothingMeasured: MeasuredMachines = {
  computing: null,
  roundTripMs: null,
  commitMs: null,
  readMsPerMegabyte: null,
}

/** A backup of little data lasts as long as its programs take to start, which says nothing about the disk. */
const slowestMsPerMegabyte = 20

/**
 * Without a measurement these are assumptions: a virtual machine of the last years somewhere on the same continent, with
 * disks from about 50 MB/s to local ones. No production was measured for them.
 */
export function machinesOf(measured: MeasuredMachines): Machines {
  const { computing, roundTripMs, commitMs, readMsPerMegabyte } = measured
  return {
    computing: computing === null ? { low: 0.5, likely: 1, high: 2 } : around(Math.sqrt(computing), 1.4),
    load: { low: 0.9, likely: 1, high: 1.4 },
    roundTripMs:
      roundTripMs === null
        ? { low: 0.3, likely: 5, high: 60 }
        : { low: roundTripMs / 5, likely: roundTripMs, high: roundTripMs * 3 },
    commitMs:
      commitMs === null ? { low: 0.1, likely: 2, high: 30 } : { low: 0, likely: commitMs * 0.8, high: commitMs * 3 },
    writeMsPerMegabyte: { low: 0.2, likely: 1.5, high: 12 },
    readMsPerMegabyte:
      readMsPerMegabyte === null
        ? { low: 0.5, likely: 4, high: slowestMsPerMegabyte }
        : // The backup waited for its own work as well, so the disk is no slower than that.
          around(Math.min(readMsPerMegabyte, slowestMsPerMegabyte) / 3, 3.5),
  }
}

function around(value: number, factor: number): Range {
  return { low: value / factor, likely: value, high: value * factor }
}

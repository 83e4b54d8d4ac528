import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import type { WritesSince } from '../writes-since/count.ts'
import { readTotal } from '../writes-since/read.ts'

/**
 * Up to 14 the counters come through a collector that writes them down at most twice a second (PGSTAT_STAT_INTERVAL in
 * pgstat.c), those of the tables apart from the total of their database.
 */
const collectorIntervalMs = 600

interface Beside {
  /** In neither of the two databases. */
  readonly openBeside: () => Promise<Session & AsyncDisposable>
  readonly serverMajor: number
}

/** Waits until what was written by now is counted. */
export async function collected(serverMajor: number): Promise<void> {
  if (serverMajor < 15) await sleep(collectorIntervalMs)
}

/** The old database is shut now, so its counters are final. */
export async function withLastWrites(
  request: Beside,
  oid: number,
  writes: WritesSince,
  before: string | null,
): Promise<WritesSince> {
  if (writes.kind === 'unknown' || before === null) return writes
  const after = await lastTotal(request, oid)
  // Counters that were lost meanwhile, with the server or its connection, must not turn into a number.
  if (after === null || BigInt(after) < BigInt(before)) {
    return {
      kind: 'unknown',
      walBytes: writes.walBytes,
      because: 'The counters of the old database could not be read once more after the swap.',
    }
  }
  return { ...writes, changes: writes.changes + Number(BigInt(after) - BigInt(before)) }
}

/** The swap stands by now: nothing that goes wrong here may say that it does not. */
async function lastTotal({ openBeside, serverMajor }: Beside, oid: number): Promise<string | null> {
  try {
    await using session = await openBeside()
    return serverMajor < 15 ? await settledTotal(session, oid) : await readTotal(session, oid)
  } catch (thrown) {
    if (thrown instanceof FailureError) return null
    throw thrown
  }
}

const mostReadings = 10

/** On a busy machine the collector may lag behind what it wrote down: the number is final when it stayed the same. */
async function settledTotal(session: Session, oid: number): Promise<string | null> {
  let total = await readTotal(session, oid)
  for (let reading = 1; reading < mostReadings; reading += 1) {
    await sleep(collectorIntervalMs)
    const next = await readTotal(session, oid)
    if (next === total) return total
    total = next
  }
  return null
}

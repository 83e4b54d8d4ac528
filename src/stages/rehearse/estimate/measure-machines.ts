import type { Session } from '../../../ports.ts'
import type { MeasuredMachines } from './machines.ts'

export interface MachinesToMeasure {
  readonly production: Session
  readonly copy: Session
  /** How long the backup took to read the tables; `undefined` where no backup read them. */
  readonly backup: { readonly tableBytes: number; readonly ms: number } | undefined
}

/** Some 10 ms of one processor, and nothing is read or written. */
const computation = `SELECT pg_catalog.sum(pg_catalog.hashtext(i::pg_catalog.text)) FROM pg_catalog.generate_series(1, 30000) AS i`
const computations = 11
const roundTrips = 15
/** A backup of less lasts as long as its programs take to start. */
const tellingBytes = 64 * 1_048_576

/**
 * In turns: what disturbs one server for a while disturbs the other when both are on one machine. What a commit costs would
 * take a write to find out, so it stays unmeasured.
 */
export async function measureMachines({ production, copy, backup }: MachinesToMeasure): Promise<MeasuredMachines> {
  const there: number[] = []
  const here: number[] = []
  for (let turn = 0; turn < computations; turn += 1) {
    here.push(await timed(copy, computation))
    there.push(await timed(production, computation))
  }
  const trips: number[] = []
  for (let turn = 0; turn < roundTrips; turn += 1) trips.push(await timed(production, 'SELECT 1'))
  const roundTripMs = trips.toSorted((a, b) => a - b)[Math.floor(roundTrips / 2)] ?? 0
  // The computation went to production and back as well.
  const own = Math.max(0.1, Math.min(...there) - Math.min(...trips))
  return {
    computing: own / Math.max(0.1, Math.min(...here)),
    roundTripMs,
    commitMs: null,
    readMsPerMegabyte:
      backup === undefined || backup.tableBytes < tellingBytes ? null : backup.ms / (backup.tableBytes / 1_048_576),
  }
}

async function timed(session: Session, sql: string): Promise<number> {
  const startedMs = performance.now()
  await session.query(sql)
  return performance.now() - startedMs
}

import type { Session } from '../../ports.ts'
import type { Backup } from '../backup/backup.ts'
import { type MeasuredMachines, nothingMeasured } from './estimate/machines.ts'

const times = 5
/** Some milliseconds of one processor, on any machine, with nothing of the user's read. */
const computation =
  'SELECT pg_catalog.count(*) FROM pg_catalog.generate_series(1, 20000) AS n WHERE pg_catalog.md5(n::text) < $1'

/** How production's machine compares with the one that the copy is on, as far as it may be found out without writing anything. */
export async function measureMachines(
  production: Session | undefined,
  copy: Session,
  backup: Backup | undefined,
): Promise<MeasuredMachines> {
  if (production === undefined) return { ...nothingMeasured, readMsPerMegabyte: readingOf(backup) }
  const roundTripMs = await shortest(production, 'SELECT 1', [])
  const there = (await shortest(production, computation, ['0'])) - roundTripMs
  const here = await shortest(copy, computation, ['0'])
  return {
    computing: there > 0 && here > 0 ? there / here : null,
    roundTripMs,
    commitMs: null,
    readMsPerMegabyte: readingOf(backup),
  }
}

function readingOf(backup: Backup | undefined): number | null {
  if (backup === undefined) return null
  const { tookMs, source } = backup.manifest
  return tookMs === undefined || source.bytes === 0 ? null : tookMs.dump / (source.bytes / 1_000_000)
}

async function shortest(session: Session, sql: string, values: readonly unknown[]): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let n = 0; n < times; n += 1) {
    const startedAt = performance.now()
    await session.query(sql, values)
    best = Math.min(best, performance.now() - startedAt)
  }
  return best
}

import { FailureError } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { countRows, listTables } from '../backup/count-rows.ts'
import type { Manifest } from '../backup/manifest.ts'
import { type CountComparison, compareCounts, countsDiffer } from './decide.ts'

export interface CompareRequest {
  readonly into: string
  readonly openSession: (database: string) => Promise<Session & AsyncDisposable>
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Comparison {
  readonly counts: CountComparison
  readonly notChecked: readonly string[]
}

/** The restored database against what the manifest says about the one that was backed up. `after`: what becomes of it when they differ. */
export async function compareWithManifest(
  request: CompareRequest,
  manifest: Manifest,
  after: string,
): Promise<Comparison> {
  const counts = await compareRowCounts(request, manifest)
  if (counts.differences.length > 0) throw new FailureError(countsDiffer(request.into, counts, after))
  return {
    counts,
    notChecked: [
      'compared: row counts were compared, the data in the rows was not',
      ...counts.notCompared.map((table) => `${table}: its rows were not counted when the backup was made`),
    ],
  }
}

async function compareRowCounts(
  { into, openSession, signal, onProgress }: CompareRequest,
  manifest: Manifest,
): Promise<CountComparison> {
  onProgress(`counting rows in ${into}`)
  await using session = await openSession(into)
  // Without statistics the first queries after a swap would be planned blindly.
  await session.query('ANALYZE')
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  await session.query('SET LOCAL row_security = off')
  const tables = await listTables(session)
  const counted = await countRows(session, tables, { budgetMs: 3_600_000, lockTimeoutMs: 10_000 }, signal)
  await session.query('ROLLBACK')
  return compareCounts(manifest.tables, counted)
}

export function keptAsItIs(into: string): string {
  return `${quoteIdentifier(into)} was restored by an earlier run and somebody changed it since; it was not touched.`
}

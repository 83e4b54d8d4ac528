import { FailureError } from '../../errors.ts'
import type { OpenSession } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { plural } from '../../report/words.ts'
import type { DatabaseContent } from '../backup/content/content.ts'
import { compareContent, isEqual } from '../backup/content/decide-comparison.ts'
import { readContent } from '../backup/content/read-content.ts'
import { countRows, listTables } from '../backup/count-rows.ts'
import type { Manifest } from '../backup/manifest.ts'
import { contentOf } from '../backup/manifest-content.ts'
import { compareCounts, contentDiffers, countsDiffer } from './decide.ts'

export interface CompareRequest {
  readonly into: string
  readonly openSession: (database: string) => Promise<OpenSession>
  readonly jobs: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Comparison {
  readonly tier: 'restored' | 'compared'
  /** For people: what was found equal. */
  readonly summary: string
  readonly notChecked: readonly string[]
}

const budgetMs = 3_600_000
const lockTimeoutMs = 10_000
const definitions = 'definitions: restored without an error, and not compared with those of the backup'

/** The restored database against what the manifest says about the one that was backed up. `after`: what becomes of it when they differ. */
export async function compareWithManifest(
  request: CompareRequest,
  manifest: Manifest,
  serverMajor: number,
  after: string,
): Promise<Comparison> {
  // Without statistics the first queries after a swap would be planned blindly.
  await using session = await request.openSession(request.into)
  await session.query('ANALYZE')
  const content = contentOf(manifest)
  if (content === undefined) return await compareRows(request, session, manifest, after, 'the backup counted rows only')
  if (content.serverMajor !== serverMajor) {
    const why = `the backup is of PostgreSQL ${content.serverMajor}, this server is ${serverMajor}`
    return await compareRows(request, session, manifest, after, why)
  }
  return await compareRowContents(request, session, content, after)
}

async function compareRowContents(
  request: CompareRequest,
  session: OpenSession,
  content: DatabaseContent,
  after: string,
): Promise<Comparison> {
  const { into, jobs, signal, onProgress } = request
  onProgress(`comparing the content of ${into} with the backup`)
  const others: OpenSession[] = []
  try {
    while (others.length < jobs - 1) others.push(await request.openSession(into))
    const found = await readContent({ sessions: [session, ...others], budgetMs, lockTimeoutMs, signal, onProgress })
    const comparison = compareContent(content, found)
    if (comparison.differences.length > 0) throw new FailureError(contentDiffers(into, comparison, after))
    return {
      tier: isEqual(comparison) ? 'compared' : 'restored',
      summary: `${plural(comparison.tables, 'table')} with the same rows as in the backup`,
      notChecked: [definitions, ...comparison.notRead, ...comparison.notComparable],
    }
  } finally {
    for (const other of others) await other[Symbol.asyncDispose]()
  }
}

async function compareRows(
  { into, signal, onProgress }: CompareRequest,
  session: OpenSession,
  manifest: Manifest,
  after: string,
  why: string,
): Promise<Comparison> {
  onProgress(`counting rows in ${into}`)
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  await session.query('SET LOCAL row_security = off')
  const counted = await countRows(session, await listTables(session), { budgetMs, lockTimeoutMs }, signal)
  await session.query('ROLLBACK')
  const counts = compareCounts(manifest.tables, counted)
  if (counts.differences.length > 0) throw new FailureError(countsDiffer(into, counts, after))
  return {
    tier: 'restored',
    summary: `${plural(counts.compared, 'table')} with the same number of rows as in the backup`,
    notChecked: [
      definitions,
      `compared: row counts were compared, the data in the rows was not (${why})`,
      ...counts.notCompared.map((table) => `${table}: its rows were not counted when the backup was made`),
    ],
  }
}

export function keptAsItIs(into: string): string {
  return `${quoteIdentifier(into)} was restored by an earlier run and somebody changed it since; it was not touched.`
}

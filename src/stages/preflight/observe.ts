import { FailureError } from '../../errors.ts'
import { decideHistory, type HistoryRow } from '../../migrations/history.ts'
import { notBaselined } from '../../migrations/history-failures.ts'
import type { MigrationSource } from '../../migrations/source.ts'
import type { Session } from '../../ports.ts'
import type { CatalogDifference } from '../../postgres/catalog.ts'
import { connect } from '../../postgres/connection.ts'
import { differenceSince, type PackedCatalog } from '../../postgres/packed-catalog.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import type { HistoryFacts } from './facts.ts'

/** Cheap: this and the server's version are all that a run with nothing pending looks at. */
export async function observeHistory(
  session: Session,
  url: DatabaseUrl,
  source: MigrationSource,
): Promise<HistoryFacts> {
  const recorded = source.historyIn(url.schema)
  const table = await recorded.read(session)
  const rows = table.kind === 'present' ? table.rows : []
  const reading = await source.readFolder(namesOfApplied(rows))
  if (reading.kind === 'invalid') throw new FailureError(reading.failure)
  const { folder } = reading
  if (table.kind === 'absent' && table.tables > 0) {
    throw new FailureError(notBaselined(table, recorded.words, url.schema, folder.migrations))
  }
  return { folder, history: decideHistory(rows, folder.migrations, source.order) }
}

function namesOfApplied(rows: readonly HistoryRow[]): ReadonlySet<string> {
  return new Set(
    rows.filter((row) => row.finishedAt !== undefined && row.rolledBackAt === undefined).map((row) => row.name),
  )
}

interface Observed {
  readonly url: DatabaseUrl
  readonly source: MigrationSource
}

/** What is recorded. On a connection of its own, because what went before may have cost the other. */
export async function observe(target: Observed): Promise<HistoryFacts> {
  await using session = await connect(target.url)
  return await observeHistory(session, target.url, target.source)
}

/** The same, and what became of the schema. */
export async function observeSince(
  before: PackedCatalog,
  target: Observed,
): Promise<HistoryFacts & { readonly difference: CatalogDifference }> {
  await using session = await connect(target.url)
  const facts = await observeHistory(session, target.url, target.source)
  return { ...facts, difference: await differenceSince(before, session) }
}

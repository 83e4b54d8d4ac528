import { FailureError } from '../../../errors.ts'
import { type HistoryRow, sqlStateIn } from '../../../migrations/history.ts'
import type { Migration } from '../../../migrations/migration.ts'
import type { PrismaSource } from '../../../migrations/source.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import { loadParser } from '../../../sql/parse.ts'
import { analyseLive } from '../../plan/analyse-live.ts'
import { beyondTransactions } from '../beyond-transactions.ts'
import type { LeftBehind } from './decide.ts'
import { tracesOf } from './evidence.ts'

/** What there is to see of a migration that has a row in the history and no end. */
export async function lookAt(
  { url, prisma }: { readonly url: DatabaseUrl; readonly prisma: PrismaSource['prisma'] },
  session: Parameters<typeof tracesOf>[0],
  row: HistoryRow,
  migration: Migration,
): Promise<LeftBehind | undefined> {
  const parser = await loadParser()
  const options = { prismaVersion: prisma.version, schema: url.schema, rules: {}, oneRun: true }
  const analysis = await analyseLive(session, [migration], options).catch((error: unknown) => {
    // A file that cannot be read says nothing; that it failed is told already.
    if (error instanceof FailureError) return undefined
    throw error
  })
  const [planned] = analysis?.migrations ?? []
  // It says itself what the history is.
  if (planned === undefined || /_prisma_migrations/i.test(migration.sql)) return undefined
  return {
    atomic: planned.execution.atomic,
    succeeded: row.appliedSteps > 0,
    refusedWith: sqlStateIn(row.logs),
    statements: await tracesOf(session, url.schema, row, { parser, statements: planned.statements }),
    beyond: beyondTransactions(planned.statements),
  }
}

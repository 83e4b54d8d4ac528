import type { Session } from '../../ports.ts'
import { connect } from '../../postgres/connection.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import type { Plan } from '../plan/plan.ts'

/**
 * Rows that were just restored are slow to read for the first time: each page comes into memory that was never used, each row
 * is looked up and marked as committed, and there are no statistics, without which the check of a foreign key is planned
 * differently. Production has all of that behind it (PostgreSQL 17: an index of 12 ms took 38, a foreign key of 10 ms took 73).
 */
export async function warmUp(
  clone: Session,
  serverMajor: number,
  { migrations }: Pick<Plan, 'migrations'>,
): Promise<void> {
  const read = migrations.flatMap(({ statements }) =>
    statements.flatMap(({ effects: { scans, rewrites, locks } }) =>
      scans.length + rewrites.length === 0 ? [] : [...scans, ...rewrites, ...locks.map(({ relation }) => relation)],
    ),
  )
  const tables = await tablesCalled(clone, read)
  if (tables.length === 0) return
  // From 16 on VACUUM can be told to leave in memory what it has read (manual, VACUUM).
  const keeps = serverMajor >= 16 ? ', BUFFER_USAGE_LIMIT 0' : ''
  await clone.query(`VACUUM (ANALYZE, INDEX_CLEANUP OFF, TRUNCATE OFF${keeps}) ${tables.join(', ')}`)
}

/** They work on rows, and how they do that is the planner's choice. */
const onRows: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'DoStmt',
  'CallStmt',
  'CreateTableAsStmt',
  'RefreshMatViewStmt',
])

/** pg_restore brings no statistics up to 17, and a plan without them is not the one of production. */
export async function analyseRead({ url }: DatabaseCopy, { migrations }: Pick<Plan, 'migrations'>): Promise<void> {
  const working = migrations.flatMap(({ statements }) => statements.filter(({ kind }) => onRows.has(kind)))
  if (working.length === 0) return
  await using session = await connect(url, 'airlock rehearsal')
  // What a function reads stands in no statement.
  if (working.some(({ effects, runsCode }) => runsCode || effects.unknown)) {
    await session.query('ANALYZE')
    return
  }
  const named = working.flatMap(({ effects }) => effects.locks.map(({ relation }) => relation))
  const tables = await tablesCalled(session, named)
  if (tables.length > 0) await session.query(`ANALYZE ${tables.join(', ')}`)
}

/** Of names as the plan writes them those that are tables there, quoted. */
async function tablesCalled(session: Session, names: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ path: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS path
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname || '.' || c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'm', 'p')`,
    [[...new Set(names)]],
  )
  return rows.map(({ path }) => path)
}

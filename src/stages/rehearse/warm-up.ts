import type { Session } from '../../ports.ts'
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
  const tables = await clone.query<{ name: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname || '.' || c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'm', 'p')`,
    [[...new Set(read)]],
  )
  if (tables.length === 0) return
  // From 16 on VACUUM can be told to leave in memory what it has read (manual, VACUUM).
  const keeps = serverMajor >= 16 ? ', BUFFER_USAGE_LIMIT 0' : ''
  await clone.query(
    `VACUUM (ANALYZE, INDEX_CLEANUP OFF, TRUNCATE OFF${keeps}) ${tables.map(({ name }) => name).join(', ')}`,
  )
}

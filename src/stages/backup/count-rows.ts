import { unlessCancelled } from '../../cancellation.ts'
import type { Session } from '../../ports.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { attempt } from './attempt.ts'
import { ofTheUser } from './content/list-tables.ts'
import type { CountedTable } from './manifest.ts'

/**
 * The tables whose rows a dump contains: not those of extensions, nor those that only live as long as a session.
 * Smallest first as far as the catalog knows, so that a limit on time leaves out as few as possible.
 */
export async function listTables(
  session: Session,
): Promise<readonly { readonly schema: string; readonly name: string }[]> {
  return session.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${ofTheUser}
      ORDER BY c.relpages, n.nspname, c.relname`,
  )
}

export interface CountLimits {
  /** For all tables together. */
  readonly budgetMs: number
  readonly lockTimeoutMs: number
}

/** Exact counts in the session's transaction; a table that cannot be counted says why instead. */
export async function countRows(
  session: Session,
  tables: readonly { readonly schema: string; readonly name: string }[],
  limits: CountLimits,
  signal: AbortSignal,
): Promise<readonly CountedTable[]> {
  const deadline = performance.now() + limits.budgetMs
  const counted: CountedTable[] = []
  for (const { schema, name } of tables) {
    const remainingMs = Math.floor(deadline - performance.now())
    if (remainingMs <= 0) {
      counted.push({
        schema,
        name,
        rows: null,
        notCounted: `the ${limits.budgetMs / 1_000} s for counting were used up`,
      })
      continue
    }
    const counting = attempt(session, async () => {
      await session.query(`SET LOCAL statement_timeout = ${remainingMs}`)
      await session.query(`SET LOCAL lock_timeout = ${limits.lockTimeoutMs}`)
      // ONLY: the rows of children are in the dump, and in the counts, of the children.
      return session.query<{ rows: string }>(
        `SELECT pg_catalog.count(*)::text AS rows FROM ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
      )
    })
    // A count of a large table must not hold up a cancelled run; its connection is about to be closed anyway.
    const count = await unlessCancelled(counting, signal)
    if (count.kind === 'refused') counted.push({ schema, name, rows: null, notCounted: count.because })
    else counted.push({ schema, name, rows: Number(count.value[0]?.rows) })
  }
  return counted
}

import type { Node } from 'libpg-query'
import type { SeenBefore } from '../../../migrations/atomic-progress.ts'
import type { AloneStep } from '../../../migrations/atomic-steps.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { as, nameParts } from '../../../sql/effects/tree.ts'
import { loadParser, parseMigration } from '../../../sql/parse.ts'
import type { ApplySession } from './session.ts'

/** What the catalog says about a statement that cannot be in a transaction, before it runs and when nobody knows how it ended. */

export type Evidence = 'in-force' | 'not-in-force' | 'not-known'

/** Before it runs. On the session that it runs on, whose search path finds the same names. */
export async function seenBefore(session: ApplySession, step: AloneStep): Promise<SeenBefore> {
  const node = await nodeOf(step)
  const table = node && as(node, 'IndexStmt')?.relation
  const name = table && quotedName([table.schemaname, table.relname])
  const [row] = await session.query<{ indexes: readonly number[] | null; invalid: readonly number[] | null }>(
    `SELECT ARRAY(SELECT indexrelid::pg_catalog.int8::pg_catalog.float8 FROM pg_catalog.pg_index WHERE indrelid = pg_catalog.to_regclass($1)) AS indexes,
            ARRAY(SELECT indexrelid::pg_catalog.int8::pg_catalog.float8 FROM pg_catalog.pg_index WHERE NOT indisvalid) AS invalid`,
    [name ?? null],
  )
  return { indexes: row?.indexes ?? [], invalid: row?.invalid ?? [] }
}

/** Looks, and takes away what it left half-way, so that it can run again. The advisory lock says that no other run is at it. */
export async function settle(session: ApplySession, step: AloneStep, before: SeenBefore): Promise<Evidence> {
  const node = await nodeOf(step)
  const index = node && as(node, 'IndexStmt')
  if (index?.relation !== undefined) {
    const table = quotedName([index.relation.schemaname, index.relation.relname])
    return settleIndex(session, table, index.idxname, before)
  }
  if (step.what === 'DROP INDEX CONCURRENTLY') return settleDrop(session, node && as(node, 'DropStmt')?.objects?.[0])
  if (step.what.startsWith('REINDEX')) return settleReindex(session, before)
  if (step.what.startsWith('ALTER TABLE')) return settleDetach(session, node)
  // VACUUM, CLUSTER and settings of the server or the database: once more does no harm.
  return /^(VACUUM|CLUSTER|ALTER SYSTEM|ALTER DATABASE)/.test(step.what) ? 'not-in-force' : 'not-known'
}

async function nodeOf({ piece }: AloneStep): Promise<Node | undefined> {
  const parsed = parseMigration(await loadParser(), piece.sql)
  return parsed.kind === 'syntax-error' ? undefined : parsed.statements[0]?.node
}

async function settleIndex(
  session: ApplySession,
  table: string,
  name: string | undefined,
  before: SeenBefore,
): Promise<Evidence> {
  const found = await session.query<{ index: string; valid: boolean }>(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS index, i.indisvalid AS valid
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indrelid = pg_catalog.to_regclass($1) AND NOT i.indexrelid::pg_catalog.int8 = ANY ($2::pg_catalog.int8[])
        AND ($3::pg_catalog.text IS NULL OR c.relname = $3)`,
    [table, before.indexes, name ?? null],
  )
  const [only, ...others] = found
  if (only === undefined) return 'not-in-force'
  if (others.length > 0) return 'not-known'
  if (only.valid) return 'in-force'
  await session.send(`DROP INDEX CONCURRENTLY ${only.index}`)
  return 'not-in-force'
}

async function settleDrop(session: ApplySession, object: Node | undefined): Promise<Evidence> {
  if (object === undefined) return 'not-known'
  const [row] = await session.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    quotedName(nameParts(object)),
  ])
  return row?.there === true ? 'not-in-force' : 'in-force'
}

/** What REINDEX CONCURRENTLY leaves behind has a name of its own (manual, REINDEX, "Rebuilding Indexes Concurrently"). */
async function settleReindex(session: ApplySession, before: SeenBefore): Promise<Evidence> {
  const left = await session.query<{ index: string }>(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS index
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND n.nspname <> 'pg_toast'
        AND NOT i.indexrelid::pg_catalog.int8 = ANY ($1::pg_catalog.int8[])`,
    [before.invalid],
  )
  for (const { index } of left) await session.send(`DROP INDEX CONCURRENTLY ${index}`)
  return 'not-in-force'
}

/** Between its two transactions the partition is marked, and only FINALIZE goes on (manual, ALTER TABLE). */
async function settleDetach(session: ApplySession, node: Node | undefined): Promise<Evidence> {
  const statement = node && as(node, 'AlterTableStmt')
  const command = statement?.cmds?.[0] && as(statement.cmds[0], 'AlterTableCmd')
  const part = command?.def && as(command.def, 'PartitionCmd')?.name
  const parent = statement?.relation
  if (part === undefined || parent === undefined) return 'not-known'
  const [table, partition] = [parent, part].map(({ schemaname, relname }) => quotedName([schemaname, relname]))
  const [row] = await session.query<{ pending: boolean }>(
    `SELECT inhdetachpending AS pending FROM pg_catalog.pg_inherits
      WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)`,
    [table, partition],
  )
  if (row === undefined) return 'in-force'
  if (!row.pending) return 'not-in-force'
  await session.send(`ALTER TABLE ${table} DETACH PARTITION ${partition} FINALIZE`)
  return 'in-force'
}

function quotedName(parts: readonly (string | undefined)[]): string {
  return parts.flatMap((part) => (part === undefined || part === '' ? [] : [quoteIdentifier(part)])).join('.')
}

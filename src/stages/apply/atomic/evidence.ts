import type { Node } from 'libpg-query'
import type { SeenBefore } from '../../../migrations/atomic-progress.ts'
import type { AloneStep } from '../../../migrations/atomic-steps.ts'
import type { Sha256 } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { as, nameParts } from '../../../sql/effects/tree.ts'
import { loadParser, parseMigration } from '../../../sql/parse.ts'
import type { ApplySession } from './session.ts'

/** What the catalog says about a statement that cannot be in a transaction, before it runs and when nobody knows how it ended. */

export type Evidence = 'in-force' | 'not-in-force' | 'not-known'

/** Before it runs. On the session that it runs on, whose search path finds the same names. */
export async function seenBefore(session: ApplySession, step: AloneStep, sha256: Sha256): Promise<SeenBefore> {
  const node = await nodeOf(step)
  const table = node && as(node, 'IndexStmt')?.relation
  const name = table && quotedName([table.schemaname, table.relname])
  const [row] = await session.query<{ indexes: readonly number[]; invalid: readonly number[] }>(
    `SELECT ARRAY(SELECT indexrelid::pg_catalog.int8::pg_catalog.float8 FROM pg_catalog.pg_index WHERE indrelid = pg_catalog.to_regclass($1)) AS indexes,
            ARRAY(SELECT indexrelid::pg_catalog.int8::pg_catalog.float8 FROM pg_catalog.pg_index WHERE NOT indisvalid) AS invalid`,
    [name ?? null],
  )
  // With nothing to compare with, whatever is there later would count as made by this statement.
  if (row === undefined) throw new Error('The server does not say which indexes there are')
  return {
    ...row,
    there: await isThere(session, step, node),
    statement: sha256(step.piece.sql),
  }
}

/** What a DROP or a DETACH takes away; of anything else nothing has to be there. */
async function isThere(session: ApplySession, step: AloneStep, node: Node | undefined): Promise<boolean> {
  if (step.what === 'DROP INDEX CONCURRENTLY') return existing(session, node && as(node, 'DropStmt')?.objects?.[0])
  if (step.what.startsWith('ALTER TABLE')) return (await partitionState(session, node)) !== 'none'
  return true
}

/** Looks, and takes away what it left half-way, so that it can run again. The advisory lock says that no other run is at it. */
export async function settle(session: ApplySession, step: AloneStep, before: SeenBefore): Promise<Evidence> {
  const node = await nodeOf(step)
  const index = node && as(node, 'IndexStmt')
  if (index?.relation !== undefined) {
    const table = quotedName([index.relation.schemaname, index.relation.relname])
    return settleIndex(session, { table, name: index.idxname, unique: index.unique === true }, before)
  }
  if (step.what === 'DROP INDEX CONCURRENTLY') {
    const object = node && as(node, 'DropStmt')?.objects?.[0]
    if (object === undefined) return 'not-known'
    return before.there && !(await existing(session, object)) ? 'in-force' : 'not-in-force'
  }
  if (step.what.startsWith('REINDEX')) return settleReindex(session, node, before)
  if (step.what.startsWith('ALTER TABLE')) return settleDetach(session, node, before)
  // VACUUM, CLUSTER and settings of the server or the database: once more does no harm.
  return /^(VACUUM|CLUSTER|ALTER SYSTEM|ALTER DATABASE)/.test(step.what) ? 'not-in-force' : 'not-known'
}

async function nodeOf({ piece }: AloneStep): Promise<Node | undefined> {
  const parsed = parseMigration(await loadParser(), piece.sql)
  return parsed.kind === 'syntax-error' ? undefined : parsed.statements[0]?.node
}

async function settleIndex(
  session: ApplySession,
  { table, name, unique }: { readonly table: string; readonly name: string | undefined; readonly unique: boolean },
  before: SeenBefore,
): Promise<Evidence> {
  const found = await session.query<{ index: string; valid: boolean; unique: boolean }>(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS index, i.indisvalid AS valid, i.indisunique AS unique
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indrelid = pg_catalog.to_regclass($1) AND NOT i.indexrelid::pg_catalog.int8 = ANY ($2::pg_catalog.int8[])
        AND ($3::pg_catalog.text IS NULL OR c.relname = $3)`,
    [table, before.indexes, name ?? null],
  )
  const [only, ...others] = found
  if (only === undefined) return 'not-in-force'
  // Without a name it may as well be somebody else's.
  if (name === undefined || others.length > 0 || only.unique !== unique) return 'not-known'
  if (only.valid) return 'in-force'
  await session.send(`DROP INDEX CONCURRENTLY ${only.index}`)
  return 'not-in-force'
}

async function existing(session: ApplySession, object: Node | undefined): Promise<boolean> {
  if (object === undefined) return false
  const [row] = await session.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    quotedName(nameParts(object)),
  ])
  return row?.there === true
}

/** What REINDEX CONCURRENTLY leaves behind has a name of its own (manual, REINDEX, "Rebuilding Indexes Concurrently"). */
async function settleReindex(session: ApplySession, node: Node | undefined, before: SeenBefore): Promise<Evidence> {
  const named = node && as(node, 'ReindexStmt')?.relation
  // Of a whole schema or database: what is left there may be what somebody else is building.
  if (named === undefined) return 'not-in-force'
  const left = await session.query<{ index: string }>(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS index
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND n.nspname <> 'pg_toast'
        AND i.indrelid = coalesce((SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass($2)), pg_catalog.to_regclass($2))
        AND NOT i.indexrelid::pg_catalog.int8 = ANY ($1::pg_catalog.int8[])`,
    [before.invalid, quotedName([named.schemaname, named.relname])],
  )
  for (const { index } of left) await session.send(`DROP INDEX CONCURRENTLY ${index}`)
  return 'not-in-force'
}

/** Between its two transactions the partition is marked, and only FINALIZE goes on (manual, ALTER TABLE). */
async function settleDetach(session: ApplySession, node: Node | undefined, before: SeenBefore): Promise<Evidence> {
  const names = partitionOf(node)
  if (names === undefined) return 'not-known'
  switch (await partitionState(session, node)) {
    case 'none':
      return before.there ? 'in-force' : 'not-in-force'
    case 'attached':
      return 'not-in-force'
    case 'pending':
      await session.send(`ALTER TABLE ${names.table} DETACH PARTITION ${names.partition} FINALIZE`)
      return 'in-force'
  }
}

async function partitionState(session: ApplySession, node: Node | undefined): Promise<'none' | 'attached' | 'pending'> {
  const names = partitionOf(node)
  if (names === undefined) return 'none'
  const [row] = await session.query<{ pending: boolean }>(
    `SELECT inhdetachpending AS pending FROM pg_catalog.pg_inherits
      WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)`,
    [names.table, names.partition],
  )
  if (row === undefined) return 'none'
  return row.pending ? 'pending' : 'attached'
}

function partitionOf(node: Node | undefined): { readonly table: string; readonly partition: string } | undefined {
  const statement = node && as(node, 'AlterTableStmt')
  const command = statement?.cmds?.[0] && as(statement.cmds[0], 'AlterTableCmd')
  const part = command?.def && as(command.def, 'PartitionCmd')?.name
  const parent = statement?.relation
  if (part === undefined || parent === undefined) return undefined
  return {
    table: quotedName([parent.schemaname, parent.relname]),
    partition: quotedName([part.schemaname, part.relname]),
  }
}

function quotedName(parts: readonly (string | undefined)[]): string {
  return parts.flatMap((part) => (part === undefined || part === '' ? [] : [quoteIdentifier(part)])).join('.')
}

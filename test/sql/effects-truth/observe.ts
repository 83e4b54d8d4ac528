import type { Client } from 'pg'
import { type LockMode, lockModes } from '../../../src/sql/model.ts'
import { backendPid } from '../../lab/backend-pid.ts'

/** What a statement did to relations that were there before it, read from the server itself. */
export interface Observed {
  readonly locks: readonly string[]
  readonly rewrites: readonly string[]
  readonly scans: readonly string[]
  readonly tables: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly string[]
}

interface RelationRow {
  readonly oid: number
  readonly name: string
  readonly quoted: string
  readonly kind: string
  readonly file: number
}

interface ColumnRow {
  readonly oid: number
  readonly attnum: number
  readonly name: string
}

const isUsers = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind <> 'c'"
const relationsQuery = `
  SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted,
         c.relkind::text AS kind, c.relfilenode::int AS file
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${isUsers}`
const columnsQuery = `
  SELECT c.oid::int AS oid, a.attnum, n.nspname || '.' || c.relname || '.' || a.attname AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND ${isUsers}`
const activityQuery = `
  SELECT relid::int AS oid, seq_scan::int AS scans, (n_tup_ins + n_tup_del)::int AS writes FROM pg_stat_xact_user_tables`

/** Runs the statement in a transaction of `client`, looks from `witness` what it holds, and rolls back. */
export async function observe(client: Client, witness: Client, sql: string): Promise<Observed> {
  await client.query('BEGIN')
  try {
    return (await observeInTransaction({ client, witness }, sql)).observed
  } finally {
    await client.query('ROLLBACK')
  }
}

export interface Onlookers {
  readonly client: Client
  readonly witness: Client
  /** The transaction has done something already, which nobody else can see. */
  readonly goesOn?: boolean
  /** What counts as having been there before; everything unless given. */
  readonly old?: Look
  /** How the statement before left it, which saves looking again. */
  readonly left?: Look | undefined
}

export interface Sighting {
  readonly observed: Observed
  /** What the transaction had locked before. */
  readonly held: ReadonlyMap<string, LockMode>
  readonly left: Look
}

/** In the transaction that is open on `client`, and leaves it open. */
export async function observeInTransaction(
  { client, witness, goesOn, old, left }: Onlookers,
  sql: string,
): Promise<Sighting> {
  // Looking takes locks: as long as somebody else sees the same, the transaction stays without them.
  const before = onlyOld(left ?? (await look(goesOn === true ? client : witness)), old)
  const then = await activity(client)
  const held = await locksOf(client, witness)
  await client.query(sql)
  const locks = await locksOf(client, witness)
  const now = await activity(client)
  const after = await look(client, { counts: before.counts, relations: before.relations, writes: now })
  const { relations } = before
  const { rewrites, ...lost } = differenceOf(before, after)
  const observed = {
    locks: relations
      .filter((one) => countsFor(sql, one))
      .flatMap(({ oid, name }) => (locks.get(oid) === held.get(oid) ? [] : [`${name} ${locks.get(oid)}`]))
      .toSorted(),
    rewrites,
    scans: named(
      relations.filter(
        ({ oid, kind }) => 'rm'.includes(kind) && (now.get(oid)?.scans ?? 0) > (then.get(oid)?.scans ?? 0),
      ),
    ),
    ...lost,
  }
  return { observed, held: new Map(relations.flatMap(({ oid, name }) => entry(name, held.get(oid)))), left: after }
}

export interface Look {
  readonly relations: readonly RelationRow[]
  readonly columns: readonly ColumnRow[]
  readonly counts: ReadonlyMap<number, number>
}

interface Known extends Pick<Look, 'relations' | 'counts'> {
  readonly writes: ReadonlyMap<number, { readonly writes: number }>
}

/** What was counted before holds for tables with the same file that nothing was written into. */
export async function look(reader: Client, known?: Known): Promise<Look> {
  const relations = (await reader.query<RelationRow>(relationsQuery)).rows
  const columns = (await reader.query<ColumnRow>(columnsQuery)).rows
  const files = new Map(known?.relations.map(({ oid, file }) => [oid, file]))
  const counts = new Map<number, number>()
  const toCount: RelationRow[] = []
  for (const table of relations) {
    if (table.kind !== 'r') continue
    const count = known?.counts.get(table.oid)
    const same = files.get(table.oid) === table.file && (known?.writes.get(table.oid)?.writes ?? 0) === 0
    if (same && count !== undefined) counts.set(table.oid, count)
    else toCount.push(table)
  }
  for (const [oid, count] of await rowCounts(reader, toCount)) counts.set(oid, count)
  return { relations, columns, counts }
}

const columnKey = ({ oid, attnum }: ColumnRow) => `${oid} ${attnum}`

/** Under the names that they have by now. */
export function onlyOld(current: Look, old: Look | undefined): Look {
  if (old === undefined) return current
  const relations = new Set(old.relations.map(({ oid }) => oid))
  // ALTER COLUMN … TYPE builds indexes anew, under their old names.
  const indexes = new Set(old.relations.filter(isIndex).map(({ name }) => name))
  const columns = new Set(old.columns.map(columnKey))
  return {
    relations: current.relations.filter((one) => relations.has(one.oid) || (isIndex(one) && indexes.has(one.name))),
    columns: current.columns.filter((column) => columns.has(columnKey(column))),
    counts: current.counts,
  }
}

/** What is different for good. Whatever schema something is in afterwards: moving is not losing. */
export function differenceOf(before: Look, after: Look): Pick<Observed, 'rewrites' | 'tables' | 'columns' | 'rows'> {
  const now = new Map(after.relations.map((row) => [row.oid, row]))
  const kept = new Set(after.columns.map(columnKey))
  const stayed = before.relations.filter(({ oid }) => now.has(oid))
  const rows = (counts: Look['counts'], oid: number) => counts.get(oid) ?? 0
  return {
    rewrites: named(stayed.filter(({ oid, kind, file }) => 'rm'.includes(kind) && now.get(oid)?.file !== file)),
    tables: named(before.relations.filter(({ oid, kind }) => 'rp'.includes(kind) && !now.has(oid))),
    columns: named(before.columns.filter((column) => now.has(column.oid) && !kept.has(columnKey(column)))),
    rows: named(stayed.filter(({ oid }) => rows(after.counts, oid) < rows(before.counts, oid))),
  }
}

function named(rows: readonly { readonly name: string }[]): readonly string[] {
  return rows.map(({ name }) => name).toSorted()
}

function entry<V>(key: string, value: V | undefined): readonly (readonly [string, V])[] {
  return value === undefined ? [] : [[key, value]]
}

const isIndex = ({ kind }: RelationRow) => kind === 'i' || kind === 'I'

/** The model lists an index only where the statement is about the index itself. */
export function countsFor(sql: string, relation: RelationRow): boolean {
  return !isIndex(relation) || aboutIndex(sql, relation.name)
}

function aboutIndex(sql: string, index: string): boolean {
  return /\b(DROP|ALTER|REINDEX|COMMENT ON) INDEX\b/i.test(sql) && sql.includes(index.slice(index.indexOf('.') + 1))
}

export async function locksOf(client: Client, witness: Client): Promise<ReadonlyMap<number, LockMode>> {
  const { rows } = await witness.query<{ oid: number; mode: LockMode }>(
    'SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = $1 AND relation IS NOT NULL AND granted',
    [backendPid(client)],
  )
  const strongest = new Map<number, LockMode>()
  for (const { oid, mode } of rows) {
    const known = strongest.get(oid)
    if (known === undefined || lockModes.indexOf(mode) > lockModes.indexOf(known)) strongest.set(oid, mode)
  }
  return strongest
}

interface Activity {
  readonly oid: number
  readonly scans: number
  readonly writes: number
}

async function activity(client: Client): Promise<ReadonlyMap<number, Activity>> {
  return new Map((await client.query<Activity>(activityQuery)).rows.map((row) => [row.oid, row]))
}

/** Counted in one query, so that the scans of counting fall outside what is compared. */
async function rowCounts(client: Client, tables: readonly RelationRow[]): Promise<ReadonlyMap<number, number>> {
  if (tables.length === 0) return new Map()
  const one = ({ oid, quoted }: RelationRow) => `SELECT ${oid} AS oid, count(*)::int AS rows FROM ONLY ${quoted}`
  const { rows } = await client.query<{ oid: number; rows: number }>(tables.map(one).join(' UNION ALL '))
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]))
}

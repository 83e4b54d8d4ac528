import type { Client } from 'pg'
import { lockModes } from '../../../src/sql/model.ts'

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
  readonly kind: string
  readonly file: number
}

/** Whatever schema it is in afterwards: moving is not losing. */
const everyRelation = `
  SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name, c.relkind::text AS kind, c.relfilenode::int AS file
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`
const relationsQuery = `${everyRelation} WHERE n.nspname IN ('public', 'app', 'empty_schema') AND c.relkind <> 'c'`
const everyColumn = `
  SELECT c.oid::int AS oid, a.attnum, n.nspname || '.' || c.relname || '.' || a.attname AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')`
const columnsQuery = `${everyColumn} AND n.nspname IN ('public', 'app')`
const scansQuery = 'SELECT relid::int AS oid, seq_scan::int AS scans FROM pg_stat_xact_user_tables'

/** Runs the statement in a transaction of `client`, looks from `witness` what it holds, and rolls back. */
export async function observe(client: Client, witness: Client, sql: string): Promise<Observed> {
  await client.query('BEGIN')
  try {
    const before = (await witness.query<RelationRow>(relationsQuery)).rows
    const columns = (await witness.query<{ oid: number; attnum: number; name: string }>(columnsQuery)).rows
    const tables = before.filter(({ kind }) => kind === 'r')
    const counts = await rowCounts(witness, tables)
    const scansBefore = await scanCounts(client)
    await client.query(sql)
    const locks = await locksOf(client, witness)
    const scansAfter = await scanCounts(client)
    const after = new Map((await client.query<RelationRow>(everyRelation)).rows.map((row) => [row.oid, row]))
    const kept = new Set(
      (await client.query<{ oid: number; attnum: number }>(everyColumn)).rows.map(
        ({ oid, attnum }) => `${oid} ${attnum}`,
      ),
    )
    const remaining = await rowCounts(
      client,
      tables.flatMap(({ oid }) => after.get(oid) ?? []),
    )
    const named = (rows: readonly RelationRow[]) => rows.map((row) => row.name).toSorted()
    return {
      locks: before
        .filter(({ kind, name }) => (kind !== 'i' && kind !== 'I') || aboutIndex(sql, name))
        .flatMap(({ oid, name }) => (locks.has(oid) ? [`${name} ${locks.get(oid)}`] : []))
        .toSorted(),
      rewrites: named(
        before.filter(({ oid, kind, file }) => 'rm'.includes(kind) && after.has(oid) && after.get(oid)?.file !== file),
      ),
      scans: named(
        before.filter(
          ({ oid, kind }) => 'rm'.includes(kind) && (scansAfter.get(oid) ?? 0) > (scansBefore.get(oid) ?? 0),
        ),
      ),
      tables: named(before.filter(({ oid, kind }) => 'rp'.includes(kind) && !after.has(oid))),
      columns: columns
        .flatMap(({ oid, attnum, name }) => (after.has(oid) && !kept.has(`${oid} ${attnum}`) ? [name] : []))
        .toSorted(),
      rows: named(tables.filter(({ oid }) => after.has(oid) && (remaining.get(oid) ?? 0) < (counts.get(oid) ?? 0))),
    }
  } finally {
    await client.query('ROLLBACK')
  }
}

/** The model lists an index only where the statement is about the index itself. */
function aboutIndex(sql: string, index: string): boolean {
  return /^(DROP|ALTER|REINDEX|COMMENT ON) INDEX/.test(sql) && sql.includes(index.slice(index.indexOf('.') + 1))
}

export async function locksOf(client: Client, witness: Client): Promise<ReadonlyMap<number, string>> {
  const pid = (client as unknown as { readonly processID: number }).processID
  const { rows } = await witness.query<{ oid: number; mode: string }>(
    'SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = $1 AND relation IS NOT NULL AND granted',
    [pid],
  )
  const strength = (mode: string) => (lockModes as readonly string[]).indexOf(mode)
  const strongest = new Map<number, string>()
  for (const { oid, mode } of rows) if (strength(mode) > strength(strongest.get(oid) ?? '')) strongest.set(oid, mode)
  return strongest
}

async function scanCounts(client: Client): Promise<ReadonlyMap<number, number>> {
  const { rows } = await client.query<{ oid: number; scans: number }>(scansQuery)
  return new Map(rows.map(({ oid, scans }) => [oid, scans]))
}

/** Counted in one query, so that the scans of counting fall outside what is compared. */
async function rowCounts(client: Client, tables: readonly RelationRow[]): Promise<ReadonlyMap<number, number>> {
  if (tables.length === 0) return new Map()
  const one = ({ oid, name }: RelationRow) => `SELECT ${oid} AS oid, count(*)::int AS rows FROM ONLY ${name}`
  const { rows } = await client.query<{ oid: number; rows: number }>(tables.map(one).join(' UNION ALL '))
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]))
}

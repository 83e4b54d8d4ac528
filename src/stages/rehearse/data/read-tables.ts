import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { serverVersionOf } from '../../../postgres/server-identity.ts'
import { attempt } from '../../backup/attempt.ts'
import { type RowColumn, rowHash } from '../../backup/content/decide-row-form.ts'
import { isAnswerAboutData } from '../../backup/content/is-answer.ts'
import { openReading } from '../../backup/content/open-reading.ts'
import { type Read, type TableReading, whyTooLarge } from './decide-tables.ts'
import type { Touch } from './decide-touched.ts'

/** Of one table, in the order in which they were made; by the number a column is the same under another name. */
export interface StoredColumn {
  readonly oid: string
  readonly number: number
  readonly name: string
  readonly type: string
  /** By a foreign key of the table on itself: another value of its key, or a row that goes, writes here what no statement says. */
  readonly writtenByKey: boolean
  /** Below its domains. */
  readonly base: RowColumn['type']
}

export interface StoredTable {
  readonly oid: string
  /** As the plan writes it. */
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly columns: readonly StoredColumn[]
}

/** Columns whose values are stored and not computed from others. */
export async function readStoredTables(session: Session, oids: readonly string[]): Promise<readonly StoredTable[]> {
  const rows = await session.query<{
    oid: string
    schema: string
    table: string
    bytes: number
    number: number
    name: string
    type: string
    base: string
    sql: string
    kind: string
    writtenByKey: boolean
  }>(
    `WITH RECURSIVE bases AS (
       SELECT t.oid AS type, t.oid AS base FROM pg_catalog.pg_type t
       UNION ALL
       SELECT b.type, t.typbasetype FROM bases b JOIN pg_catalog.pg_type t ON t.oid = b.base WHERE t.typtype = 'd'
     )
     SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS table, pg_catalog.pg_table_size(c.oid)::float8 AS bytes,
            a.attnum::int AS number, a.attname AS name, a.atttypid::text || ' ' || a.atttypmod AS type,
            t.oid::text AS base, pg_catalog.format_type(t.oid, NULL) AS sql, t.typtype::text AS kind,
            EXISTS (SELECT FROM pg_catalog.pg_constraint k
                     WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.confrelid = c.oid AND a.attnum = ANY (k.conkey)
                       AND (k.confupdtype IN ('c', 'n', 'd') OR k.confdeltype IN ('n', 'd'))) AS "writtenByKey"
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       JOIN bases b ON b.type = a.atttypid JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype <> 'd'
      WHERE c.oid = ANY ($1::oid[]) ORDER BY c.oid, a.attnum`,
    [oids],
  )
  const tables = new Map<string, StoredTable & { readonly columns: StoredColumn[] }>()
  for (const { oid, schema, table, bytes, number, name, type, base, sql, kind, writtenByKey } of rows) {
    const path = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
    const one = tables.get(oid) ?? { oid, name: `${schema}.${table}`, path, bytes, columns: [] }
    tables.set(oid, one)
    one.columns.push({ oid, number, name, type, writtenByKey, base: { oid: Number(base), sql, isEnum: kind === 'e' } })
  }
  return [...tables.values()]
}

/** Those that are there before and after, with the same type, and that no statement assigns. */
export function columnsLeftAlone(
  before: StoredTable,
  after: StoredTable,
  { columns }: Touch,
): readonly { readonly was: StoredColumn; readonly is: StoredColumn }[] {
  if (columns === 'any') return []
  return before.columns.flatMap((was) => {
    const is = after.columns.find(({ number, type }) => number === was.number && type === was.type)
    if (is === undefined || was.writtenByKey || is.writtenByKey) return []
    return columns.has(was.name) || columns.has(is.name) ? [] : [{ was, is }]
  })
}

export type TableRead = Read | { readonly notRead: string }

const budgetMs = 8_000

/** The smallest first; what does not fit into the time is not read, and says so. */
export async function readTables(
  session: Session,
  tables: readonly StoredTable[],
): Promise<ReadonlyMap<string, TableRead>> {
  const reads = new Map<string, TableRead>()
  if (tables.length === 0) return reads
  const deadline = performance.now() + budgetMs
  const serverMajor = (await serverVersionOf(session)).major
  await openReading(session, { snapshot: undefined, lockTimeoutMs: 10_000, serverMajor, workers: 2 })
  try {
    for (const table of tables.toSorted((a, b) => a.bytes - b.bytes))
      reads.set(table.oid, await readTable(session, table, Math.floor(deadline - performance.now())))
  } finally {
    await session.query('ROLLBACK')
  }
  return reads
}

async function readTable(
  session: Session,
  { path, bytes, columns }: StoredTable,
  remainingMs: number,
): Promise<TableRead> {
  const notRead = remainingMs <= 0 ? 'the time for reading values was used up' : whyTooLarge(bytes, remainingMs)
  if (notRead !== undefined) return { notRead }
  // Under names that stay when a column is renamed: the hash takes them in their order.
  const named = columns.map((column) => ({ ...column, as: `c${String(column.number).padStart(5, '0')}` }))
  const hash = rowHash(named.map(({ as, base }) => ({ name: as, type: base })))
  const read = await attempt(
    session,
    async () => {
      await session.query(`SET LOCAL statement_timeout = ${remainingMs}`)
      return await session.query<{ rows: string; hash: string }>(
        `SELECT pg_catalog.count(*)::text AS rows, ${columns.length === 0 ? `''` : `coalesce(pg_catalog.sum(${hash}), 0)::text`} AS hash
           FROM (SELECT ${named.map(({ name, as }) => `${quoteIdentifier(name)} AS ${as}`).join(', ')} FROM ONLY ${path}) t`,
      )
    },
    isAnswerAboutData,
  )
  const row = read.kind === 'done' ? read.value[0] : undefined
  if (row === undefined) return { notRead: 'its values could not be read within the time for it' }
  return { rows: Number(row.rows), hash: row.hash }
}

export function readingOf(before: TableRead | undefined, after: TableRead | undefined, columns: number): TableReading {
  if (before === undefined || 'notRead' in before) return notRead(before)
  if (after === undefined || 'notRead' in after) return notRead(after)
  return { kind: 'read', before, after, columns }
}

function notRead(read: { readonly notRead: string } | undefined): TableReading {
  return { kind: 'not-read', because: read?.notRead ?? 'its values were not read' }
}

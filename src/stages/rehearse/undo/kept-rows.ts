import type { Session } from '../../../ports.ts'
import { formatBytes } from '../../../report/words.ts'
import { rowHash } from '../../backup/content/decide-row-form.ts'
import { type HashedTable, listHashedTables } from '../../backup/content/list-tables.ts'
import { fixedOutputSql } from '../../backup/content/open-reading.ts'
import type { RowComparison } from './compare-rows.ts'
import { decideRowsToKeep } from './decide-rows-to-keep.ts'
import type { Objects, TableObject } from './objects.ts'
import { columnLoss, countValues, recreated, rowLosses, tableLoss } from './row-losses.ts'
import { pathOf, plainName } from './steps.ts'
import type { UndoLoss } from './undo.ts'

/** The rows of before, as hashes in temporary tables of the session that compares them: the tables themselves go on to change. */
export interface KeptRows {
  readonly tables: ReadonlyMap<string, KeptTable>
  /** By oid: why a table that may change was not kept, or its rows only counted. */
  readonly left: ReadonlyMap<string, string>
  /** By oid, of all tables: the file it is in, and its bytes. */
  readonly files: ReadonlyMap<string, TableFile>
}

interface KeptTable {
  readonly rows: number
  /** The temporary table with the hashes; none where only the rows were counted. */
  readonly place: string | undefined
  /** Left out of the hash. */
  readonly dropped: ReadonlyMap<string, { readonly values: number; readonly others: number }>
}

interface TableFile {
  readonly oid: string
  readonly file: string
  readonly bytes: string
  /** Rows that this transaction inserted, updated or deleted. */
  readonly writes: string
}

/** `undefined` where the time is over. */
export type Limit = () => number | undefined

export interface KeepRequest {
  readonly statements: Parameters<typeof decideRowsToKeep>[0]
  readonly before: Objects
  readonly mayRefill: boolean
  readonly limit: Limit
}

const timeIsOver = 'the time for it was over'
/** About a second for each time that it is read. */
const mostHashedBytes = 32 * 1024 * 1024

/** The session is in no transaction. */
export async function keepRows(session: Session, request: KeepRequest): Promise<KeptRows> {
  const { before, statements, mayRefill, limit } = request
  const wanted = decideRowsToKeep(statements, before, mayRefill)
  const tables = new Map<string, KeptTable>()
  const left = new Map<string, string>()
  const files = await filesOf(session)
  const hashed = await formsOf(session)
  const ofInterest = before.tables
    .filter(
      ({ oid, kind }) =>
        kind === 'r' && [wanted.tables, wanted.added, wanted.counted, wanted.columns].some((those) => those.has(oid)),
    )
    .toSorted((a, b) => Number(files.get(a.oid)?.bytes ?? 0) - Number(files.get(b.oid)?.bytes ?? 0))
  for (const table of ofInterest) {
    const form = hashed.get(plainName(table))
    const timeoutMs = limit()
    if (form === undefined || timeoutMs === undefined) {
      left.set(table.oid, form === undefined ? 'it cannot be read' : timeIsOver)
      continue
    }
    const bytes = Number(files.get(table.oid)?.bytes ?? 0)
    const [whole, added] = [wanted.tables.has(table.oid), wanted.added.has(table.oid)]
    const large = (whole || added) && bytes > mostHashedBytes
    if (large) left.set(table.oid, `reading all of its ${formatBytes(bytes)} three times is too much for a rehearsal`)
    if (large && !added) continue
    const place = (whole || added) && !large ? `pg_temp.airlock_rows_${table.oid}` : undefined
    const kept = await inTime(session, timeoutMs, () =>
      keepTable(session, table, form, { place, columns: wanted.columns.get(table.oid) ?? new Set() }),
    )
    if (kept === undefined) left.set(table.oid, timeIsOver)
    else tables.set(table.oid, kept)
  }
  return { tables, left, files }
}

/** Names of types are written as the search path wants them. */
async function formsOf(session: Session): Promise<ReadonlyMap<string, HashedTable>> {
  await session.query('BEGIN')
  try {
    await session.query(fixedOutputSql)
    return new Map((await listHashedTables(session)).map((table) => [plainName(table), table]))
  } finally {
    await session.query('ROLLBACK')
  }
}

/** In a transaction of its own; `undefined` where the server stopped it for its time. */
async function inTime<Value>(
  session: Session,
  timeoutMs: number,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  await session.query('BEGIN')
  try {
    await session.query(`${fixedOutputSql} SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`)
    const value = await work()
    await session.query('COMMIT')
    return value
  } catch (error) {
    await session.query('ROLLBACK')
    if (isTimeout(error)) return undefined
    throw error
  }
}

export function isTimeout(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause && cause.code === '57014'
}

async function keepTable(
  session: Session,
  table: TableObject,
  form: HashedTable,
  { place, columns }: { readonly place: string | undefined; readonly columns: ReadonlySet<string> },
): Promise<KeptTable> {
  const dropped = table.columns.filter(({ name, generated }) => columns.has(name) && generated === '')
  const counts = dropped.flatMap((column, at) => {
    const { values, others } = countValues(column)
    return [`${values} AS v${at}`, `${others} AS o${at}`]
  })
  const [counted] = await session.query<Record<string, string>>(
    `SELECT ${['count(*)::text AS rows', ...counts].join(', ')} FROM ONLY ${pathOf(table)}`,
  )
  if (place !== undefined) {
    const rest = form.columns.filter(({ name }) => !columns.has(name))
    await session.query(
      `CREATE TEMPORARY TABLE ${place.replace('pg_temp.', '')} AS SELECT ${rowHash(form.columns)} AS whole, ${dropped.length === 0 ? '0' : rowHash(rest)} AS rest FROM ONLY ${pathOf(table)} t`,
    )
  }
  const values = dropped.map(({ name }, at) => {
    const [all, others] = [Number(counted?.[`v${at}`]), Number(counted?.[`o${at}`])]
    return [name, { values: all, others }] as const
  })
  return { rows: Number(counted?.rows), place, dropped: new Map(values) }
}

export interface CompareKept {
  readonly kept: KeptRows
  readonly before: Objects
  readonly after: Objects
  /** Oids of the tables after up, with their files then. */
  readonly up: {
    readonly tables: ReadonlySet<string>
    readonly files: ReadonlyMap<string, Pick<TableFile, 'file' | 'bytes'>>
  }
  readonly mayRefill: boolean
}

/** In the transaction of the way down, which is open and has a limit. */
export async function compareKept(session: Session, request: CompareKept): Promise<RowComparison> {
  const { kept, before, after, up, mayRefill } = request
  const loses: UndoLoss[] = []
  const notCompared: string[] = []
  const filled = new Set<string>()
  const now = new Map((await listHashedTables(session)).map((table) => [plainName(table), table]))
  const files = await filesOf(session)
  let [tables, rows] = [0, 0]
  for (const was of before.tables.filter(({ kind }) => kind === 'r')) {
    const name = plainName(was)
    const is = after.tables.find((one) => plainName(one) === name)
    const form = now.get(name)
    const had = kept.tables.get(was.oid)
    const bytes = Number(kept.files.get(was.oid)?.bytes ?? 0)
    if (had === undefined ? bytes > 0 : had.rows > 0) filled.add(name)
    if (is === undefined) continue
    if (form === undefined) {
      if (had !== undefined || kept.left.has(was.oid))
        notCompared.push(`Rows of ${name} were not compared: it cannot be read.`)
      continue
    }
    const anew = recreated(was, is, up.tables)
    if (had === undefined) {
      const other = kept.files.get(was.oid)?.file !== up.files.get(was.oid)?.file
      const written =
        mayRefill && (Number(files.get(is.oid)?.writes) > 0 || files.get(is.oid)?.file !== up.files.get(is.oid)?.file)
      const grown = Number(up.files.get(was.oid)?.bytes ?? 0) > bytes
      if (kept.left.has(was.oid) || written || grown || (bytes > 0 && (anew.kind !== 'same' || other)))
        notCompared.push(
          `Rows of ${name} were not compared: ${kept.left.get(was.oid) ?? 'nothing said before that they would change'}.`,
        )
      continue
    }
    const onlyCounted = had.place === undefined ? kept.left.get(was.oid) : undefined
    if (onlyCounted === undefined) tables += 1
    if (onlyCounted === undefined) rows += had.rows
    const whole = had.place === undefined ? undefined : await differing(session, had.place, form, 'whole')
    if (anew.kind === 'table') {
      if (mayRefill && whole?.missing === 0 && whole.surplus === 0 && had.rows > 0) continue
      loses.push(tableLoss(name, had.rows, await countRows(session, is)))
      continue
    }
    if (mayRefill && whole?.missing === 0 && whole.surplus === 0 && had.rows > 0) continue
    const unknown = anew.columns.filter((column) => !had.dropped.has(column))
    const unforeseen = anew.kind === 'same' && had.place === undefined && had.dropped.size === 0
    if (unknown.length > 0 || (unforeseen && onlyCounted === undefined)) {
      notCompared.push(
        `Rows of ${name} were not compared: nothing said before that ${unknown.join(', ') || 'they'} would go.`,
      )
      continue
    }
    for (const column of anew.columns) {
      const { values = 0, others = 0 } = had.dropped.get(column) ?? {}
      loses.push(columnLoss(`${name}.${column}`, values, others === 0))
    }
    if (onlyCounted !== undefined) {
      const more = (await countRows(session, is)) - had.rows
      loses.push(...rowLosses(name, Math.max(-more, 0), Math.max(more, 0)))
      if (more === 0 || mayRefill) notCompared.push(`Rows of ${name} were counted and not compared: ${onlyCounted}.`)
    }
    if (had.place === undefined) continue
    const rest =
      anew.columns.length === 0 ? whole : await differing(session, had.place, without(form, had.dropped), 'rest')
    loses.push(...rowLosses(name, rest?.missing ?? 0, rest?.surplus ?? 0))
  }
  return { loses, tables, rows, filled, notCompared }
}

function without(form: HashedTable, dropped: ReadonlyMap<string, unknown>): HashedTable {
  return { ...form, columns: form.columns.filter(({ name }) => !dropped.has(name)) }
}

async function differing(session: Session, place: string, form: HashedTable, hash: 'whole' | 'rest') {
  // Each row is hashed once, and nothing is sorted.
  await session.query("SET LOCAL work_mem = '64MB'")
  const [row] = await session.query<{ missing: string; surplus: string }>(
    `SELECT coalesce(sum(greatest(was - now, 0)), 0)::text AS missing, coalesce(sum(greatest(now - was, 0)), 0)::text AS surplus
       FROM (SELECT hash, sum(was) AS was, sum(now) AS now
               FROM (SELECT ${hash} AS hash, 1 AS was, 0 AS now FROM ${place}
                     UNION ALL SELECT ${rowHash(form.columns)}, 0, 1 FROM ONLY ${pathOf(form)} t) r
              GROUP BY hash) h`,
  )
  if (row === undefined) throw new Error('an aggregate returned no row')
  return { missing: Number(row.missing), surplus: Number(row.surplus) }
}

async function countRows(session: Session, table: TableObject): Promise<number> {
  const [row] = await session.query<{ rows: string }>(`SELECT count(*)::text AS rows FROM ONLY ${pathOf(table)}`)
  return Number(row?.rows)
}

export async function filesOf(session: Session): Promise<ReadonlyMap<string, TableFile>> {
  const rows = await session.query<TableFile>(
    `SELECT c.oid::text AS oid, pg_catalog.pg_relation_filenode(c.oid)::text AS file, pg_catalog.pg_relation_size(c.oid)::text AS bytes,
            (pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid))::text AS writes
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  )
  return new Map(rows.map((row) => [row.oid, row]))
}

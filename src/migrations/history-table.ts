import { FailureError, fail, messageOf } from '../errors.ts'
import type { Session } from '../ports.ts'
import { quoteIdentifier, quoteLiteral } from '../postgres/quoting.ts'
import type { HistoryRow } from './history.ts'
import type { HistoryWords } from './source.ts'

export type HistoryTable = { readonly kind: 'present'; readonly rows: readonly HistoryRow[] } | HistoryAbsent

export interface HistoryAbsent {
  readonly kind: 'absent'
  /** The schema of the history. */
  readonly schemaExists: boolean
  /** How many tables Prisma counts before it refuses with P3005. */
  readonly tables: number
  /** Other schemas that have a history. */
  readonly elsewhere: readonly string[]
}

export interface TablePlace {
  /** Without quotes, as `table`. */
  readonly schema: string
  readonly table: string
  readonly reader: HistoryWords['reader']
  /** Where the tables of the application are. */
  readonly dataSchema: string
}

interface Row {
  readonly id: string | null
  readonly checksum: string
  readonly migration_name: string
  readonly logs: string | null
  readonly started_at: Date
  readonly finished_at: Date | null
  readonly rolled_back_at: Date | null
  readonly applied_steps_count: number
}

export async function readHistory(session: Session, schema: string): Promise<HistoryTable> {
  return readRecords(session, { schema, table: '_prisma_migrations', reader: 'Prisma', dataSchema: schema })
}

/** A table of Prisma’s shape. */
export async function readRecords(session: Session, place: TablePlace): Promise<HistoryTable> {
  const columns =
    'm.id, m.checksum, m.migration_name, m.logs, m.started_at, m.finished_at, m.rolled_back_at, m.applied_steps_count'
  const found = await readTable<Row>(session, place, { columns, key: 'id', order: 'm.started_at, m.id' })
  return found.kind === 'present' ? { kind: 'present', rows: found.rows.map(asHistoryRow) } : found
}

/**
 * One query where there is a history. Prisma itself takes every error of its query, a missing privilege too, for "there is
 * no history yet" (sql-schema-connector/src/flavour.rs); here each has its own answer. The session must not be inside a
 * transaction: where the table is missing, the first query fails and a second one looks around.
 */
export async function readTable<Row>(
  session: Session,
  place: TablePlace,
  select: { readonly columns: string; readonly key: string; readonly order: string },
): Promise<{ readonly kind: 'present'; readonly rows: readonly Row[] } | HistoryAbsent> {
  const table = quotedTable(place)
  let rows: readonly (Row & { readonly historyRow: boolean; readonly rowSecurity: boolean })[]
  try {
    rows = await session.query(historySql(table, select))
  } catch (error) {
    return await withoutTable(error, session, place)
  }
  if (rows[0]?.rowSecurity === true) throw hiddenRows(table)
  return { kind: 'present', rows: rows.filter((row) => row.historyRow) }
}

/** The table's own row of the catalog comes along, so that an empty history still says whether rows could be hidden. */
function historySql(
  table: string,
  { columns, key, order }: { readonly columns: string; readonly key: string; readonly order: string },
): string {
  return `
SELECT pg_catalog.row_security_active(c.oid) AS "rowSecurity", m.${key} IS NOT NULL AS "historyRow",
       ${columns}
  FROM pg_catalog.pg_class c LEFT JOIN ${table} m ON true
 WHERE c.oid = ${quoteLiteral(table)}::pg_catalog.regclass
 ORDER BY ${order}`
}

function quotedTable({ schema, table }: Pick<TablePlace, 'schema' | 'table'>): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
}

async function withoutTable(error: unknown, session: Session, place: TablePlace): Promise<HistoryAbsent> {
  const table = quotedTable(place)
  switch (sqlStateOf(error)) {
    case '42P01':
      return await lookAround(session, place)
    case '42501':
      throw noPrivilege(error, await roleOf(session), place)
    case '42703':
      throw fail(
        'DATABASE.QUERY_FAILED',
        {
          what: `${table} is not a history table of ${place.reader}.`,
          why: `${serverMessageOf(error)}.`,
          next: [`See what it is: \\d ${table}`, 'Check the schema in the connection URL (`?schema=…`).'],
        },
        { cause: error },
      )
    default:
      throw error
  }
}

async function roleOf(session: Session): Promise<string> {
  const [row] = await session.query<{ role: string }>('SELECT current_user AS role')
  return quoteIdentifier(row?.role ?? '')
}

function noPrivilege(error: unknown, role: string, place: TablePlace): FailureError {
  const { schema, reader } = place
  const table = quotedTable(place)
  const consequence = reader === 'Prisma' ? ' Prisma would take this for a database without a history.' : ''
  return fail(
    'DATABASE.NO_PRIVILEGES',
    {
      what: `The role ${role} may not read the migration history ${table}.`,
      why: `${serverMessageOf(error)}.${consequence}`,
      next: [
        'Connect as the role that owns the tables, or let its owner grant:',
        `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${role}; GRANT SELECT, INSERT, UPDATE ON ${table} TO ${role};`,
      ],
    },
    { cause: error },
  )
}

interface Surroundings {
  readonly schemaExists: boolean
  readonly tables: number
  readonly elsewhere: readonly string[]
}

/** The tables of PostGIS do not count for Prisma (sql_schema_differ, POSTGIS_TABLES_OR_VIEWS). */
async function lookAround(session: Session, { schema, table, dataSchema }: TablePlace): Promise<HistoryAbsent> {
  const [found] = await session.query<Surroundings>(
    `
SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1) AS "schemaExists",
       (SELECT pg_catalog.count(*)::pg_catalog.int4
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $3 AND c.relkind = 'r'
           AND c.relname !~* '^(spatial_ref_sys|geometry_columns|geography_columns|raster_columns|raster_overviews)$') AS tables,
       ARRAY(SELECT n.nspname::pg_catalog.text
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relname = $2 AND c.relkind IN ('r', 'p') AND n.nspname <> $1
              ORDER BY 1) AS elsewhere`,
    [schema, table, dataSchema],
  )
  if (found === undefined) throw new Error('The catalog query returned no row.')
  return { kind: 'absent', ...found }
}

function hiddenRows(table: string): FailureError {
  return fail('DATABASE.NO_PRIVILEGES', {
    what: `Row-level security hides rows of ${table} from this role.`,
    why: 'A migration that cannot be seen would look pending and be applied again.',
    next: [
      'Connect as the owner of the table, or switch it off there:',
      `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`,
    ],
  })
}

function asHistoryRow(row: Row): HistoryRow {
  return {
    id: row.id ?? '',
    name: row.migration_name,
    checksum: row.checksum,
    startedAt: new Date(row.started_at),
    finishedAt: row.finished_at === null ? undefined : new Date(row.finished_at),
    rolledBackAt: row.rolled_back_at === null ? undefined : new Date(row.rolled_back_at),
    logs: row.logs ?? '',
    appliedSteps: row.applied_steps_count,
  }
}

/** The session wraps what the driver threw; SQLSTATE (manual, appendix A) is on the innermost error. */
function sqlStateOf(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (!(one instanceof FailureError) && 'code' in one && typeof one.code === 'string') return one.code
  }
  return undefined
}

function serverMessageOf(error: unknown): string {
  const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return messageOf(innermost).replace(/\.$/, '')
}

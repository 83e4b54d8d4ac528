import type { Client } from 'pg'

interface ColumnToFill {
  readonly oid: number
  readonly table: string
  readonly column: string
  readonly type: string
  /** Of the type, or of what lies beneath a domain. */
  readonly base: string
  readonly kind: string
  readonly labels: number
  readonly length: number
}

const emptyTables = `
  SELECT c.oid::int AS oid, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
const columnsToFill = `
  SELECT c.oid::int AS oid, format('%I.%I', n.nspname, c.relname) AS table, quote_ident(a.attname) AS column,
         format_type(a.atttypid, a.atttypmod) AS type, format_type(b.oid, NULL) AS base, b.typtype::text AS kind,
         (SELECT count(*)::int FROM pg_enum e WHERE e.enumtypid = b.oid) AS labels,
         CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 99 END AS length
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
   WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.oid = ANY ($1::oid[])
   ORDER BY c.oid, a.attnum`

/**
 * Three rows for every table that has none. A value depends on the type and the number of the row alone, so what a foreign
 * key references is there: the row of that number. Tables that refuse such rows stay empty, and are not asked again.
 */
export async function fillEmptyTables(client: Client, refused: Set<number>): Promise<void> {
  const { rows: tables } = await client.query<{ oid: number; name: string }>(emptyTables)
  const asked = tables.filter(({ oid }) => !refused.has(oid))
  if (asked.length === 0) return
  const rowOf = ({ oid, name }: { oid: number; name: string }) =>
    `SELECT ${oid} AS oid WHERE NOT EXISTS (SELECT FROM ONLY ${name})`
  const { rows: empty } = await client.query<{ oid: number }>(asked.map(rowOf).join(' UNION ALL '))
  const { rows } = await client.query<ColumnToFill>(columnsToFill, [empty.map(({ oid }) => oid)])
  await client.query('SET session_replication_role = replica')
  try {
    for (const { oid } of empty) {
      try {
        await client.query(insertion(rows.filter((row) => row.oid === oid)))
      } catch {
        refused.add(oid)
      }
    }
  } finally {
    await client.query('RESET session_replication_role')
  }
}

export async function emptyAllTables(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(emptyTables)
  if (rows.length > 0) await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} CASCADE`)
}

function insertion(columns: readonly ColumnToFill[]): string {
  const names = columns.map(({ column }) => column).join(', ')
  const values = columns.map(madeUp).join(', ')
  return `INSERT INTO ${columns[0]?.table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM generate_series(1, 3) AS i`
}

function madeUp({ type, base, kind, labels, length }: ColumnToFill): string {
  if (type.endsWith('[]')) return `'{}'::${type}`
  if (kind === 'e') return labels === 0 ? 'NULL' : `(enum_range(NULL::${base}))[1 + (i - 1) % ${labels}]`
  return `${plainValue(base, length)}::${type}`
}

function plainValue(base: string, length: number): string {
  switch (base) {
    case 'text':
    case 'citext':
    case 'character varying':
    case 'character':
      return length < 2 ? 'i::text' : "('v' || i)"
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
      return 'i'
    case 'boolean':
      return '(i % 2 = 1)'
    case 'uuid':
      return "('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))"
    case 'date':
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return "(timestamp '2024-01-01' + i * interval '1 day')"
    case 'json':
    case 'jsonb':
      return 'format(\'{"n": %s}\', i)'
    case 'bytea':
      return "decode(lpad(to_hex(i), 2, '0'), 'hex')"
    case 'interval':
      return "(i * interval '1 day')"
    default:
      return 'NULL'
  }
}

import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import type { TableName } from './question.ts'

/** A table with what questions about its rows need. */
export interface KnownTable {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** Found without its schema. */
  readonly visible: boolean
  readonly partitioned: boolean
  /** Its primary key; nothing where it has none. */
  readonly key: readonly string[]
}

const tableSql = `
SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_table_is_visible(c.oid) AS visible, c.relkind = 'p' AS partitioned,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
              WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place) AS key
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass($1)`

export async function knownTable(session: Session, table: TableName): Promise<KnownTable | undefined> {
  const parts = table.schema === undefined ? [table.name] : [table.schema, table.name]
  const [row] = await session.query<KnownTable>(tableSql, [parts.map(quoteIdentifier).join('.')])
  return row
}

export interface KnownConstraint {
  /** `pg_constraint.contype`. */
  readonly kind: string
  readonly columns: readonly string[]
  readonly expression: string | null
  readonly to: TableName | null
  readonly toColumns: readonly string[]
  readonly matchFull: boolean
  readonly nullsNotDistinct: boolean
}

const names = (numbers: string, relation: string) => `
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY k(number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number ORDER BY k.place)`
const constraintSql = `
SELECT c.contype::text AS kind, pg_catalog.pg_get_expr(c.conbin, c.conrelid) AS expression, c.confmatchtype = 'f' AS "matchFull",
       pg_catalog.pg_get_constraintdef(c.oid) LIKE '%NULLS NOT DISTINCT%' AS "nullsNotDistinct",
       CASE WHEN c.confrelid <> 0 THEN (SELECT json_build_object('schema', n.nspname, 'name', t.relname) FROM pg_catalog.pg_class t
         JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = c.confrelid) END AS to,
       ${names('c.conkey', 'c.conrelid')} AS columns, ${names('c.confkey', 'c.confrelid')} AS "toColumns"
  FROM pg_catalog.pg_constraint c WHERE c.conrelid = $1::pg_catalog.oid AND c.conname = $2`

export async function knownConstraint(
  session: Session,
  table: KnownTable,
  name: string,
): Promise<KnownConstraint | undefined> {
  const [row] = await session.query<KnownConstraint>(constraintSql, [table.oid, name])
  return row
}

export interface KnownType {
  /** As the server writes it, to be used anywhere. */
  readonly name: string
  readonly labels: readonly string[]
}

/** Of a type as a statement writes it, or of a column. */
export async function knownType(
  session: Session,
  table: KnownTable,
  column: string,
  written: string | undefined,
): Promise<KnownType | undefined> {
  const [row] = await session.query<KnownType>(
    written === undefined
      ? `SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) AS name, '{}'::text[] AS labels
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::pg_catalog.oid AND a.attname = $2 AND NOT a.attisdropped`
      : `SELECT $2::text AS name, ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype($2) ORDER BY enumsortorder) AS labels
          WHERE $1::pg_catalog.oid IS NOT NULL`,
    [table.oid, written ?? column],
  )
  return row
}

export function qualified({ schema, name }: Pick<KnownTable, 'schema' | 'name'>): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** As people say it: with the schema only where it is needed. */
export function spoken({ schema, name, visible }: KnownTable): string {
  return visible ? quoteIdentifier(name) : qualified({ schema, name })
}

import type { Session } from '../../../ports.ts'
import type { RowColumn } from './decide-row-form.ts'

export interface HashedTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly RowColumn[]
}

/** What belongs to the user: neither the system's nor an extension's; of `pg_class c` and `pg_namespace n`. */
export const ofTheUser = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
  WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')`

interface ColumnRow {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly column: string | null
  readonly type: string | null
}

interface TypeRow {
  readonly oid: string
  readonly sql: string
  readonly base: string
  readonly kind: string
}

/** The tables whose rows are in a dump, the largest first: so several sessions end at about the same time. */
export async function listHashedTables(session: Session): Promise<readonly HashedTable[]> {
  // Virtual generated columns ('v', from 18 on) have no stored value.
  const rows = await session.query<ColumnRow>(
    `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, a.attname AS column, a.atttypid::text AS type
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_attribute a
         ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${ofTheUser}
      ORDER BY c.relpages DESC, n.nspname, c.relname, c.oid, a.attnum`,
  )
  const types = new Map(
    (
      await session.query<TypeRow>(
        `SELECT t.oid::text AS oid, pg_catalog.format_type(t.oid, NULL) AS sql, t.typbasetype::text AS base, t.typtype::text AS kind
           FROM pg_catalog.pg_type t
          WHERE t.oid IN (SELECT atttypid FROM pg_catalog.pg_attribute WHERE attnum > 0) OR t.typtype IN ('d', 'e') OR t.oid < 16384`,
      )
    ).map((type) => [type.oid, type]),
  )
  const tables = new Map<string, { schema: string; name: string; columns: RowColumn[] }>()
  for (const { oid, schema, name, column, type } of rows) {
    const table = tables.get(oid) ?? { schema, name, columns: [] }
    tables.set(oid, table)
    if (column !== null && type !== null) table.columns.push({ name: column, type: baseType(types, type) })
  }
  return [...tables.values()]
}

function baseType(types: ReadonlyMap<string, TypeRow>, oid: string): RowColumn['type'] {
  const type = types.get(oid)
  if (type === undefined) throw new Error(`The catalog does not describe the type ${oid}`)
  if (type.kind === 'd') return baseType(types, type.base)
  return { oid: Number(type.oid), sql: type.sql, isEnum: type.kind === 'e' }
}

/** Everything with rows that are not compared, said with the reason. */
export async function listNotComparable(session: Session): Promise<readonly string[]> {
  const found = await session.query<{ schema: string; name: string; what: string }>(
    `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS what
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('f', 'm') AND ${ofTheUser}
     UNION ALL
     SELECT n.nspname, c.relname || '.' || a.attname, 'v'
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attgenerated = 'v' AND NOT a.attisdropped AND ${ofTheUser}
     UNION ALL
     SELECT n.nspname, c.relname, 'e'
       FROM pg_catalog.pg_extension x CROSS JOIN LATERAL pg_catalog.unnest(x.extconfig) AS config (oid)
       JOIN pg_catalog.pg_class c ON c.oid = config.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r'
     ORDER BY 1, 2`,
  )
  return found.map(({ schema, name, what }) => `${schema}.${name}: ${reasons[what] ?? 'not a table'}`)
}

const reasons: Readonly<Record<string, string>> = {
  f: 'a foreign table, its rows are elsewhere',
  m: 'a materialized view, filled again by a restore',
  v: 'a virtual generated column, computed when it is read',
  e: 'a table of an extension, which brings its rows along',
}

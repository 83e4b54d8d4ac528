/** Names as people write them in SQL. */

import type { RelationName } from './model.ts'

/**
 * Words that cannot stand alone as the name of a table, column or type. Reserved words of PostgreSQL 18 and those of the SQL
 * standard that it reserves in places: https://www.postgresql.org/docs/18/sql-keywords-appendix.html
 */
const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char ' +
    'character check coalesce collate collation column concurrently constraint create cross current_catalog current_date ' +
    'current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do ' +
    'else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike ' +
    'in initially inner inout insert int integer intersect interval into is isnull join lateral leading least left like limit ' +
    'localtime localtimestamp merge national natural nchar none normalize not notnull null nullif numeric offset on only or ' +
    'order out outer overlaps overlay placing position precision primary real references returning right row select ' +
    'session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to ' +
    'trailing treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes ' +
    'xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable'
  ).split(' '),
)

/** Quoted only where it has to be. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** `public.User` as `"User"` where `public` is the schema that the migration runs in, else `app."User"`. */
export function quotedRelation(relation: RelationName, currentSchema: string): string {
  const { schema, name } = splitName(relation)
  return schema === currentSchema || schema === '' ? quoted(name) : `${quoted(schema)}.${quoted(name)}`
}

export function splitName(relation: string): { readonly schema: string; readonly name: string } {
  const dot = relation.indexOf('.')
  return dot === -1 ? { schema: '', name: relation } : { schema: relation.slice(0, dot), name: relation.slice(dot + 1) }
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** `a`, `a and b`, `a, b and c`: for sentences. */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

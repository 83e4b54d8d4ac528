/** Names in messages and in SQL to paste, spelled as the user's own SQL would. */

import type { Catalog, TypeRef } from '../sql/catalog/model.ts'
import { listed, quoted, quotedRelation, splitName } from '../sql/identifiers.ts'
import type { RelationName } from '../sql/model.ts'
import type { RuleContext } from './rule.ts'

export function relation(name: RelationName, context: Pick<RuleContext, 'schema'>): string {
  return quotedRelation(name, context.schema)
}

export function relations(names: readonly RelationName[], context: Pick<RuleContext, 'schema'>): string {
  return listed([...new Set(names)].map((name) => relation(name, context)))
}

/** A column name behind the name of its table: `public.User.email` is "email". */
export function columnOf(qualified: string): { readonly table: RelationName; readonly column: string } {
  const second = qualified.indexOf('.', qualified.indexOf('.') + 1)
  return { table: qualified.slice(0, second), column: qualified.slice(second + 1) }
}

/** For a new name beside an old one: `User` and `kept` give "User_kept". */
export function suffixed(name: RelationName, suffix: string, context: Pick<RuleContext, 'schema'>): string {
  const { schema, name: last } = splitName(name)
  return quotedRelation(`${schema}.${last}_${suffix}`, context.schema)
}

/** The columns of the primary key, for SQL that goes through the rows; `id` where it is not known. */
export function keyOf(table: RelationName, catalog: Catalog): readonly string[] {
  const known = catalog.relations.get(table)
  const key =
    known?.kind === 'table' ? known.constraints.find((constraint) => constraint.kind === 'primary') : undefined
  return key?.columns ?? ['id']
}

/** Before IN: one column as it is, several as a row. */
export function rowOf(columns: readonly string[]): string {
  return columns.length === 1 ? columnList(columns) : `(${columnList(columns)})`
}

export function columnList(columns: readonly string[]): string {
  return columns.map(quoted).join(', ')
}

const spelled: Readonly<Record<string, string>> = {
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  float4: 'REAL',
  float8: 'DOUBLE PRECISION',
  bool: 'BOOLEAN',
  bpchar: 'CHAR',
  numeric: 'DECIMAL',
  timestamptz: 'TIMESTAMPTZ',
}

/** The type as people write it. */
export function typeText(type: TypeRef | undefined, context: Pick<RuleContext, 'schema'>): string {
  if (type === undefined) return 'its type'
  const name = type.name.includes('.')
    ? quotedRelation(type.name, context.schema)
    : (spelled[type.name] ?? plainType(type.name))
  const modifiers = type.modifiers.length > 0 && type.name !== 'interval' ? `(${type.modifiers.join(',')})` : ''
  return `${name}${modifiers}${type.array ? '[]' : ''}`
}

function plainType(name: string): string {
  return /^[a-z_0-9]+$/.test(name) ? name.toUpperCase() : quoted(name)
}

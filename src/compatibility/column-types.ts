/** Which types of a column Prisma Client of the running release can go on reading and writing through a field. */

import type { TypeRef } from '../sql/catalog/model.ts'
import type { PrismaSchema, SchemaField } from './prisma-schema.ts'

/** https://www.prisma.io/docs/orm/reference/prisma-schema-reference#model-field-scalar-types */
const defaultTypes: Readonly<Record<string, string>> = {
  String: 'text',
  Boolean: 'bool',
  Int: 'int4',
  BigInt: 'int8',
  Float: 'float8',
  Decimal: 'numeric',
  DateTime: 'timestamp',
  Json: 'jsonb',
  Bytes: 'bytea',
}

/** Native types whose name in the grammar is another. */
const nativeTypes: Readonly<Record<string, string>> = {
  Char: 'bpchar',
  SmallInt: 'int2',
  Integer: 'int4',
  BigInt: 'int8',
  Real: 'float4',
  DoublePrecision: 'float8',
  Decimal: 'numeric',
  Boolean: 'bool',
}

/** Within one of these the client does not notice a difference. */
const groups: readonly ReadonlySet<string>[] = [
  new Set(['text', 'varchar', 'bpchar', 'citext']),
  new Set(['int2', 'int4']),
  new Set(['float4', 'float8']),
  new Set(['timestamp', 'timestamptz']),
  new Set(['json', 'jsonb']),
]

/** `unknown`: a type that nobody can name. */
export type Fit = 'fits' | 'does-not-fit' | 'unknown'

export function fitOf(field: SchemaField, column: TypeRef | undefined, schema: PrismaSchema): Fit {
  if (column === undefined) return 'unknown'
  const expected = expectedType(field, schema)
  if (expected === undefined) return 'unknown'
  if (column.array !== field.list) return 'does-not-fit'
  if (sameType(column.name, expected)) return 'fits'
  return groups.some((group) => group.has(expected) && group.has(column.name)) ? 'fits' : 'does-not-fit'
}

function expectedType({ kind, type, nativeType }: SchemaField, schema: PrismaSchema): string | undefined {
  if (kind === 'enum') return schema.enums.find(({ name }) => name === type)?.type
  if (nativeType !== undefined) return nativeTypes[nativeType] ?? nativeType.toLowerCase()
  return defaultTypes[type]
}

/** An extension's type stands with its schema: `public.citext`. */
function sameType(column: string, expected: string): boolean {
  return column === expected || column === `public.${expected}`
}

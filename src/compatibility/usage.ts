/** What the running release uses, looked up by the names that the database has. */

import { listed } from '../sql/identifiers.ts'
import type { RelationName } from '../sql/model.ts'
import type { JoinTable, PrismaSchema, SchemaEnum, SchemaField, SchemaModel } from './prisma-schema.ts'

export interface UsedField {
  readonly model: SchemaModel
  readonly field: SchemaField
}

/** More than one model may be mapped to the same table, and to a view of it. */
export function modelsOf(schema: PrismaSchema, table: RelationName): readonly SchemaModel[] {
  return schema.models.filter((model) => model.table === table)
}

export function fieldsOfColumn(schema: PrismaSchema, table: RelationName, column: string): readonly UsedField[] {
  return modelsOf(schema, table).flatMap((model) =>
    model.fields.filter((field) => field.column === column).map((field) => ({ model, field })),
  )
}

export function joinTableOf(schema: PrismaSchema, table: RelationName): JoinTable | undefined {
  return schema.joinTables.find((one) => one.table === table)
}

/** The enum of that type, if a field of a model has it. */
export function usedEnum(
  schema: PrismaSchema,
  type: string,
): { readonly used: SchemaEnum; readonly by: readonly UsedField[] } | undefined {
  const used = schema.enums.find((one) => one.type === type)
  if (used === undefined) return undefined
  const by = schema.models.flatMap((model) =>
    model.fields
      .filter((field) => field.kind === 'enum' && field.type === used.name)
      .map((field) => ({ model, field })),
  )
  return by.length === 0 ? undefined : { used, by }
}

export function fieldNames(fields: readonly UsedField[]): string {
  return listed([...new Set(fields.map(({ model, field }) => `${model.name}.${field.name}`))])
}

export function modelNames(models: readonly { readonly name: string }[]): string {
  return listed([...new Set(models.map(({ name }) => name))])
}

/** What a release knows of the database: the models of its Prisma schema, with the names that things have in the database. */

import type { RelationName } from '../sql/model.ts'
import type { SchemaProblem } from './schema-blocks.ts'

export interface SchemaField {
  readonly name: string
  readonly column: string
  /** A scalar of Prisma, or the name of an enum of the schema. */
  readonly type: string
  readonly kind: 'scalar' | 'enum'
  /** `VarChar` of `@db.VarChar(50)`. */
  readonly nativeType: string | undefined
  readonly list: boolean
  readonly required: boolean
  /** The database fills it, and inserts leave it out: autoincrement(), dbgenerated(), sequence(). */
  readonly filledByDatabase: boolean
}

export interface SchemaModel {
  readonly name: string
  readonly table: RelationName
  /** Those that Prisma Client has: no ignored ones, none of an unsupported type. */
  readonly fields: readonly SchemaField[]
}

export interface SchemaEnum {
  readonly name: string
  /** `schema.name` as the database has it. */
  readonly type: string
  readonly labels: readonly { readonly name: string; readonly label: string }[]
}

/** A table that Prisma keeps for a relation of many to many and that no model names. */
export interface JoinTable {
  readonly table: RelationName
  readonly models: readonly [string, string]
}

export interface PrismaSchema {
  /** Those that Prisma Client has: ignored ones are left out. */
  readonly models: readonly SchemaModel[]
  readonly enums: readonly SchemaEnum[]
  readonly joinTables: readonly JoinTable[]
  /** What could not be read: then nothing may be concluded from what is missing. */
  readonly problems: readonly SchemaProblem[]
}

/** The schema of the release that is running, and where it was read. */
export interface RunningRelease {
  readonly schema: PrismaSchema
  /** As messages name it: `origin/main`. */
  readonly ref: string
}

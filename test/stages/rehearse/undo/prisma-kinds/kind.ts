import type { Undo } from '../../../../../src/stages/rehearse/undo/undo.ts'

/** A migration that Prisma writes, as the two schemas between which it writes it. */
export interface PrismaKind {
  readonly name: string
  readonly from: string
  readonly to: string
  /** What `migrate dev` writes, where the comparison of two schema files lacks a name that only a database has. */
  readonly up?: string
  /** The database of before, where `from` alone does not make it: an extension, what an older Prisma made. */
  readonly before?: string
  /** Rows of before. */
  readonly rows?: string
  /** `nothing`: Prisma writes no statement for it. */
  readonly expect: Undo['kind'] | 'nothing'
  /** Of what is lost: `schema.table.column` or `schema.table`, with the count. */
  readonly loses?: readonly string[]
  readonly because?: RegExp
  /** More of `datasource db`, before and after. */
  readonly datasource?: readonly [string, string]
  readonly preview?: readonly string[]
  /** The CLIs that have it; both where nothing is said. */
  readonly only?: 7
}

export const user = (fields: string, more = '') =>
  `model User {\n  id Int @id @default(autoincrement())\n  email String\n  ${fields}\n}\n${more}`
export const users = `INSERT INTO "User" (email) VALUES ('a'), ('b'), ('c');`
export const withPosts = (relation: string, userFields = 'posts Post[]') =>
  user(userFields, `model Post {\n  id Int @id\n  ${relation}\n}\n`)
export const posts = `${users} INSERT INTO "Post" VALUES (1, 1), (2, 3);`

/** One table of one field beside its key. */
export const item = (field: string, more = '') => `model Item {\n  id Int @id\n  ${field}\n}\n${more}`

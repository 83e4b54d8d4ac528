/** What is known about SQL: statements with their place in the file, and what each does to the database. Data only. */

/** Weakest first, spelled as `pg_locks.mode` spells them. */
export const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const
export type LockMode = (typeof lockModes)[number]

/** `schema.name` without quotes, as the server's catalog has it. */
export type RelationName = string

export interface Lock {
  readonly relation: RelationName
  readonly mode: LockMode
}

export const lossKinds = [
  'table',
  'column',
  'rows',
  'schema',
  'enum-label',
  'partition',
  'durability',
  'type',
  'precision',
  'constraint',
  'default',
  'index',
  'view',
  'sequence',
  'function',
  'trigger',
  'policy',
  'extension',
  'grant',
] as const
export type LossKind = (typeof lossKinds)[number]

export interface Loss {
  readonly kind: LossKind
  readonly name: string
}

/** Losing one of these is losing data; losing the others is losing structure that can be written again. */
export const dataLosses: ReadonlySet<LossKind> = new Set([
  'table',
  'column',
  'rows',
  'schema',
  'enum-label',
  // The rows are still in a table of their own, but whoever reads the one above no longer finds them.
  'partition',
  // After a crash an unlogged table is empty.
  'durability',
  'precision',
])

export interface Effects {
  /**
   * Only relations that existed before the migration: a table created in the same file has nobody to block. Tables, views and
   * sequences; an index only where the statement is about the index itself (DROP, ALTER, REINDEX, COMMENT ON INDEX).
   */
  readonly locks: readonly Lock[]
  /** Tables and materialized views that get a new file (`pg_class.relfilenode` changes): rewritten, or emptied by TRUNCATE. */
  readonly rewrites: readonly RelationName[]
  /** Tables that the statement's own work reads from end to end: to prove a constraint, to build an index, to write them anew. */
  readonly scans: readonly RelationName[]
  /** Tables, and sequences, whose rows of before get other values: the old ones are nowhere but in a backup. */
  readonly overwrites: readonly RelationName[]
  readonly loses: readonly Loss[]
  /** Functions that it calls, wherever, and whose work no transaction takes back: sequences (manual, 9.17), and dblink, which has its own session. */
  readonly beyond: readonly string[]
  /** Some part of the effect could not be told. Never read as "nothing". */
  readonly unknown: boolean
  /** Why `unknown` is true, in words for the report. */
  readonly unknownBecause: string | undefined
}

/** Where a statement stands. Bytes count from the start of the file; lines and columns from 1. */
export interface SourceRange {
  readonly startByte: number
  readonly endByte: number
  readonly line: number
  readonly column: number
  readonly endLine: number
}

export interface Statement {
  readonly index: number
  /** The node name of the PostgreSQL grammar: `AlterTableStmt`, `IndexStmt`, … */
  readonly kind: string
  readonly sql: string
  readonly range: SourceRange
  readonly effects: Effects
  /** A block, or functions of somebody's own, run with it: it can do more than it says. */
  readonly runsCode: boolean
}

export const migrationStages = ['expand', 'data', 'contract', 'cleanup'] as const
export type MigrationStage = (typeof migrationStages)[number]

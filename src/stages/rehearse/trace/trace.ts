import type { LockMode, RelationName } from '../../../sql/model.ts'

/** What the pending migrations did on the copy, statement by statement. Data only. */
export interface Trace {
  readonly files: readonly FileTrace[]
  /** Where it stopped; the files behind that were not run. */
  readonly stopped: StoppedTrace | undefined
}

export interface FileTrace {
  readonly migration: string
  readonly ms: number
  readonly statements: readonly StatementTrace[]
}

export interface StatementTrace {
  /** Of the statement in the plan. */
  readonly index: number
  readonly line: number
  readonly kind: string
  readonly ms: number
  /** Statements with the same number stood in one transaction: what they locked was held to its end. Counted from 0 in each file. */
  readonly transaction: number
  /** What it locked beyond what its transaction held already, of relations that were there before the migration. */
  readonly locks: readonly TracedLock[]
  readonly rewrites: readonly RelationName[]
  readonly scans: readonly RelationName[]
  /** Rows that it says it inserted, updated, deleted or selected; null where it says none. */
  readonly rows: number | null
  readonly walBytes: number
  readonly temporaryBytes: number
  /** Indexes that were not there before it, or were built anew. */
  readonly indexes: readonly { readonly name: RelationName; readonly relation: RelationName; readonly bytes: number }[]
  /** What could not be observed, and why: `locks: it runs outside of a transaction …`. */
  readonly notObserved: readonly string[]
}

export interface TracedLock {
  readonly relation: RelationName
  readonly mode: LockMode
  /** From this statement's start to the end of its transaction, without the time that looking took. */
  readonly heldMs: number
}

/** The first statement that failed. Its texts carry no values of rows. */
export interface StoppedTrace {
  readonly migration: string
  readonly index: number
  readonly line: number
  readonly sql: string
  readonly sqlState: string | undefined
  readonly message: string
  /** In words of the user's tables: `2 rows of "User" have no value in "email".` */
  readonly cause: string
  readonly offending: Offending
  /** To find them, ready to paste. */
  readonly find: string | undefined
}

export type Offending =
  | { readonly kind: 'counted'; readonly rows: number }
  /** No data stands in the way, or which rows could not be told. */
  | { readonly kind: 'not-counted'; readonly because: string }

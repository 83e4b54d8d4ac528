/** What production is going to see of the pending migrations, worked out from what they did on the copy. Data only. */

import type { LockMode, RelationName } from '../../../sql/model.ts'
import type { Range } from './range.ts'

/** `schema`: the copy has production's tables and none of their rows. */
export type RehearsalMode = 'data' | 'schema'

/** Milliseconds, or why nobody can tell how many. */
export type Duration =
  | { readonly kind: 'range'; readonly ms: Range }
  | { readonly kind: 'unknown'; readonly because: string }

export interface StatementEstimate {
  readonly migration: string
  readonly index: number
  readonly line: number
  readonly kind: string
  readonly transaction: number
  readonly copyMs: number
  readonly rows: number | null
  /** It lasts as long as tables are large. */
  readonly grows: boolean
  /** From a warm cache to a cold one. */
  readonly duration: Duration
  readonly warm: Duration
  readonly cold: Duration
  /** CONCURRENTLY waits for the transactions of others to end, which no copy has: that comes on top. */
  readonly waitsForOthers: boolean
  readonly locks: readonly LockEstimate[]
}

/** Of the application's statements, those that have to wait. */
export const blockings = ['nothing', 'same-rows', 'writes', 'writes-and-row-locks', 'reads-and-writes'] as const
/** Mildest first. `same-rows`: nobody waits for the table, and whoever changes one of the rows that it changed does. */
export type Blocking = (typeof blockings)[number]

export interface LockEstimate {
  readonly relation: RelationName
  readonly mode: LockMode
  /** `static`: the copy could not show it, the statement's text says so. */
  readonly source: 'observed' | 'static'
  readonly blocks: Blocking
  /** `SELECT`, `INSERT`, …: what of the application waits. */
  readonly waits: readonly string[]
  /** From this statement to the end of its transaction. Waiting to get the lock is not part of it. */
  readonly held: Duration
}

/** Of several statements. */
export interface Total {
  /** Of those of which it is known. */
  readonly ms: Range
  /** Statements of which it is not: the whole takes longer by as much. */
  readonly unknown: number
}

export interface FileEstimate {
  readonly migration: string
  readonly copyMs: number
  readonly total: Total
  readonly statements: readonly StatementEstimate[]
}

export interface DeployEstimate {
  readonly mode: RehearsalMode
  readonly files: readonly FileEstimate[]
  /** What is done around each file is part of it; starting Prisma, waiting for locks and what others do first are not. */
  readonly total: Total
  /** Planned statements that the copy never saw, because it stopped before. */
  readonly notRun: number
}

import type { LockMode, RelationName } from '../../sql/model.ts'

/** Somebody who holds a lock on a table of the plan, or a transaction that CONCURRENTLY waits for. */
export interface Holder {
  /** `null`: not a lock on a table, but a transaction that sees the database as it was. */
  readonly relation: RelationName | null
  readonly mode: LockMode
  /** `null`: a prepared transaction, which has no process. */
  readonly pid: number | null
  /** Of one transaction for as long as it lasts, and nobody hides it. */
  readonly transaction: string
  readonly name: string
  readonly user: string
  /** `null` where another role's session does not show it. */
  readonly state: string | null
  readonly transactionMs: number | null
  readonly since: string | null
  /** Has a snapshot; `null` where that is hidden. */
  readonly hasSnapshot: boolean | null
  /** A session of nobody: autovacuum, which gives way by itself unless it prevents wraparound. */
  readonly worker: boolean
  readonly antiWraparound: boolean
  readonly prepared: { readonly gid: string; readonly owner: string } | null
}

/** What the pending migrations are going to lock, as far as that can be told. */
export interface Wanted {
  readonly modes: ReadonlyMap<RelationName, ReadonlySet<LockMode>>
  /** They build or drop an index, or detach a partition, CONCURRENTLY. */
  readonly concurrently: boolean
  /** Statements of which it cannot be told what they lock. */
  readonly unknown: number
}

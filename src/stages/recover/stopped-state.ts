import type { Resumption } from '../../migrations/atomic-progress.ts'
import type { CatalogDifference } from '../../postgres/catalog.ts'

/** What the catalog and the history say after applying stopped. Facts only, no guesses from its output. */
export interface StoppedState {
  /** Finished during this run, in order, planned or not. They stand. */
  readonly applied: readonly string[]
  /** Of those, the ones that are not what was planned, in words. */
  readonly notAsPlanned: readonly string[]
  /** Begun, and neither finished nor resolved. */
  readonly failed: readonly FailedMigration[]
  /** Begun by Airlock itself, without a row in the history: it would have been committed together with that. */
  readonly takenBack: TakenBack | undefined
  readonly notReached: readonly string[]
  /** Between the moment before this run and now. */
  readonly difference: CatalogDifference
  /** Whose Prisma still works on this database: what is seen is not the end of it. */
  readonly atWork: string | undefined
  /** Why the history cannot be relied on, where it cannot. */
  readonly historyInDoubt: string | undefined
}

export interface TakenBack {
  readonly name: string
  readonly refusedWith: string | undefined
  /** What of it may stay though its transaction was rolled back, in sentences. */
  readonly beyond: readonly string[]
}

export interface FailedMigration {
  readonly name: string
  /** What the plan knows about the text that was run; nothing where that is not the text of the plan. */
  readonly planned:
    | {
        readonly atomic: boolean
        readonly mustShow: boolean
        /** So would it, had only the first statement that changes anything been committed. */
        readonly firstMustShow: boolean
        /** The index that this first statement builds CONCURRENTLY. */
        readonly firstBuilt: string | undefined
        /** What of it may stay though its transaction was rolled back, in sentences. */
        readonly beyond: readonly string[]
      }
    | undefined
  /** SQLSTATE with which the server refused the script. Left out where Prisma could not write it down, or it is another error. */
  readonly refusedWith: string | undefined
  /** Prisma got as far as to record that the script had succeeded. */
  readonly succeeded: boolean
  /** It was ended in the middle of its transaction, and the server says that this was rolled back. */
  readonly rolledBack: boolean
  /** Where the next run goes on, or why it cannot; `undefined` where Prisma ran it. */
  readonly resumption: Resumption | undefined
}

export type Fate =
  /** Nothing of it is in force, and how that is known. */
  | { readonly kind: 'taken-back'; readonly because: string }
  /** All of it is in force; only Prisma's record of it is not. */
  | { readonly kind: 'committed' }
  /** Statement by statement: what came before the one that failed is in force. */
  | { readonly kind: 'in-parts' }
  /** The same, and recorded so well that the next run can go on. */
  | { readonly kind: 'goes-on'; readonly statements: number; readonly of: number }
  | { readonly kind: 'not-known'; readonly because: string }

/**
 * An error that Prisma recorded came from the script, and a script of one transaction that the server refused is rolled back.
 * Without one, the script may as well have been committed before something stopped Prisma: its own UPDATE of the history
 * can fail, and its connection can break.
 */
export function fateOf(failed: FailedMigration, stopped: Pick<StoppedState, 'difference'>): Fate {
  if (failed.resumption?.kind === 'resumable') {
    const { point, steps } = failed.resumption
    return { kind: 'goes-on', statements: point.doneStatements, of: steps.reduce((sum, { count }) => sum + count, 0) }
  }
  if (failed.resumption?.kind === 'not-resumable') return { kind: 'not-known', because: failed.resumption.because }
  if (failed.planned === undefined)
    return { kind: 'not-known', because: 'what was run is not the text that was planned' }
  if (failed.succeeded) return { kind: 'committed' }
  if (!failed.planned.atomic) {
    // Prisma sends nothing more after the first statement that the server refuses.
    if (failed.refusedWith === undefined || !failed.planned.firstMustShow || !isUnchanged(stopped))
      return { kind: 'in-parts' }
    return {
      kind: 'taken-back',
      because: `the server refused its first statement (SQLSTATE ${failed.refusedWith}), of which nothing is there`,
    }
  }
  if (failed.refusedWith !== undefined)
    return {
      kind: 'taken-back',
      because: `it ran as one transaction, the server refused it (SQLSTATE ${failed.refusedWith})`,
    }
  if (failed.rolledBack)
    return {
      kind: 'taken-back',
      because: 'it ran as one transaction and was ended in the middle of it, which the server rolled back',
    }
  if (failed.planned.mustShow && isUnchanged(stopped))
    return {
      kind: 'taken-back',
      because: 'it ran as one transaction, none of what it does to the schema is there',
    }
  return {
    kind: 'not-known',
    because:
      'Prisma recorded no error of the server, and the schema does not show whether its transaction was committed',
  }
}

export function isUnchanged({ difference }: Pick<StoppedState, 'difference'>): boolean {
  return difference.added.length === 0 && difference.removed.length === 0
}

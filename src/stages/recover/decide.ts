import type { CatalogDifference } from '../../postgres/catalog.ts'

/** What the catalog and the history say after Prisma stopped. Facts only, no guesses from its output. */
export interface StoppedState {
  /** Applied by this run, in order. They stand. */
  readonly applied: readonly string[]
  readonly failed: { readonly name: string; readonly atomic: boolean } | undefined
  readonly notReached: readonly string[]
  /** Between the moment before this run and now. */
  readonly difference: CatalogDifference
}

export type Recovery =
  /** Nothing took effect but the row of the failed migration: marking it rolled back is safe. */
  | { readonly kind: 'clean-history'; readonly migration: string }
  /** Prisma was stopped after its last migration: there is nothing to take back. */
  | { readonly kind: 'all-applied' }
  /** Nothing happened at all, not even a row. */
  | { readonly kind: 'nothing-to-do' }
  | { readonly kind: 'needs-human'; readonly state: readonly string[] }

export function decideRecovery(stopped: StoppedState): Recovery {
  if (stopped.failed === undefined && stopped.notReached.length === 0) return { kind: 'all-applied' }
  const unchanged = stopped.difference.added.length === 0 && stopped.difference.removed.length === 0
  if (stopped.applied.length === 0 && unchanged) {
    if (stopped.failed === undefined) return { kind: 'nothing-to-do' }
    // A file that is not atomic may have committed rows, which the catalog does not show.
    if (stopped.failed.atomic) return { kind: 'clean-history', migration: stopped.failed.name }
  }
  return { kind: 'needs-human', state: describe(stopped) }
}

const mostLines = 20

function describe({ applied, failed, notReached, difference }: StoppedState): readonly string[] {
  const changes = [...difference.removed.map((line) => `- ${line}`), ...difference.added.map((line) => `+ ${line}`)]
  return [
    ...applied.map((name) => `applied, and it stands: ${name}`),
    ...(failed === undefined ? [] : [describeFailed(failed)]),
    ...notReached.map((name) => `not reached: ${name}`),
    changes.length === 0 ? 'The schema is the same as before.' : 'What changed in the schema since before this run:',
    ...changes.slice(0, mostLines),
    ...(changes.length > mostLines ? [`and ${changes.length - mostLines} more, in the JSON report`] : []),
  ]
}

function describeFailed({ name, atomic }: { readonly name: string; readonly atomic: boolean }): string {
  return atomic
    ? `failed: ${name}; it runs as one transaction, so nothing of it stayed`
    : `failed: ${name}; it runs statement by statement, so what came before the failing statement stayed, changed rows included`
}

import type { CatalogDifference } from '../../postgres/catalog.ts'

/** What came of running the pending migrations on the copy. Only `passed` lets a deploy go on. */
export type Rehearsal =
  | { readonly kind: 'passed'; readonly real: RealRun; readonly notChecked: readonly string[] }
  | { readonly kind: 'failed'; readonly real: RealRun; readonly problems: readonly string[] }
  | { readonly kind: 'not-made'; readonly because: string }

/** The migrations as they are going to be applied, by the engine that will apply them. */
export interface RealRun {
  readonly engine: 'Prisma' | 'Airlock'
  readonly ms: number
  /** In order, as far as it came. */
  readonly finished: readonly string[]
  readonly failed: readonly string[]
  /** What the engine said when it did not succeed. */
  readonly said: string | undefined
  readonly difference: CatalogDifference
}

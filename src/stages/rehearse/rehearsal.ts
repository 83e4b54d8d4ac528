import type { CatalogDifference } from '../../postgres/catalog.ts'
import type { RunResult } from '../../result.ts'
import type { DataCheck } from './data/data-check.ts'
import type { DeployEstimate } from './estimate/estimate.ts'
import type { Halfway } from './halfway/halfway.ts'
import type { Agreement } from './trace/decide-agreement.ts'
import type { Trace } from './trace/trace.ts'
import type { RehearsedUndo } from './undo/undo.ts'

/** What came of running the pending migrations on the copy. `failed` stops a deploy; one that was not made is said not to have been. */
export type Rehearsal =
  | ({ readonly kind: 'passed' } & Seen)
  | ({
      readonly kind: 'failed'
      readonly problems: readonly string[]
      readonly find: string | undefined
      readonly approvable: boolean
    } & Seen)
  | { readonly kind: 'not-made'; readonly because: string }

export interface Seen {
  readonly real: RealRun
  readonly trace: Trace
  readonly estimate: DeployEstimate
  readonly agreement: Agreement
  /** Of a copy on which the migrations went through. */
  readonly checks: readonly DataCheck[]
  /** Of each migration; empty where the policy leaves it out. */
  readonly undo: readonly RehearsedUndo[]
  /** Of each migration where Prisma applies them. */
  readonly halfway: readonly Halfway[]
  readonly notChecked: readonly string[]
}

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

export function reportedRehearsal(rehearsal: Rehearsal, schema: string): RunResult['rehearsal'] {
  if (rehearsal.kind === 'not-made') return undefined
  const { real, trace, estimate, agreement, checks, undo, halfway, notChecked } = rehearsal
  return {
    mode: estimate.mode,
    schema,
    engineMs: real.ms,
    trace,
    estimate,
    disagreements: agreement.disagreements,
    checks,
    undo,
    halfway,
    notChecked,
  }
}

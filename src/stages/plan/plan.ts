import type { ApprovalReason } from '../../config.ts'
import type { ExecutionModel } from '../../migrations/execution-model.ts'
import type { AllowedFinding, Finding } from '../../rules/finding.ts'
import type { MigrationStage, Statement } from '../../sql/model.ts'

declare const planDigest: unique symbol
export type PlanDigest = `sha256:${string}` & { readonly [planDigest]: true }

export interface PlannedMigration {
  readonly name: string
  readonly checksum: string
  readonly file: string
  readonly stage: MigrationStage
  /** How the installed Prisma will run the file: one transaction, or each statement on its own. */
  readonly execution: Pick<ExecutionModel, 'kind' | 'atomic' | 'because'>
  /** Of a file that an earlier run began: the byte where this one goes on. */
  readonly resumesAt?: number | undefined
  readonly statements: readonly Statement[]
}

/** Something an approver has to know before this plan may be applied. */
export interface Risk {
  readonly reason: ApprovalReason
  readonly migration: string
  readonly line: number
  readonly text: string
}

/** Something that is known to go wrong: applying it would only leave a failed row or nothing at all behind. */
export interface Obstacle {
  readonly migration: string
  readonly text: string
  readonly instead: string
}

export interface Plan {
  readonly migrations: readonly PlannedMigration[]
  readonly findings: readonly Finding[]
  /** What comments in the migrations silenced. The risks of the same statements stay. */
  readonly allowed: readonly AllowedFinding[]
  readonly risks: readonly Risk[]
  readonly obstacles: readonly Obstacle[]
  readonly digest: PlanDigest
  /** Pending behind them, and not asked for. */
  readonly leftOut: readonly string[]
}

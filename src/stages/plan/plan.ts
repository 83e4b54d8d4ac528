import type { ApprovalReason } from '../../config.ts'
import type { Finding } from '../../rules/finding.ts'
import type { MigrationStage, Statement } from '../../sql/model.ts'

declare const planDigest: unique symbol
export type PlanDigest = `sha256:${string}` & { readonly [planDigest]: true }

export interface PlannedMigration {
  readonly name: string
  readonly checksum: string
  readonly file: string
  readonly stage: MigrationStage
  /** How the installed Prisma will run the file: one transaction, or each statement on its own. */
  readonly execution: { readonly kind: 'batch' | 'split'; readonly atomic: boolean; readonly because: string }
  readonly statements: readonly Statement[]
}

/** Something an approver has to know before this plan may be applied. */
export interface Risk {
  readonly reason: ApprovalReason
  readonly migration: string
  readonly line: number
  readonly text: string
}

export interface Plan {
  readonly migrations: readonly PlannedMigration[]
  readonly findings: readonly Finding[]
  readonly risks: readonly Risk[]
  readonly digest: PlanDigest
}

import type { Policy } from '../../config.ts'
import type { Sha256 } from '../../ports.ts'
import type { PlanDigest, PlannedMigration, Risk } from './plan.ts'

/** Grows whenever a rule or an effect is changed in a way that an approver would judge differently. */
const ruleSetVersion = 1

export interface DigestInput {
  readonly migrations: readonly Pick<PlannedMigration, 'name' | 'checksum' | 'execution' | 'resumesAt'>[]
  readonly historyHead: string | undefined
  readonly schemaFingerprint: string
  /** `schema`: where unqualified names lead; two tenants in one database have the same migrations. */
  readonly target: {
    readonly systemIdentifier: string
    readonly database: string
    readonly schema: string
    /** Where it is not Prisma’s. */
    readonly history?: string | undefined
  }
  /** What the approval is asked for. A table that grew large since is one more of them. */
  readonly risks: readonly Pick<Risk, 'reason' | 'migration' | 'line'>[]
  readonly policy: Policy
  readonly rules: Readonly<Record<string, string>>
}

/** Covers everything an approver relies on. Another order of the same keys is the same plan. */
export function digestOf(input: DigestInput, sha256: Sha256): PlanDigest {
  const covered = {
    ruleSetVersion,
    migrations: input.migrations.map(({ name, checksum, execution, resumesAt }) => ({
      name,
      checksum,
      kind: execution.kind,
      atomic: execution.atomic,
      resumesAt,
    })),
    historyHead: input.historyHead ?? null,
    schemaFingerprint: input.schemaFingerprint,
    target: input.target,
    // Without their texts: those name sizes, which change from minute to minute.
    risks: input.risks.map(({ reason, migration, line }) => ({ reason, migration, line })),
    policy: input.policy,
    rules: input.rules,
  }
  return `sha256:${sha256(canonicalJson(covered))}` as PlanDigest
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

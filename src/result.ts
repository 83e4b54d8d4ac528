import { z } from 'zod'
import { failureTitles } from './errors.ts'
import { rehearsalSchema } from './rehearsal-result.ts'
import { severities } from './rules/finding.ts'
import { lockModes, lossKinds, migrationStages } from './sql/model.ts'
import { backupTiers } from './stages/backup/tiers.ts'
import { undoLoss, undoOrigin, writtenSince } from './undo-result.ts'

/**
 * The JSON that people script against. Published as schemas/result.schema.json; it only grows.
 */

export const commands = [
  'check',
  'plan',
  'deploy',
  'backup',
  'restore',
  'prune',
  'rehearse',
  'verify',
  'rollback',
  'undo',
  'health',
  'doctor',
  'baseline',
] as const
export type Command = (typeof commands)[number]

export const outcomes = [
  'clear',
  'needs-approval',
  'blocked',
  'applied',
  'nothing-pending',
  'done',
  'refused',
  'recovered',
  'needs-human',
  'failed',
] as const
export type Outcome = (typeof outcomes)[number]

export const stageNames = [
  'preflight',
  'plan',
  'compatibility',
  'gate',
  'backup',
  'rehearse',
  'before-deploy',
  'blockers',
  'apply',
  'verify',
  'after-deploy',
  'recover',
  'restore',
  'swap',
  'prune',
  'report',
] as const
export type StageName = (typeof stageNames)[number]

const stageOutcomes = ['pass', 'fail', 'unknown', 'skipped'] as const
export type StageOutcome = (typeof stageOutcomes)[number]

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()

const effects = z
  .object({
    locks: list(z.object({ relation: z.string(), mode: z.enum(lockModes) }).readonly()),
    rewrites: list(z.string()),
    scans: list(z.string()),
    overwrites: list(z.string())
      .optional()
      .describe('tables and sequences whose values of before are nowhere but in a backup'),
    loses: list(z.object({ kind: z.enum(lossKinds), name: z.string() }).readonly()),
    beyond: list(z.string()).optional().describe('functions that it calls and whose work no transaction takes back'),
    unknown: z.boolean().describe('true where any part of the effect could not be told'),
    unknownBecause: z.string().optional(),
  })
  .readonly()

const migration = z
  .object({
    name: z.string(),
    checksum: z.string(),
    atomic: z.boolean().describe('whether a failure inside the file leaves nothing of it behind'),
    stage: z.enum(migrationStages),
    statements: list(
      z
        .object({
          index: z.int(),
          line: z.int(),
          kind: z.string().describe('node name of the PostgreSQL grammar'),
          sql: z.string(),
          effects,
        })
        .readonly(),
    ),
  })
  .readonly()

const finding = z
  .object({
    rule: z.string(),
    severity: z.enum(severities),
    migration: z.string(),
    file: z.string(),
    line: z.int(),
    column: z.int(),
    message: z.string(),
    why: z.string(),
    instead: z.string(),
    docs: z.string(),
    relation: z.string().optional().describe('the table whose size decides how long it takes'),
  })
  .readonly()

const allowed = z
  .object({
    rule: z.string(),
    severity: z.enum(severities),
    migration: z.string(),
    file: z.string(),
    line: z.int(),
    message: z.string(),
    reason: z.string().describe('what the comment in the migration says after "because"'),
  })
  .readonly()

const stage = z
  .object({
    name: z.enum(stageNames),
    outcome: z.enum(stageOutcomes),
    ms: z.int(),
    summary: z.string().describe('one line for people; says "not checked" where nothing was checked'),
    detail: z.record(z.string(), z.unknown()).readonly(),
  })
  .readonly()

const failure = z
  .object({
    code: z.enum(Object.keys(failureTitles) as [keyof typeof failureTitles]).or(z.literal('BUG')),
    what: z.string(),
    why: z.string(),
    next: list(z.string()),
  })
  .readonly()

const backup = z
  .object({
    manifest: z.string(),
    tier: z.enum(backupTiers),
    bytes: z.int(),
    artifactFiles: list(z.string())
      .optional()
      .describe(
        'of a backup that this run made: what may be uploaded as an artifact, all files of an encrypted one and none of another',
      ),
  })
  .readonly()

const undo = z
  .object({
    migration: z.string(),
    kind: z.enum(['proven', 'lossy']).describe('proven: up and down lead to the same catalog and the same rows'),
    origin: undoOrigin,
    sql: z.string(),
    loses: list(undoLoss).describe('what is not as it was before; rows is null where it could not be counted'),
    checked: list(z.string()),
    notChecked: list(z.string()),
    writtenSince,
    server: z.string().describe('what it was proven on'),
    file: z.string().optional().describe('where it was written'),
  })
  .readonly()

export const resultSchema = z
  .object({
    schemaVersion: z.literal(1),
    command: z.enum(commands).optional().describe('left out only where the command line names none that exists'),
    outcome: z.enum(outcomes),
    reasonCode: z.string().describe('stable, for scripts; the sentence for people is `reason`'),
    reason: z.string(),
    environment: z.string().optional(),
    target: z.object({ host: z.string(), database: z.string() }).readonly().optional(),
    digest: z.string().optional().describe('what an approver approves: `--approve sha256:…`'),
    migrations: list(migration),
    applied: list(z.string()).describe(
      'names of the migrations that this run applied; empty as well where `reasonCode` is `state_unknown`, because nobody could look',
    ),
    failed: list(z.string())
      .optional()
      .describe('names of the migrations that the history has as begun and not finished when the run ended'),
    findings: list(finding),
    allowed: list(allowed).describe('findings that a comment in the migration silenced'),
    stages: list(stage),
    notices: list(z.string()).describe('what is worth knowing and stopped nobody'),
    backup: backup.optional(),
    rehearsal: rehearsalSchema.optional().describe('what the pending migrations did on the copy'),
    undo: undo.optional(),
    next: list(z.string()).describe('what to do now, ready to paste'),
    failure: failure.optional(),
    truncated: list(z.string())
      .optional()
      .describe('what was left out to fit into an output of the action; never set elsewhere'),
    startedAt: z.string(),
    ms: z.int(),
  })
  .readonly()

export type AnyResult = z.infer<typeof resultSchema>
/** Of a command line that was understood. */
export type RunResult = AnyResult & { readonly command: Command }
export type StageRecord = z.infer<typeof stage>
export type ReportedMigration = z.infer<typeof migration>
export type ReportedFailure = z.infer<typeof failure>

/** 1 is for bugs and has no outcome. */
export const exitCodes: Record<Outcome, number> = {
  clear: 0,
  applied: 0,
  'nothing-pending': 0,
  done: 0,
  failed: 2,
  'needs-approval': 3,
  blocked: 3,
  refused: 3,
  recovered: 4,
  'needs-human': 5,
}

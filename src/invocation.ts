import type { PrismaEngine } from './config.ts'
import type { Command } from './result.ts'
import type { BackupTier } from './stages/backup/tiers.ts'
import type { Trigger } from './stages/gate/decide.ts'

/** What one run was asked to do, whichever door it came in by: the terminal or the action. */
export interface Invocation {
  readonly command: Command
  /** Absolute path of the Prisma project. */
  readonly cwd: string
  readonly migrations: string | undefined
  readonly config: string
  readonly environment: string
  readonly confirm: string
  readonly approve: string
  /** The digest that an earlier job of the same run showed; empty where there was none. */
  readonly planned: string
  /** `undo MIGRATION`, `--write`, `--overwrite`, `--server-version` */
  readonly migration: string | undefined
  readonly write: boolean
  readonly overwrite: boolean
  readonly serverVersion: number | undefined
  /** Of `plan` and `deploy`: how far to go. */
  readonly through: string | undefined
  readonly stages: 'expand' | undefined
  readonly backupDir: string | undefined
  /** `backup --out` */
  readonly out: string | undefined
  /** `restore --from`, `--into`; `--dry-run` also of `prune` */
  readonly from: string | undefined
  readonly into: string | undefined
  readonly dryRun: boolean
  /** `restore --identity`: the file with the age key. */
  readonly identity: string | undefined
  /** `backup --tier`, `restore --tier`, in place of the policy's. */
  readonly tier: BackupTier | undefined
  /** `backup --encrypt-to`, besides those of the policy. */
  readonly encryptTo: readonly string[]
  /** `restore --swap`, `--accept-loss` as it was typed */
  readonly swap: boolean
  readonly acceptLoss: string | undefined
  /** `prune --store` */
  readonly store: string | undefined
  readonly prismaEngine: PrismaEngine | undefined
  /** `check --prisma-version`, `--since` */
  readonly prismaVersion: string | undefined
  readonly since: string | undefined
  /** `check --base`, `plan --base`: the git ref of the release that is running. */
  readonly base: string | undefined
  /** What a pull request is to be merged into; taken for the running release where no ref is given. */
  readonly baseBranch: string | undefined
  readonly trigger: Trigger
  /** Where reports go; `undefined` writes none. */
  readonly reportDir: string | undefined
  readonly databaseUrl: string | undefined
  readonly directUrl: string | undefined
  readonly slackWebhookUrl: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

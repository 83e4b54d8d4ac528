import type { Failure } from '../errors.ts'
import type { Session } from '../ports.ts'
import type { EnvFiles } from './env-file.ts'
import type { FolderReading } from './folder.ts'
import type { EditedMigration, History } from './history.ts'
import type { HistoryWriter } from './history-record.ts'
import type { HistoryAbsent, HistoryTable } from './history-table.ts'
import type { Migration } from './migration.ts'
import type { MigrationOrder } from './order.ts'
import type { PrismaInstallation } from './prisma-package.ts'
import type { PrismaProject } from './prisma-project.ts'

export const sourceKinds = ['prisma', 'drizzle', 'supabase', 'sql'] as const
export type SourceKind = (typeof sourceKinds)[number]

/** Where the project names its connection. */
export interface NamesOfUrl {
  readonly urlVariables: readonly string[]
  readonly directUrlVariable: string | undefined
  readonly envFiles: EnvFiles
}

/** Where migrations come from, and where a database says which of them it has. */
export type MigrationSource = PrismaSource | OtherSource

interface AnySource {
  readonly root: string
  readonly migrationsPath: string
  /** As messages name what the project uses, with its version where that matters. */
  readonly title: string
  readonly urls: NamesOfUrl
  readonly order: MigrationOrder
  /** `applied`: the content of those is not held against them, since nothing runs them again. */
  readFolder(applied?: ReadonlySet<string>): Promise<FolderReading>
  /** In a database; `schema` is where unqualified names lead. */
  historyIn(schema: string): MigrationHistory
}

export interface PrismaSource extends AnySource {
  readonly kind: 'prisma'
  readonly project: PrismaProject
  readonly prisma: Extract<PrismaInstallation, { kind: 'installed' }>
}

/** Nothing but Airlock applies these. */
export interface OtherSource extends AnySource {
  readonly kind: Exclude<SourceKind, 'prisma'>
}

export interface MigrationHistory extends HistoryWriter {
  /** The schema that its table is in. */
  readonly schema: string
  readonly words: HistoryWords
  read(session: Session): Promise<HistoryTable>
  /** What of it stops every deploy, beside what is so for all kinds. */
  problems(history: History): readonly Failure[]
}

/** What messages say about a history, and what people paste to correct it. */
export interface HistoryWords {
  /** As sentences name it. */
  readonly name: string
  /** Whoever decides by it what is pending. */
  readonly reader: 'Prisma' | 'Drizzle' | 'the Supabase CLI' | 'Airlock'
  /** Who writes down what became of a file while it is applied. */
  readonly recorder: 'Prisma' | 'Airlock'
  /** What a failed migration does to later deploys. */
  readonly blocked: string
  readonly setApplied: (name: string) => string
  readonly setRolledBack: (name: string) => string
  readonly acceptEdited: (edited: EditedMigration) => string
  readonly forget: (names: readonly string[]) => string
  /** Lists the commits that know a migration which the folder does not have. */
  readonly findInGit: (name: string) => string
  /** Records the first migration in a database that has no history. */
  readonly baseline: (first: Migration | undefined, absent: HistoryAbsent) => readonly string[]
}

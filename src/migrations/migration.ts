import type { ResumePoint } from './atomic-progress.ts'

declare const migrationName: unique symbol

/** The name of a folder that holds a `migration.sql`, and what the history calls the migration. */
export type MigrationName = string & { readonly [migrationName]: true }

export function asMigrationName(folder: string): MigrationName {
  return folder as MigrationName
}

export interface Migration {
  readonly name: MigrationName
  /** The folder. */
  readonly path: string
  /** `migration.sql` as reports name it, relative to the project and with `/`. */
  readonly file: string
  readonly sql: string
  /** The size of the file. */
  readonly bytes: number
  /** SHA-256 in hexadecimal, as Prisma writes it into the history. */
  readonly checksum: string
  /** The same for the text with other line endings: Prisma takes an applied migration with any of these for unedited. */
  readonly otherChecksums: readonly string[]
  /** What the history knows it by, where that is not its name: the `when` of Drizzle’s journal, the version of Supabase. */
  readonly recordedAs?: string | undefined
  /** A part of it is in force already: where the next run goes on. */
  readonly resume?: ResumePoint | undefined
}

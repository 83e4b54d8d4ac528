import type { Migration, MigrationName } from './migration.ts'
import { compareNames, type MigrationOrder } from './order.ts'

/** One row of `_prisma_migrations`. */
export interface HistoryRow {
  readonly id: string
  readonly name: string
  readonly checksum: string
  readonly startedAt: Date
  readonly finishedAt: Date | undefined
  readonly rolledBackAt: Date | undefined
  /** What the server said when the migration failed; empty where Prisma had no time to write it. */
  readonly logs: string
  readonly appliedSteps: number
  /** Airlock recorded how far it came, and why the next run cannot go on from there. */
  readonly notResumable?: string | undefined
}

/**
 * The SQLSTATE of the error with which the server refused the script. Prisma writes it down in a statement of its own, after
 * the script: without it, nobody knows whether there was an error.
 */
export function sqlStateIn(logs: string): string | undefined {
  return /^Database error code: ([0-9A-Z]{5})\s*$/m.exec(logs)?.[1]
}

export interface EditedMigration {
  readonly migration: Migration
  /** What the history has; `migration.checksum` is what the folder has now. */
  readonly recorded: string
}

export interface History {
  /** In the order in which Prisma is going to apply them. */
  readonly pending: readonly Migration[]
  readonly applied: readonly Migration[]
  /** Started, neither finished nor resolved. One of them is enough for Prisma to apply nothing (P3009). */
  readonly failed: readonly HistoryRow[]
  readonly edited: readonly EditedMigration[]
  /** Applied, and not in the folder. */
  readonly missing: readonly string[]
  /** Pending, and older than one that is applied. Prisma applies them without a word. */
  readonly outOfOrder: readonly Migration[]
  /** The last applied migration that the folder has. */
  readonly head: MigrationName | undefined
}

/**
 * Sees what `prisma migrate deploy` sees (prisma-engines, schema-engine/commands/src/commands/apply_migrations.rs):
 * a migration is pending unless the history has a row with its name that is not rolled back, whatever else the row says;
 * a row that is neither finished nor rolled back is failed, even if the folder no longer has it.
 *
 * For edited and missing migrations Prisma's own `status` looks at the first row of a name, rolled back or not
 * (diagnose_migration_history.rs). A row that was rolled back describes nothing that the database still has, so only
 * finished ones count here.
 */
export function decideHistory(
  rows: readonly HistoryRow[],
  migrations: readonly Migration[],
  order: MigrationOrder = 'locale',
): History {
  const standing = rows.filter((row) => row.rolledBackAt === undefined)
  const finished = standing.filter((row) => row.finishedAt !== undefined)
  const standingNames = new Set(standing.map((row) => row.name))
  const finishedNames = new Set(finished.map((row) => row.name))
  const known = new Set<string>(migrations.map((migration) => migration.name))

  const pending = migrations.filter((migration) => !standingNames.has(migration.name))
  const applied = migrations.filter((migration) => finishedNames.has(migration.name))
  const missing = [...finishedNames].filter((name) => !known.has(name))
  return {
    pending,
    applied,
    failed: standing.filter((row) => row.finishedAt === undefined),
    edited: applied.flatMap((migration) => editedBy(migration, finished)),
    missing: missing.sort(compareNames(order)),
    outOfOrder: pending.filter((migration) => isBefore(migration, applied, migrations)),
    head: applied.at(-1)?.name,
  }
}

/** The checksums that one edit leaves behind: every finished row has to match, for a second one means a second run. */
function editedBy(migration: Migration, finished: readonly HistoryRow[]): readonly EditedMigration[] {
  const row = finished.find(({ name, checksum }) => name === migration.name && !matches(checksum, migration))
  return row === undefined ? [] : [{ migration, recorded: row.checksum }]
}

/** Prisma takes LF and CRLF for the same text, and knows checksums of old versions that dropped leading zeros (checksum.rs). */
function matches(recorded: string, migration: Migration): boolean {
  if (recorded === migration.checksum) return true
  const own = [migration.checksum, ...migration.otherChecksums]
  if (recorded === '' || recorded.length === migration.checksum.length) return own.includes(recorded)
  return own.some((checksum) => checksum.replace(/0([0-9a-f])|([0-9a-f]{2})/g, '$1$2') === recorded)
}

function isBefore(migration: Migration, applied: readonly Migration[], migrations: readonly Migration[]): boolean {
  const last = applied.at(-1)
  return last !== undefined && migrations.indexOf(migration) < migrations.indexOf(last)
}

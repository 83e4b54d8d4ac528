import { quoteIdentifier, quoteLiteral } from '../postgres/quoting.ts'

/** What is written to a history of Prisma’s shape, as its engine writes it (schema-engine of 7.10 and 6.19, by the log of the server). */

export interface HistoryRecord {
  /** Of one migration; `id` is a UUID of version 4. */
  readonly id: string
  readonly name: string
  readonly checksum: string
  readonly sql: string
  /** What a history calls it that does not go by its name; see Migration. */
  readonly recordedAs?: string | undefined
}

/** What is said to the server while a file is applied. Each is one statement or several, without the last semicolon. */
export interface HistoryWriter {
  /** Where the table is absent. */
  create(schemaExists: boolean): readonly string[]
  /** In the transaction of the migration itself. */
  insertFinished(record: HistoryRecord): string
  /** The file is applied step by step: the row is there first. */
  insertStarted(record: HistoryRecord, logs: string): string
  progress(record: HistoryRecord, logs: string): string
  finish(record: HistoryRecord): string
  forget(record: HistoryRecord): string
}

/** A table like Prisma’s. `schemaName` and `tableName` without quotes. */
export function recordsIn(schemaName: string, tableName: string): HistoryWriter {
  const table = `${quoteIdentifier(schemaName)}.${quoteIdentifier(tableName)}`
  return {
    create: (schemaExists) => [
      ...(schemaExists ? [] : [`CREATE SCHEMA ${quoteIdentifier(schemaName)}`]),
      createHistorySql(table),
    ],
    // It began when the transaction began.
    insertFinished: ({ id, name, checksum }) =>
      `INSERT INTO ${table} ("id", "checksum", "started_at", "migration_name", "applied_steps_count", "finished_at") VALUES (${[id, checksum].map(quoteLiteral).join(', ')}, pg_catalog.transaction_timestamp(), ${quoteLiteral(name)}, 1, pg_catalog.clock_timestamp())`,
    insertStarted: ({ id, name, checksum }, logs) =>
      `INSERT INTO ${table} ("id", "checksum", "started_at", "migration_name", "logs") VALUES (${[id, checksum].map(quoteLiteral).join(', ')}, pg_catalog.clock_timestamp(), ${[name, logs].map(quoteLiteral).join(', ')})`,
    // The checksum as well: behind what is in force the file may have been corrected.
    progress: ({ id, checksum }, logs) =>
      `UPDATE ${table} SET "logs" = ${quoteLiteral(logs)}, "checksum" = ${quoteLiteral(checksum)} WHERE "id" = ${quoteLiteral(id)}`,
    // As Prisma leaves it: nothing in `logs`, and the checksum of the file that it is now, of which a part may have been corrected.
    finish: ({ id, checksum }) =>
      `UPDATE ${table} SET "logs" = NULL, "checksum" = ${quoteLiteral(checksum)}, "applied_steps_count" = 1, "finished_at" = pg_catalog.clock_timestamp() WHERE "id" = ${quoteLiteral(id)}`,
    forget: ({ id }) => `DELETE FROM ${table} WHERE "id" = ${quoteLiteral(id)}`,
  }
}

/** The text that Prisma's engine sends, white space included, but for the schema, which its search path knows. */
export function createHistorySql(table: string, unlessThere = false): string {
  return `CREATE TABLE ${unlessThere ? 'IF NOT EXISTS ' : ''}${table} (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`
}

/** In a transaction that the file may have given another role: its own settings come back when it ends. */
export const asOurselves = 'SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT'

/** In a transaction of its own, whatever the file said about those that follow. */
export function onItsOwn(sql: string): string {
  return `BEGIN READ WRITE; ${asOurselves}; ${sql}; COMMIT`
}

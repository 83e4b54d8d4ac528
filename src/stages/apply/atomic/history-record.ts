import { quoteIdentifier, quoteLiteral } from '../../../postgres/quoting.ts'

/** What is written to Prisma’s history, as its engine writes it (schema-engine of 7.10 and 6.19, by the log of the server). */

export interface HistoryRecord {
  /** Of one migration; `id` is a UUID of version 4. */
  readonly id: string
  readonly name: string
  readonly checksum: string
  readonly schema: string
}

/** The text that Prisma's engine sends, white space included, but for the schema, which its search path knows. */
export function createHistorySql(schema: string): string {
  return `CREATE TABLE ${tableIn(schema)} (
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

/** In the transaction of the migration itself; it began when that began. */
export function insertFinishedSql({ id, name, checksum, schema }: HistoryRecord): string {
  return `INSERT INTO ${tableIn(schema)} ("id", "checksum", "started_at", "migration_name", "applied_steps_count", "finished_at") VALUES (${[id, checksum].map(quoteLiteral).join(', ')}, pg_catalog.transaction_timestamp(), ${quoteLiteral(name)}, 1, pg_catalog.clock_timestamp())`
}

export function insertStartedSql({ id, name, checksum, schema }: HistoryRecord, logs: string): string {
  return `INSERT INTO ${tableIn(schema)} ("id", "checksum", "started_at", "migration_name", "logs") VALUES (${[id, checksum].map(quoteLiteral).join(', ')}, pg_catalog.clock_timestamp(), ${[name, logs].map(quoteLiteral).join(', ')})`
}

export function progressSql({ id, schema }: HistoryRecord, logs: string): string {
  return `UPDATE ${tableIn(schema)} SET "logs" = ${quoteLiteral(logs)} WHERE "id" = ${quoteLiteral(id)}`
}

/** As Prisma leaves it: nothing in `logs`, and the checksum of the file that it is now, of which a part may have been corrected. */
export function finishSql({ id, checksum, schema }: HistoryRecord): string {
  return `UPDATE ${tableIn(schema)} SET "logs" = NULL, "checksum" = ${quoteLiteral(checksum)}, "applied_steps_count" = 1, "finished_at" = pg_catalog.clock_timestamp() WHERE "id" = ${quoteLiteral(id)}`
}

export function forgetSql({ id, schema }: HistoryRecord): string {
  return `DELETE FROM ${tableIn(schema)} WHERE "id" = ${quoteLiteral(id)}`
}

/** In a transaction that the file may have given another role: its own settings come back when it ends. */
export const asOurselves = 'SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT'

/** In a transaction of its own, whatever the file said about those that follow. */
export function onItsOwn(sql: string): string {
  return `BEGIN READ WRITE; ${asOurselves}; ${sql}; COMMIT`
}

function tableIn(schema: string): string {
  return `${quoteIdentifier(schema)}."_prisma_migrations"`
}

import { quoteIdentifier, quoteLiteral, shellWord } from '../postgres/quoting.ts'
import { createHistorySql, recordsIn } from './history-record.ts'
import { readRecords } from './history-table.ts'
import type { HistoryWords, MigrationHistory } from './source.ts'

/** Airlock’s own table: the history of plain SQL files, and beside that of another tool what is applied only in part. */
export const ownTable = '_airlock_migrations'

export function ownTableIn(schema: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(ownTable)}`
}

/** The history of plain SQL files. */
export function ownHistory(schema: string): MigrationHistory {
  return {
    ...recordsIn(schema, ownTable),
    schema,
    words: ownWords(schema),
    read: (session) => readRecords(session, { schema, table: ownTable, reader: 'Airlock', dataSchema: schema }),
    problems: () => [],
  }
}

export const blockedByFailure = 'Until this is resolved, Airlock applies nothing.'

function ownWords(schema: string): HistoryWords {
  const table = ownTableIn(schema)
  const unfinished = (name: string) =>
    `migration_name = ${quoteLiteral(name)} AND finished_at IS NULL AND rolled_back_at IS NULL`
  return {
    name: ownTable,
    reader: 'Airlock',
    recorder: 'Airlock',
    blocked: blockedByFailure,
    setApplied: (name) =>
      `UPDATE ${table} SET finished_at = now(), logs = NULL, applied_steps_count = 1 WHERE ${unfinished(name)};`,
    setRolledBack: (name) => `UPDATE ${table} SET rolled_back_at = now() WHERE ${unfinished(name)};`,
    acceptEdited: ({ migration, recorded }) =>
      `UPDATE ${table} SET checksum = ${quoteLiteral(migration.checksum)} WHERE migration_name = ${quoteLiteral(migration.name)} AND checksum = ${quoteLiteral(recorded)};`,
    forget: (names) => `DELETE FROM ${table} WHERE migration_name IN (${names.map(quoteLiteral).join(', ')});`,
    findInGit: (name) => `git log --all --oneline -- ${shellWord(`*/${name}.sql`)}`,
    baseline: (first, { schemaExists, elsewhere: [other] }) => [
      ...(other === undefined
        ? []
        : [
            `There is a history in the schema \`${other}\`. If that is the one, name it in the connection URL: ?schema=${other}`,
          ]),
      'Make the history. As it is then, every migration is pending:',
      ...(schemaExists ? [] : [`CREATE SCHEMA ${quoteIdentifier(schema)};`]),
      createHistorySql(table).replaceAll(/\s+/g, ' '),
      ...(first === undefined
        ? []
        : [
            'Record every migration that this database already contains, beginning with:',
            `INSERT INTO ${table} (id, checksum, migration_name, applied_steps_count, finished_at) VALUES (gen_random_uuid(), ${quoteLiteral(first.checksum)}, ${quoteLiteral(first.name)}, 1, now());`,
          ]),
    ],
  }
}

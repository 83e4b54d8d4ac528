import { quoteIdentifier, quoteLiteral, shellWord } from '../postgres/quoting.ts'
import { recordsIn } from './history-record.ts'
import { readHistory } from './history-table.ts'
import type { HistoryWords, MigrationHistory } from './source.ts'

/** Prisma’s own table, in the schema that the connection URL names. */
export function prismaHistory(schema: string): MigrationHistory {
  return {
    ...recordsIn(schema, '_prisma_migrations'),
    schema,
    words: prismaWords(schema),
    read: (session) => readHistory(session, schema),
    problems: () => [],
  }
}

export function prismaWords(schema: string): HistoryWords {
  const table = `${quoteIdentifier(schema)}."_prisma_migrations"`
  const setApplied = (name: string) => resolve('--applied', name)
  return {
    name: '_prisma_migrations',
    reader: 'Prisma',
    recorder: 'Prisma',
    blocked: 'Until this is resolved, Prisma applies nothing (P3009).',
    setApplied,
    setRolledBack: (name) => resolve('--rolled-back', name),
    acceptEdited: ({ migration, recorded }) =>
      `UPDATE ${table} SET checksum = ${quoteLiteral(migration.checksum)} WHERE migration_name = ${quoteLiteral(migration.name)} AND checksum = ${quoteLiteral(recorded)};`,
    forget: (names) => `DELETE FROM ${table} WHERE migration_name IN (${names.map(quoteLiteral).join(', ')});`,
    findInGit: (name) => `git log --all --oneline -- ${shellWord(`*/${name}/migration.sql`)}`,
    baseline: (first, { elsewhere: [other] }) => [
      ...(other === undefined
        ? []
        : [
            `There is a history in the schema \`${other}\`. If that is the one, name it in the connection URL: ?schema=${encodeURIComponent(other)}`,
          ]),
      'Record every migration that this database already contains, in their order, beginning with:',
      setApplied(first?.name ?? '0_init'),
    ],
  }
}

function resolve(flag: '--applied' | '--rolled-back', name: string): string {
  return `npx prisma migrate resolve ${flag} ${shellWord(name)}`
}

import { quoted, splitName } from '../../sql/identifiers.ts'
import { tokens } from '../../sql/lexer.ts'
import { changesOf, isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'create-index-blocks-writes',
  title: 'Creating an index blocks writes to the table until it is built',
  group: 'lock',
  documentation: {
    summary:
      'CREATE INDEX reads the whole table under SHARE: reads go on, every INSERT, UPDATE and DELETE waits. CONCURRENTLY takes ' +
      'longer and blocks nobody; it must stand alone in its migration, and when it fails it leaves an invalid index to drop.',
    bad: 'CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId");',
    good: 'CREATE INDEX CONCURRENTLY "Post_authorId_idx" ON "Post" ("authorId");',
  },
  growsWithTable: true,
  check: (context) =>
    changesOf(context, 'create-index').flatMap(({ statement, change }) => {
      const { index } = change
      if (statement.kind !== 'IndexStmt' || change.concurrently || !isInUse(index.table, statement, context)) return []
      if (
        !statement.effects.scans.includes(index.table) &&
        !statement.effects.scans.some((table) => table !== index.table)
      )
        return []
      const table = relation(index.table, context)
      const name = quoted(splitName(index.name).name)
      const fails = index.unique ? ' It also fails if two rows have the same values.' : ''
      return [
        {
          statement,
          relation: index.table,
          severity: 'warning' as const,
          message: `Creates the index ${name}: every write to ${table} waits until it is built.`,
          why: `The lock (SHARE) is held while the whole table is read and until the transaction ends; writers queue behind it.${fails}`,
          instead: [
            '-- alone in a migration of its own: builds while everybody works on',
            `${concurrently(statement.sql)};`,
            '-- only if that failed: it leaves an invalid index behind, to be dropped before the next attempt',
            `DROP INDEX CONCURRENTLY IF EXISTS ${relation(index.name, context)};`,
          ].join('\n'),
        },
      ]
    }),
}

/** The statement as written, with CONCURRENTLY after INDEX. */
function concurrently(sql: string): string {
  for (const token of tokens(sql)) {
    if (token.kind !== 'word' || sql.slice(token.start, token.end).toUpperCase() !== 'INDEX') continue
    return `${sql.slice(0, token.end)} CONCURRENTLY${sql.slice(token.end)}`
  }
  return sql
}

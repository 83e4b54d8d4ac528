import { allOf, as } from '../../sql/effects/tree.ts'
import { tokens } from '../../sql/lexer.ts'
import { isInUse } from '../in-use.ts'
import { relations } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'reindex-blocks-writes',
  title: 'REINDEX stops writes, and reads that want the index, until it is built anew',
  group: 'lock',
  documentation: {
    summary:
      'REINDEX locks the table against writes and the index against everybody, also against the planner, which looks at every ' +
      'index of a table in a query. CONCURRENTLY builds the new one beside the old; it must stand alone in its migration.',
    bad: 'REINDEX TABLE "User";',
    good: 'REINDEX TABLE CONCURRENTLY "User";',
  },
  growsWithTable: true,
  looksInside: true,
  about: ['ReindexStmt'],
  check: (context) => context.statements.flatMap((statement) => remark(statement, context)),
}

function remark(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const node = as(statement.node, 'ReindexStmt')
  if (node === undefined) return []
  if (allOf(node.params, 'DefElem').some((option) => option.defname === 'concurrently')) return []
  const tables = statement.effects.scans.filter((table) => isInUse(table, statement, context))
  const all =
    node.kind === 'REINDEX_OBJECT_SCHEMA' ||
    node.kind === 'REINDEX_OBJECT_DATABASE' ||
    node.kind === 'REINDEX_OBJECT_SYSTEM'
  if (tables.length === 0 && !statement.effects.unknown) return []
  const where =
    tables.length > 0 ? relations(tables, context) : all ? 'every table that is reached' : 'the table of the index'
  return [
    {
      statement,
      relation: tables.length === 1 ? tables[0] : undefined,
      severity: 'warning',
      message: `Builds indexes anew: every write to ${where} waits until that is done, and most reads too.`,
      why: 'The table is locked with SHARE and each index with ACCESS EXCLUSIVE while it is built; the planner looks at all indexes of a table and waits for them.',
      instead: [
        '-- alone in a migration of its own: builds beside the old one',
        `${concurrently(statement.sql)};`,
      ].join('\n'),
    },
  ]
}

/** CONCURRENTLY stands behind the kind of object; https://www.postgresql.org/docs/18/sql-reindex.html */
function concurrently(sql: string): string {
  for (const token of tokens(sql)) {
    if (token.kind !== 'word' || !/^(index|table|schema|database|system)$/i.test(sql.slice(token.start, token.end)))
      continue
    return `${sql.slice(0, token.end)} CONCURRENTLY${sql.slice(token.end)}`
  }
  return sql
}

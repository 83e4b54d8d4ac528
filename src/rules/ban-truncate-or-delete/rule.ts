import type { RelationName } from '../../sql/model.ts'
import { columnList, keyOf, relation, relations, rowOf, suffixed } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'ban-truncate-or-delete',
  title: 'Deleting rows in a migration cannot be undone',
  group: 'destructive',
  documentation: {
    summary:
      'Rows that a migration deletes come back only from a backup. TRUNCATE also takes the strongest lock, and DELETE follows ' +
      'ON DELETE CASCADE into other tables. Keep a copy beside the table first.',
    bad: 'DELETE FROM "Session" WHERE "expiresAt" < now();',
    good: 'CREATE TABLE "Session_deleted" AS SELECT * FROM "Session" WHERE "expiresAt" < now();',
  },
  about: ['loses rows'],
  check: (context) => context.statements.flatMap((statement) => remark(statement, context)),
}

/** What deletes lies inside them, and how much of it is not said there. */
const bodies = new Set(['DoStmt', 'CallStmt', 'SelectStmt'])

function remark(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const tables = statement.effects.loses.filter((loss) => loss.kind === 'rows').map((loss) => loss.name)
  const target = tables[0]
  if (target === undefined) return []
  const truncates = statement.kind === 'TruncateStmt'
  const inside = bodies.has(statement.kind)
  const along = inside ? [] : tables.slice(1)
  const which = inside || /\bwhere\b/i.test(statement.sql) ? 'rows' : 'every row'
  return [
    {
      statement,
      severity: 'error',
      message: truncates
        ? `Empties ${relations(tables, context)}: every row is deleted.`
        : `Deletes ${which} of ${relations(inside ? tables : [target], context)}${along.length > 0 ? `, and rows of ${relations(along, context)} that reference them` : ''}.`,
      why: truncates
        ? 'Only a backup brings the rows back, and nobody can read the table until the transaction ends.'
        : 'Only a backup brings the rows back. The deleted rows stay locked until the transaction ends, and whoever wants to change one waits.',
      instead: instead(statement, target, context),
    },
  ]
}

function instead(statement: AnalysedStatement, target: RelationName, context: RuleContext): string {
  const name = relation(target, context)
  const copy = suffixed(target, 'deleted', context)
  const condition = conditionOf(statement.sql)
  if (condition === undefined) {
    return [`-- first a copy of what goes`, `CREATE TABLE ${copy} AS SELECT * FROM ${name};`, `${statement.sql};`].join(
      '\n',
    )
  }
  const key = keyOf(target, context.catalogBefore)
  return [
    '-- first a copy of what goes',
    `CREATE TABLE ${copy} AS SELECT * FROM ${name} WHERE ${condition};`,
    '-- then the rows that were copied',
    `DELETE FROM ${name} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${copy});`,
  ].join('\n')
}

/** The condition of a plain `DELETE FROM table WHERE …`; joins and sub-statements are not taken apart. */
function conditionOf(sql: string): string | undefined {
  return /^delete\s+from\s+(?:only\s+)?[^\s;]+\s+where\s+([\s\S]+)$/i
    .exec(sql)?.[1]
    ?.replace(/\s+returning\s[\s\S]*$/i, '')
}

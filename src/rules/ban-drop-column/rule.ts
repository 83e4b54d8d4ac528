import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { columnList, columnOf, keyOf, relation, suffixed } from '../naming.ts'
import { renamedColumns } from '../rename-as-drop-add/columns.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'ban-drop-column',
  title: 'Dropping a column deletes what is in it',
  group: 'destructive',
  documentation: {
    summary:
      'DROP COLUMN makes the values of the column unreachable in every row; only a backup brings them back. Prisma Client ' +
      'names every column of a model in each query, so the release that still knows the column fails on the whole model, not ' +
      'only where it uses the field. Take the field out of the application first (`@ignore`), keep a copy, then drop.',
    bad: 'ALTER TABLE "User" DROP COLUMN "email";',
    good: 'CREATE TABLE "User_email_kept" AS SELECT id, email FROM "User";',
  },
  check: (context) => {
    const renamed = new Set(renamedColumns(context).map((pair) => `${pair.table}.${pair.from}`))
    return context.statements.flatMap((statement) => remarks(statement, renamed, context))
  },
}

function remarks(statement: AnalysedStatement, renamed: ReadonlySet<string>, context: RuleContext): readonly Remark[] {
  const byTable = new Map<RelationName, string[]>()
  for (const loss of statement.effects.loses) {
    if (loss.kind !== 'column' || renamed.has(loss.name)) continue
    const { table, column } = columnOf(loss.name)
    byTable.set(table, [...(byTable.get(table) ?? []), column])
  }
  return [...byTable].map(([table, columns]) => remark(statement, table, columns, context))
}

function remark(
  statement: AnalysedStatement,
  table: RelationName,
  columns: readonly string[],
  context: RuleContext,
): Remark {
  const name = relation(table, context)
  const several = columns.length > 1
  const clause = statement.changes.find((change) => change.kind === 'drop-column' && change.name === columns[0])
  const kept = suffixed(table, several ? 'columns_kept' : `${columns[0] ?? ''}_kept`, context)
  return {
    statement,
    clause: clause?.kind === 'drop-column' && statement.kind === 'AlterTableStmt' ? clause.clause : undefined,
    severity: 'error',
    message: `Drops the column${several ? 's' : ''} ${listed(columns.map(quoted))} of ${name}: what is in ${several ? 'them' : 'it'} is deleted in every row.`,
    why:
      'Only a backup brings the values back. Prisma Client of the release that is still running names the column in every ' +
      `query of the model, so all of them fail until the new release is everywhere.`,
    instead: [
      `-- now: mark the field${several ? 's' : ''} with @ignore in schema.prisma and release that`,
      '-- in a later migration, with a copy of what goes',
      `CREATE TABLE ${kept} AS SELECT ${columnList([...keyOf(table, context.catalogBefore), ...columns])} FROM ${name};`,
      `ALTER TABLE ${name} ${columns.map((column) => `DROP COLUMN ${quoted(column)}`).join(', ')};`,
    ].join('\n'),
  }
}

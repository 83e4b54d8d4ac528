import { quoted } from '../../sql/identifiers.ts'
import { changesOf, clauseText, isInUse, type Located } from '../in-use.ts'
import { relation, relations } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'add-foreign-key',
  title: 'Adding a foreign key blocks writes to both tables while every row is checked',
  group: 'constraint',
  documentation: {
    summary:
      'ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on the table and on the one it references, then reads every row to prove ' +
      'that its key exists. Writes to both tables wait that long. Added NOT VALID it reads nothing; VALIDATE CONSTRAINT in a ' +
      'later transaction reads the rows while writes go on.',
    bad: 'ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id");',
    good: 'ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;',
  },
  growsWithTable: true,
  check: (context) =>
    changesOf(context, 'add-constraint').flatMap((located) => {
      const { constraint } = located.change
      if (constraint.references === undefined) return []
      if (isInUse(located.change.table, located.statement, context)) return onExistingTable(located, context)
      return onNewTable(located, context)
    }),
}

function onExistingTable({ statement, change }: Located<'add-constraint'>, context: RuleContext): readonly Remark[] {
  const { constraint, table, clause } = change
  if (!statement.effects.scans.includes(table)) return []
  const other = constraint.references?.table ?? table
  const blocked = [table, ...(other !== table && isInUse(other, statement, context) ? [other] : [])]
  const name = relation(table, context)
  const inColumn = statement.changes.some((one) => one.kind === 'add-column' && one.clause === clause)
  // In a DO block the command has no place of its own in the text.
  const asWritten = statement.kind === 'AlterTableStmt' && !inColumn
  return [
    {
      statement,
      clause,
      relation: table,
      severity: 'warning',
      message: `Adds the foreign key ${quoted(constraint.name)}: writes to ${relations(blocked, context)} wait until every row of ${name} has been checked.`,
      why: 'The lock (SHARE ROW EXCLUSIVE) is taken on both tables before the check starts and is held until the transaction ends.',
      instead: [
        asWritten
          ? `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`
          : `${inColumn ? '-- the column without REFERENCES, then\n' : ''}ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} FOREIGN KEY (${constraint.columns.map(quoted).join(', ')}) REFERENCES ${relation(other, context)}${keyText(constraint.references?.columns)} NOT VALID;`,
        '-- in the next migration: reads the rows while writes go on',
        `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted(constraint.name)};`,
      ].join('\n'),
    },
  ]
}

/**
 * A new table has no rows to check, but the table it references stays locked against writes until the transaction ends: that
 * matters where the same transaction goes on with something slow.
 */
function onNewTable({ statement, change }: Located<'add-constraint'>, context: RuleContext): readonly Remark[] {
  const other = change.constraint.references?.table
  if (other === undefined || context.execution?.atomic === false || !isInUse(other, statement, context)) return []
  const slow = context.statements.slice(statement.index + 1).find((later) => takesLong(later))
  if (slow === undefined) return []
  return [
    {
      statement,
      clause: change.clause,
      severity: 'warning',
      message: `Adds the foreign key ${quoted(change.constraint.name)}, which blocks writes to ${relation(other, context)} until the migration ends, and line ${slow.range.line} works on rows before that.`,
      why: 'The lock on the referenced table (SHARE ROW EXCLUSIVE) is held until the transaction ends, however long the statements after it take.',
      instead: `Put the statement of line ${slow.range.line} into a migration of its own, or in front of this one.`,
    },
  ]
}

function takesLong(statement: AnalysedStatement): boolean {
  const writes =
    ['UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(statement.kind) && statement.effects.locks.length > 0
  return writes || statement.effects.scans.length > 0 || statement.effects.rewrites.length > 0
}

function keyText(columns: readonly string[] | undefined): string {
  return columns === undefined || columns.length === 0 ? '' : ` (${columns.map(quoted).join(', ')})`
}

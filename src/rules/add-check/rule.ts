import { quoted } from '../../sql/identifiers.ts'
import { isEmpty } from '../empty.ts'
import { atLines, type Group, groupedBy, named } from '../grouped.ts'
import { changesOf, clauseText, isInUse, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'add-check',
  title: 'Adding a CHECK stops reads and writes while every row is checked',
  group: 'constraint',
  documentation: {
    summary:
      'ADD CHECK takes ACCESS EXCLUSIVE, so that not even SELECT gets through, and reads the whole table under it. Added NOT ' +
      'VALID the lock is held for an instant; VALIDATE CONSTRAINT in a later transaction reads the rows while everybody works on.',
    bad: 'ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0);',
    good: 'ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0) NOT VALID;',
  },
  growsWithTable: true,
  about: ['add-constraint'],
  check: (context) => {
    const added = changesOf(context, 'add-constraint').filter((one) => readsAllRows(one, context))
    return groupedBy(added, ({ change }) => change.table, context).map((group) => remark(group, context))
  },
}

type Added = Located<'add-constraint'>

function readsAllRows({ statement, change: { constraint, table } }: Added, context: RuleContext): boolean {
  const checks = constraint.kind === 'check' || constraint.kind === 'not-null'
  if (!checks || !statement.effects.scans.includes(table) || !isInUse(table, statement, context)) return false
  return !isEmpty(table, statement, context)
}

/** One finding for a table: its rows are read for each of them, and the way around it is the same. */
function remark(group: Group<Added>, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const name = relation(change.table, context)
  const several = group.length > 1
  const names = group.map((one) => quoted(one.change.constraint.name))
  return {
    statement,
    clause: change.clause,
    relation: change.table,
    severity: 'warning',
    mayFail: true,
    message: `Adds the check${several ? 's' : ''} ${named(names)}${atLines(group)}: nobody can read or write ${name} until every row has been checked, and it fails on one that contradicts.`,
    why: 'The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends; every query that arrives meanwhile queues behind it.',
    instead: [
      ...group.map((one) => notValid(one, context)),
      '-- in the next migration: reads the rows while everybody works on',
      ...names.map((constraint) => `ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint};`),
    ].join('\n'),
  }
}

function notValid({ statement, change: { clause, constraint, table } }: Added, context: RuleContext): string {
  const name = relation(table, context)
  const inColumn = statement.changes.some((one) => one.kind === 'add-column' && one.clause === clause)
  // In a DO block the command has no place of its own in the text.
  if (statement.kind === 'AlterTableStmt' && !inColumn)
    return `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`
  return `${inColumn ? '-- the column without its CHECK, then\n' : ''}ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} CHECK (…) NOT VALID;`
}

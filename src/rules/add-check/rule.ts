import { quoted } from '../../sql/identifiers.ts'
import { changesOf, clauseText, isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Rule } from '../rule.ts'

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
  check: (context) =>
    changesOf(context, 'add-constraint').flatMap(({ statement, change }) => {
      const { constraint, table, clause } = change
      const checks = constraint.kind === 'check' || constraint.kind === 'not-null'
      if (!checks || !statement.effects.scans.includes(table) || !isInUse(table, statement, context)) return []
      const name = relation(table, context)
      const inColumn = statement.changes.some((one) => one.kind === 'add-column' && one.clause === clause)
      return [
        {
          statement,
          clause,
          relation: table,
          severity: 'warning' as const,
          message: `Adds the check ${quoted(constraint.name)}: nobody can read or write ${name} until every row has been checked.`,
          why: 'The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends; every query that arrives meanwhile queues behind it.',
          instead: [
            inColumn || statement.kind !== 'AlterTableStmt'
              ? `${inColumn ? '-- the column without its CHECK, then\n' : ''}ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} CHECK (…) NOT VALID;`
              : `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`,
            '-- in the next migration: reads the rows while everybody works on',
            `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted(constraint.name)};`,
          ].join('\n'),
        },
      ]
    }),
}

import { quoted } from '../../sql/identifiers.ts'
import { requireSteps } from '../add-not-null-without-default/rule.ts'
import { changesOf, isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'set-not-null',
  title: 'SET NOT NULL stops reads and writes while every row is checked',
  group: 'lock',
  documentation: {
    summary:
      'SET NOT NULL reads the whole table under ACCESS EXCLUSIVE and fails on the first row without a value. A CHECK that was ' +
      'added NOT VALID and validated while others work proves the same, and SET NOT NULL then reads nothing.',
    bad: 'ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL;',
    good: 'ALTER TABLE "User" ADD CONSTRAINT "User_name_not_null" CHECK ("name" IS NOT NULL) NOT VALID;',
  },
  growsWithTable: true,
  check: (context) =>
    changesOf(context, 'alter-column').flatMap(({ statement, change }) => {
      if (change.scans !== true || !isInUse(change.table, statement, context)) return []
      const name = relation(change.table, context)
      const column = quoted(change.name)
      return [
        {
          statement,
          relation: change.table,
          clause: change.clause,
          severity: 'warning' as const,
          message: `Makes ${column} of ${name} required: nobody can read or write ${name} until every row has been checked, and it fails if one has no value.`,
          why: 'The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends. Inserts of the running release that leave the column out fail afterwards.',
          instead: [
            '-- what must come out zero',
            `SELECT count(*) FROM ${name} WHERE ${column} IS NULL;`,
            ...requireSteps(name, change.name, change.table),
          ].join('\n'),
        },
      ]
    }),
}

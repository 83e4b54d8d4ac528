import { listed, quoted } from '../../sql/identifiers.ts'
import { requireSteps } from '../add-not-null-without-default/rule.ts'
import { isEmpty } from '../empty.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

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
  about: ['alter-column'],
  check: (context) => {
    const scanning = changesOf(context, 'alter-column').filter(
      ({ statement, change: { scans, table } }) =>
        scans === true && isInUse(table, statement, context) && !isEmpty(table, statement, context),
    )
    return groupedBy(scanning, ({ change }) => change.table, context).map((group) => remark(group, context))
  },
}

function remark(group: Group<Located<'alter-column'>>, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const name = relation(change.table, context)
  const columns = group.map((one) => one.change.name)
  const empty = columns.map((column) => `${quoted(column)} IS NULL`).join(' OR ')
  return {
    statement,
    relation: change.table,
    clause: change.clause,
    severity: 'warning',
    mayFail: true,
    message: `Makes ${listed(columns.map(quoted))} of ${name} required${atLines(group)}: nobody can read or write ${name} until every row has been checked, and it fails if one has no value.`,
    why: `The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends. Inserts of the running release that leave ${columns.length > 1 ? 'one of them' : 'the column'} out fail afterwards.`,
    instead: [
      '-- what must come out zero',
      `SELECT count(*) FROM ${name} WHERE ${empty};`,
      ...requireSteps(name, columns, change.table),
    ].join('\n'),
  }
}

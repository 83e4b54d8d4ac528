import { fieldsOfColumn } from '../../compatibility/usage.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { groupedBy } from '../grouped.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'drop-not-null',
  title: 'The running release cannot read a row without a value in a field it requires',
  group: 'application-compatibility',
  documentation: {
    summary:
      'DROP NOT NULL itself costs nothing. But Prisma Client of the release that is running has the field as required and ' +
      'refuses every result in which it is NULL (P2032), so the first row that the new release writes without a value breaks ' +
      'the instances that are not replaced yet, and a release that is rolled back.',
    bad: 'ALTER TABLE "Ticket" ALTER COLUMN "state" DROP NOT NULL;',
    good: 'ALTER TABLE "User" ADD COLUMN "displayName" TEXT;',
  },
  about: ['alter-column'],
  check: (context) => {
    const loosened = changesOf(context, 'alter-column').filter((located) => loosens(located, context))
    return groupedBy(loosened, ({ change }) => change.table, context).map((group) => remark(group, context))
  },
}

type Change = Located<'alter-column'>

function loosens({ statement, change }: Change, context: RuleContext): boolean {
  if (change.set.notNull !== false || !isInUse(change.table, statement, context)) return false
  if (change.known?.notNull === false || change.known?.createdBy === context.migration) return false
  // The running release does not know it by that name, which is told.
  if (
    changesOf(context, 'rename-column').some(
      (one) => one.change.to === change.name && one.change.table === change.table,
    )
  )
    return false
  const after = context.catalogAfter.relations.get(change.table)
  // Required again, or gone, at the end of the file: other rules speak about that.
  if (after?.kind === 'table' && after.columnsKnown && after.columns.get(change.name)?.notNull !== false) return false
  return !optionalIn(context, change.table, change.name)
}

/** One finding for a table: its rows are read as a whole. */
function remark(group: readonly [Change, ...Change[]], context: RuleContext): Remark {
  const [{ statement, change }] = group
  const columns = listed([...new Set(group.map((one) => quoted(one.change.name)))])
  return {
    statement,
    clause: change.clause,
    severity: 'notice',
    message: `Allows ${columns} of ${relation(change.table, context)} to be empty: the running release fails on every row that has no value there.`,
    why: 'Its Prisma Client has the field as required and refuses the whole result (P2032) when one row has NULL.',
    instead: `Release this with an application that reads ${columns} as optional, and let it write NULL only in the release after that.`,
  }
}

/** The schema of the running release is known, and none of its models requires the field. */
function optionalIn({ running }: RuleContext, table: RelationName, column: string): boolean {
  if (running === undefined || running.schema.problems.length > 0) return false
  return !fieldsOfColumn(running.schema, table, column).some(({ field }) => field.required)
}

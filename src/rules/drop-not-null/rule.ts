import { fieldsOfColumn } from '../../compatibility/usage.ts'
import { quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
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
  check: (context) => changesOf(context, 'alter-column').flatMap((located) => remark(located, context)),
}

function remark({ statement, change }: Located<'alter-column'>, context: RuleContext): readonly Remark[] {
  if (change.set.notNull !== false || !isInUse(change.table, statement, context)) return []
  if (change.known?.notNull === false || change.known?.createdBy === context.migration) return []
  const after = context.catalogAfter.relations.get(change.table)
  const left = after?.kind === 'table' ? after.columns.get(change.name) : undefined
  // Required again, or gone, at the end of the file: other rules speak about that.
  if (after?.kind === 'table' && after.columnsKnown && left?.notNull !== false) return []
  if (optionalIn(context, change.table, change.name)) return []
  const name = relation(change.table, context)
  const column = quoted(change.name)
  return [
    {
      statement,
      clause: change.clause,
      severity: 'notice',
      message: `Allows ${column} of ${name} to be empty: the running release fails on every row that has no value there.`,
      why: 'Its Prisma Client has the field as required and refuses the whole result (P2032) when one row has NULL.',
      instead: `Release this with an application that reads ${column} as optional, and let it write NULL only in the release after that.`,
    },
  ]
}

/** The schema of the running release is known, and none of its models requires the field. */
function optionalIn({ running }: RuleContext, table: RelationName, column: string): boolean {
  if (running === undefined || running.schema.problems.length > 0) return false
  return !fieldsOfColumn(running.schema, table, column).some(({ field }) => field.required)
}

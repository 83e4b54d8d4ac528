import { literal, quoted } from '../../sql/identifiers.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'drop-default',
  title: 'Without its sequence a required column is left empty by inserts of the running release',
  group: 'application-compatibility',
  documentation: {
    summary:
      'Prisma Client sends most defaults itself, but leaves `autoincrement()` to the database. Taking the sequence away from a ' +
      'required column makes every insert of the running release fail, because it sends no value for it.',
    bad: 'ALTER TABLE "Ticket" ALTER COLUMN "number" DROP DEFAULT;',
    good: 'ALTER TABLE "Order" ALTER COLUMN "total" DROP DEFAULT;',
  },
  // With its schema known, breaks-running-release tells what that release uses.
  judges: ({ running }) => running === undefined,
  check: (context) =>
    context.running !== undefined
      ? []
      : changesOf(context, 'alter-column').flatMap((located) => remark(located, context)),
}

function remark({ statement, change }: Located<'alter-column'>, context: RuleContext): readonly Remark[] {
  const { known, table, set } = change
  if (set.hasDefault !== false || known?.sequence === undefined || !known.notNull) return []
  if (!isInUse(table, statement, context)) return []
  const after = context.catalogAfter.relations.get(table)
  const left = after?.kind === 'table' ? after.columns.get(change.name) : undefined
  if (left === undefined || left.hasDefault || !left.notNull) return []
  const name = relation(table, context)
  const column = quoted(change.name)
  return [
    {
      statement,
      clause: change.clause,
      severity: 'warning',
      message: `Takes the sequence from ${column} of ${name}: every insert of the running release into ${name} fails.`,
      why: 'It leaves the value to the database (`autoincrement()`), which has none any more, and the column is required.',
      instead: [
        '-- release first an application that sends the value itself, and keep until then',
        `ALTER TABLE ${name} ALTER COLUMN ${column} SET DEFAULT nextval(${literal(relation(known.sequence, context))});`,
      ].join('\n'),
    },
  ]
}

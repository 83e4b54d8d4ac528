import { listed, literal, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { relation, relations } from '../naming.ts'
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
  about: ['alter-column'],
  check: (context) => {
    if (context.running !== undefined) return []
    const taken = changesOf(context, 'alter-column').flatMap((located) => withoutSequence(located, context) ?? [])
    return groupedBy(taken, () => 'the file', context).map((group) => remark(group, context))
  },
}

interface Taken extends Located<'alter-column'> {
  readonly sequence: RelationName
}

function withoutSequence({ statement, change }: Located<'alter-column'>, context: RuleContext): Taken | undefined {
  const { known, table, set } = change
  if (set.hasDefault !== false || known?.sequence === undefined || !known.notNull) return undefined
  if (!isInUse(table, statement, context)) return undefined
  const after = context.catalogAfter.relations.get(table)
  const left = after?.kind === 'table' ? after.columns.get(change.name) : undefined
  if (left === undefined || left.hasDefault || !left.notNull) return undefined
  return { statement, change, sequence: known.sequence }
}

/** One finding for the file: the release that sends the values itself has to come first for all of them. */
function remark(group: Group<Taken>, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const several = group.length > 1
  const columns = group.map((one) => `${quoted(one.change.name)} of ${relation(one.change.table, context)}`)
  const tables = relations(
    group.map((one) => one.change.table),
    context,
  )
  return {
    statement,
    clause: change.clause,
    severity: 'warning',
    message: `Takes the sequence${several ? 's' : ''} from ${listed(columns)}${atLines(group)}: every insert of the running release into ${tables} fails.`,
    why: 'It leaves the value to the database (`autoincrement()`), which has none any more, and the column is required.',
    instead: [
      '-- release first an application that sends the value itself, and keep until then',
      ...group.map((one) => {
        const table = relation(one.change.table, context)
        return `ALTER TABLE ${table} ALTER COLUMN ${quoted(one.change.name)} SET DEFAULT nextval(${literal(relation(one.sequence, context))});`
      }),
    ].join('\n'),
  }
}

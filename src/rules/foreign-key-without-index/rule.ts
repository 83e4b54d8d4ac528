import { quoted } from '../../sql/identifiers.ts'
import { type AddedKey, checksRows, lacksIndex, missingIndex, toldWithTheCheck } from '../foreign-keys.ts'
import { type Group, groupedBy } from '../grouped.ts'
import { changesOf } from '../in-use.ts'
import { relations } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'
import { indexesIn } from '../table-indexes.ts'

export const rule: Rule = {
  id: 'foreign-key-without-index',
  title: 'Without an index on a foreign key, deleting what it references reads the whole table',
  group: 'constraint',
  documentation: {
    summary:
      'PostgreSQL makes no index for the columns of a foreign key, and Prisma adds none. Every DELETE of a referenced row, and ' +
      'every change of its key, then reads the referencing table from end to end to find what points at it, and holds its row ' +
      'lock so long. It shows first when the table has grown. Where add-foreign-key speaks about the same key, it says this too.',
    bad: 'ALTER TABLE "Order" ADD COLUMN "userId" INT REFERENCES "User" (id) ON DELETE CASCADE;',
    good: 'ALTER TABLE "Order" ADD COLUMN "userId" INT REFERENCES "User" (id) ON DELETE CASCADE;\nCREATE INDEX "Order_userId_idx" ON "Order" ("userId");',
  },
  growsWithTable: true,
  about: ['add-constraint'],
  check: (context) => {
    const indexes = indexesIn(context.catalogAfter)
    const bare = changesOf(context, 'add-constraint').filter(
      (added) => lacksIndex(added, indexes, context) && !(checksRows(added, context) && toldWithTheCheck(context)),
    )
    return groupedBy(bare, () => 'the file', context).map((group) => remark(group, context))
  },
}

/** One finding for the file: what to do is the same for all of them. */
function remark(bare: Group<AddedKey>, context: RuleContext): Remark {
  const [{ statement, change }] = bare
  const parents = relations(
    bare.map((one) => one.change.constraint.references?.table ?? one.change.table),
    context,
  )
  const children = relations(
    bare.map((one) => one.change.table),
    context,
  )
  const keys = bare.map((one) => one.change.constraint.columns.map(quoted).join(', '))
  return {
    statement,
    clause: change.clause,
    relation: bare.length === 1 ? change.table : undefined,
    severity: 'notice',
    message: `Adds ${bare.length === 1 ? 'a foreign key' : `${bare.length} foreign keys`} without an index (${keys.join('; ')}): deleting from ${parents} reads all of ${children}.`,
    why: 'PostgreSQL looks for the referencing rows with each DELETE, and with each change of the key, and has only the table itself to look in.',
    instead: [
      '-- each alone in a migration of its own: builds while everybody works on',
      ...bare.map((added) => missingIndex(added, context)),
    ].join('\n'),
  }
}

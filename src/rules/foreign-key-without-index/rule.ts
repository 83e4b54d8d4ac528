import { beside } from '../../sql/catalog/draft.ts'
import type { Index } from '../../sql/catalog/model.ts'
import { quoted, quotedRelation, splitName } from '../../sql/identifiers.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { columnList, relations } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'
import { type IndexesOf, indexesIn } from '../table-indexes.ts'

export const rule: Rule = {
  id: 'foreign-key-without-index',
  title: 'Without an index on a foreign key, deleting what it references reads the whole table',
  group: 'constraint',
  documentation: {
    summary:
      'PostgreSQL makes no index for the columns of a foreign key, and Prisma adds none. Every DELETE of a referenced row, and ' +
      'every change of its key, then reads the referencing table from end to end to find what points at it, and holds its row ' +
      'lock so long. It shows first when the table has grown.',
    bad: 'ALTER TABLE "Order" ADD COLUMN "userId" INT REFERENCES "User" (id) ON DELETE CASCADE;',
    good: 'ALTER TABLE "Order" ADD COLUMN "userId" INT REFERENCES "User" (id) ON DELETE CASCADE;\nCREATE INDEX "Order_userId_idx" ON "Order" ("userId");',
  },
  growsWithTable: true,
  check: (context) => {
    const indexes = indexesIn(context.catalogAfter)
    const bare = changesOf(context, 'add-constraint').filter((located) => lacksIndex(located, indexes, context))
    const [first] = bare
    return first === undefined ? [] : [remark(first, bare, context)]
  },
}

/**
 * CASCADE and SET NULL say that referenced rows are going to be deleted; RESTRICT, which Prisma writes by default, that they are not.
 * A table made in this file is empty, and whether it grows is not known: only tables that are there already are told about.
 */
function lacksIndex(
  { statement, change }: Located<'add-constraint'>,
  indexes: IndexesOf,
  context: RuleContext,
): boolean {
  const { constraint, table } = change
  if (constraint.references === undefined || constraint.columns.length === 0 || !constraint.writesOnDelete) return false
  if (!isInUse(table, statement, context)) return false
  const after = context.catalogAfter.relations.get(table)
  // A table that nobody has described may have the index.
  if (after?.kind !== 'table' || !after.columnsKnown) return false
  if (!after.constraints.some((one) => one.name === constraint.name)) return false
  // Written anew with other actions: deleting the parent was as slow before.
  const before = context.catalogBefore.relations.get(table)
  const had = before?.kind === 'table' ? before.constraints : []
  if (had.some((one) => one.kind === 'foreign' && one.columns.join() === constraint.columns.join())) return false
  return !isIndexed(constraint.columns, indexes(table))
}

/** An index helps whose first columns are those of the key, in any order. */
function isIndexed(columns: readonly string[], indexes: readonly Index[]): boolean {
  return indexes.some((index) => {
    const leading = new Set(index.columns.slice(0, columns.length))
    return index.plain && columns.every((column) => leading.has(column))
  })
}

/** One finding for the file: what to do is the same for all of them. */
function remark(
  { statement, change }: Located<'add-constraint'>,
  bare: readonly Located<'add-constraint'>[],
  context: RuleContext,
): Remark {
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
    message: `Adds ${bare.length === 1 ? 'a foreign key' : `${bare.length} foreign keys`} without an index (${keys.join('; ')}): deleting a row of ${parents} reads all of ${children}.`,
    why: 'PostgreSQL looks for the referencing rows with each DELETE, and with each change of the key, and has only the table itself to look in.',
    instead: [
      '-- each alone in a migration of its own: builds while everybody works on',
      ...bare.map(({ change: { table, constraint } }) => {
        const name = splitName(beside(table, `${splitName(table).name}_${constraint.columns.join('_')}_idx`)).name
        return `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${quotedRelation(table, context.schema)} (${columnList(constraint.columns)});`
      }),
    ].join('\n'),
  }
}

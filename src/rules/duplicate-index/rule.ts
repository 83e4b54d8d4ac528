import type { Index } from '../../sql/catalog/model.ts'
import { listed, quoted, splitName } from '../../sql/identifiers.ts'
import { groupedBy } from '../grouped.ts'
import { changesOf, hasBody, isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { type IndexesOf, indexesIn } from '../table-indexes.ts'

export const rule: Rule = {
  id: 'duplicate-index',
  title: 'An index that another one makes superfluous',
  group: 'lock',
  documentation: {
    summary:
      'An index on (a, b) also answers what one on (a) answers, and a unique constraint brings an index of its own. A second ' +
      'index on the same leading columns is written with every INSERT and UPDATE, takes disk and memory, and is read for nothing.',
    bad: 'CREATE INDEX "Order_id_idx" ON "Order" (id);',
    good: 'CREATE INDEX "Order_total_idx" ON "Order" (total);',
  },
  about: ['create-index'],
  check: (context) => {
    const indexes = indexesIn(context.catalogAfter)
    const pairs = changesOf(context, 'create-index').flatMap(({ statement, change }): readonly Pair[] => {
      const index = context.catalogAfter.relations.get(change.index.name)
      if (!(statement.kind === 'IndexStmt' || hasBody(statement)) || index?.kind !== 'index' || !index.btree) return []
      const covering = coveringIndex(index, statement, indexes, context)
      return covering === undefined ? [] : [{ statement, index, covering }]
    })
    return groupedBy(pairs, ({ index }) => index.table, context).map((group) => remark(group, context))
  },
}

interface Pair {
  readonly statement: AnalysedStatement
  readonly index: Index
  readonly covering: Index
}

function coveringIndex(
  index: Index,
  statement: AnalysedStatement,
  indexes: IndexesOf,
  context: RuleContext,
): Index | undefined {
  const inUse = isInUse(index.table, statement, context)
  // On a table that is made here only the plain repetition is told: what it will be asked for is not known yet.
  return indexes(index.table).find(
    (other) =>
      other.name !== index.name &&
      other.btree &&
      covers(other, index) &&
      (inUse || other.columns.length === index.columns.length),
  )
}

/** One finding for a table: each of its writes pays for all of them. */
function remark(group: readonly [Pair, ...Pair[]], context: RuleContext): Remark {
  const [{ statement, index }] = group
  const last = (one: Index) => quoted(splitName(one.name).name)
  const created = listed(group.map((pair) => last(pair.index)))
  const because = group.map(({ index: narrow, covering }) => {
    const how =
      covering.columns.length === narrow.columns.length ? 'has the same columns' : 'begins with the same columns'
    return `${last(covering)} (${covering.columns.map(quoted).join(', ')}) ${how}${group.length > 1 ? ` as ${last(narrow)}` : ''}`
  })
  return {
    statement,
    severity: 'notice',
    message: `Creates ${created} on ${relation(index.table, context)}, which other indexes make superfluous: ${listed(because)}.`,
    why: 'Both are written with every INSERT and with most UPDATEs, and hardly a query is faster with both than with one.',
    instead: `Leave ${created} out of the migration and, as @@index or @unique, out of schema.prisma.`,
  }
}

/** What keeps values unique is needed for that, whoever else has the columns. */
function covers(wide: Index, narrow: Index): boolean {
  if (narrow.unique) return wide.unique && wide.columns.join() === narrow.columns.join()
  return narrow.columns.every((column, position) => wide.columns[position] === column)
}

/** What the two rules about new foreign keys ask of each: whether its rows are read now, and whether an index finds them later. */

import type { Index } from '../sql/catalog/model.ts'
import { beside } from '../sql/catalog/names.ts'
import { quoted, quotedRelation, splitName } from '../sql/identifiers.ts'
import { holdsOnlyNulls, isEmpty } from './empty.ts'
import { isInUse, type Located } from './in-use.ts'
import { columnList } from './naming.ts'
import type { RuleContext } from './rule.ts'
import type { IndexesOf } from './table-indexes.ts'

export type AddedKey = Located<'add-constraint'>

/** The rows of a table that is in use are checked while writes to it wait. */
export function checksRows({ statement, change }: AddedKey, context: RuleContext): boolean {
  if (change.constraint.references === undefined) return false
  if (isEmpty(change.table, statement, context)) return false
  return isInUse(change.table, statement, context) && statement.effects.scans.includes(change.table)
}

/**
 * CASCADE and SET NULL say that referenced rows are going to be deleted; RESTRICT, which Prisma writes by default, that they are not.
 * A table made in this file is empty, and whether it grows is not known: only tables that are there already are told about.
 */
export function lacksIndex({ statement, change }: AddedKey, indexes: IndexesOf, context: RuleContext): boolean {
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

/** Not where every row has NULL in one of its columns. */
export function canMissItsParent(
  { statement, change: { table, constraint } }: AddedKey,
  context: RuleContext,
): boolean {
  return !constraint.columns.some((column) => holdsOnlyNulls(table, column, statement, context))
}

export function missingIndex({ change: { table, constraint } }: AddedKey, context: RuleContext): string {
  const name = splitName(beside(table, `${splitName(table).name}_${constraint.columns.join('_')}_idx`)).name
  return `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${quotedRelation(table, context.schema)} (${columnList(constraint.columns)});`
}

/** Where the rule about the check speaks about the same key, it says this too; not where somebody gave this one a severity of its own. */
export function toldWithTheCheck({ settings }: RuleContext): boolean {
  return settings['add-foreign-key'] !== 'off' && settings['foreign-key-without-index'] === undefined
}

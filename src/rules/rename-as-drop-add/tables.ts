/** Tables that look renamed: one dropped and one created in the same file with nearly the same columns. */

import type { Table } from '../../sql/catalog/model.ts'
import type { RelationName } from '../../sql/model.ts'
import { changesOf, type Located } from '../in-use.ts'
import type { RuleContext } from '../rule.ts'

export interface RenamedTable {
  readonly from: RelationName
  readonly to: RelationName
  readonly before: Table
  readonly after: Table
  readonly dropped: Located<'drop-table'>
}

const alikeFrom = 0.7

export function renamedTables(context: RuleContext): readonly RenamedTable[] {
  const created = changesOf(context, 'create-table').map(({ change }) => change.table)
  const pairs: RenamedTable[] = []
  for (const dropped of changesOf(context, 'drop-table')) {
    const before = dropped.change.known
    if (before === undefined || before.createdBy === context.migration || before.columns.size < 2) continue
    const [best] = created
      .filter((table) => table.name !== before.name && !pairs.some((pair) => pair.to === table.name))
      .map((table) => ({ table, score: likeness(before, table) }))
      .filter(({ score }) => score >= alikeFrom)
      .toSorted((one, other) => other.score - one.score)
    if (best !== undefined && !copiesFrom(before, best.table, context)) {
      pairs.push({ from: before.name, to: best.table.name, before, after: best.table, dropped })
    }
  }
  return pairs
}

/** The share of columns that both have with the same name and type. */
function likeness(before: Table, after: Table): number {
  let same = 0
  for (const [name, column] of before.columns) {
    const other = after.columns.get(name)
    if (other !== undefined && other.type?.name === column.type?.name) same += 1
  }
  return same / Math.max(before.columns.size, after.columns.size)
}

/** Somebody who moves the rows over knows what they are doing. */
function copiesFrom(before: Table, after: Table, context: RuleContext): boolean {
  return context.statements.some(
    (statement) =>
      statement.kind === 'InsertStmt' &&
      statement.effects.locks.some((lock) => lock.relation === before.name) &&
      statement.sql.includes(after.name.slice(after.name.indexOf('.') + 1)),
  )
}

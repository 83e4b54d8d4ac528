/** Columns that look renamed: dropped and added in the same file, on the same table, with the same type. */

import type { Node } from 'libpg-query'
import type { Column } from '../../sql/catalog/model.ts'
import { as, walk } from '../../sql/effects/tree.ts'
import type { RelationName } from '../../sql/model.ts'
import { changesOf, type Located } from '../in-use.ts'
import { assignments, columnNamed } from '../rows-touched.ts'
import type { AnalysedStatement, RuleContext } from '../rule.ts'
import { similarity } from './similarity.ts'

export interface RenamedColumn {
  readonly table: RelationName
  readonly from: string
  readonly to: string
  readonly dropped: Located<'drop-column'>
  readonly added: Column
}

export function renamedColumns(context: RuleContext): readonly RenamedColumn[] {
  const dropped = changesOf(context, 'drop-column').filter(({ statement, change }) =>
    statement.effects.loses.some((loss) => loss.kind === 'column' && loss.name === `${change.table}.${change.name}`),
  )
  const candidates: (RenamedColumn & { readonly score: number })[] = []
  const added = changesOf(context, 'add-column')
  for (const drop of dropped) {
    const copied = copyOf(drop.change.table, drop.change.name, drop.statement, context)
    for (const { change } of added) {
      if (change.table !== drop.change.table || change.column.name === drop.change.name) continue
      if (!compatible(drop.change.known, change.column) || copied?.to === change.column.name) continue
      candidates.push({
        table: change.table,
        from: drop.change.name,
        to: change.column.name,
        dropped: drop,
        added: change.column,
        score: similarity(drop.change.name, change.column.name),
      })
    }
  }
  // Each column is taken once, the likeliest pair first; a lone pair needs no likeness of names.
  const pairs: RenamedColumn[] = []
  for (const candidate of candidates.toSorted((one, other) => other.score - one.score)) {
    const rivals = candidates.filter((other) => other.table === candidate.table)
    const taken = pairs.some(
      (pair) => pair.table === candidate.table && (pair.from === candidate.from || pair.to === candidate.to),
    )
    if (!taken && (rivals.length === 1 || candidate.score >= 0.3)) pairs.push(candidate)
  }
  return pairs
}

export interface Copy {
  readonly statement: AnalysedStatement
  readonly to: string
}

/** An UPDATE before the column is dropped that fills another one from it. */
export function copyOf(
  table: RelationName,
  column: string,
  before: AnalysedStatement,
  context: RuleContext,
): Copy | undefined {
  for (const statement of context.statements.slice(0, before.index)) {
    const update = as(statement.node, 'UpdateStmt')
    if (update === undefined || !statement.effects.locks.some((lock) => lock.relation === table)) continue
    const filled = assignments(update.targetList).find((one) => one.column !== column && mentions(one.value, column))
    if (filled !== undefined) return { statement, to: filled.column }
  }
  return undefined
}

function mentions(value: Node | undefined, column: string): boolean {
  if (columnNamed(value) === column) return true
  for (const { kind, node } of walk(value))
    if (kind === 'ColumnRef' && columnNamed({ ColumnRef: node } as Node) === column) return true
  return false
}

/** The same type, the other's length apart: a rename never changes the type, and somebody may have done both. */
function compatible(dropped: Column | undefined, added: Column): boolean {
  if (dropped?.type === undefined || added.type === undefined) return false
  const texts = new Set(['text', 'varchar', 'bpchar', 'citext'])
  const sameName = dropped.type.name === added.type.name || (texts.has(dropped.type.name) && texts.has(added.type.name))
  return sameName && dropped.type.array === added.type.array
}

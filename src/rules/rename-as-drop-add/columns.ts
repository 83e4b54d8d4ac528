/** Columns that look renamed: dropped and added in the same file, on the same table, with the same type. */

import type { Column } from '../../sql/catalog/model.ts'
import type { RelationName } from '../../sql/model.ts'
import { changesOf, type Located } from '../in-use.ts'
import type { RuleContext } from '../rule.ts'
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
    for (const { change } of added) {
      if (change.table !== drop.change.table || change.column.name === drop.change.name) continue
      if (!compatible(drop.change.known, change.column)) continue
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

/** The same type, the other's length apart: a rename never changes the type, and somebody may have done both. */
function compatible(dropped: Column | undefined, added: Column): boolean {
  if (dropped?.type === undefined || added.type === undefined) return false
  const texts = new Set(['text', 'varchar', 'bpchar', 'citext'])
  const sameName = dropped.type.name === added.type.name || (texts.has(dropped.type.name) && texts.has(added.type.name))
  return sameName && dropped.type.array === added.type.array
}

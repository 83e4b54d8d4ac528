/** What a new table takes from others: LIKE, INHERITS, PARTITION OF, AS SELECT. */

import type { Node, TableLikeClause } from 'libpg-query'
import { type IndexWithKey, indexFor } from '../catalog/inheritance.ts'
import type { Column, Constraint } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import type { EffectSink } from './sink.ts'
import { allOf, as } from './tree.ts'

/** The bits of TableLikeOption in the grammar's parsenodes.h. */
const likeOptions = { constraints: 4, defaults: 8, generated: 16, identity: 32, indexes: 64 } as const

function copies(like: TableLikeClause, what: keyof typeof likeOptions): boolean {
  return ((like.options ?? 0) & likeOptions[what]) !== 0
}

/** An identity gets a sequence of its own; a default goes on to use the sequence that it names. */
export function columnsLike(like: TableLikeClause, table: RelationName, sink: EffectSink): readonly Column[] {
  return columnsOf(sink.relationOf(like.relation), sink).map((column) => {
    const identity = column.identity && copies(like, 'identity')
    const filled = identity || (!column.identity && !column.generated && copies(like, 'defaults'))
    const sequence = filled ? column.sequence : undefined
    return {
      ...column,
      identity,
      generated: column.generated && copies(like, 'generated'),
      hasDefault: column.hasDefault && filled,
      defaultUses: filled || column.generated ? column.defaultUses : [],
      sequence: identity ? sink.freeName(table, [column.name], 'seq') : sequence,
    }
  })
}

export function checksLike(like: TableLikeClause, sink: EffectSink): readonly Constraint[] {
  return copies(like, 'constraints') ? checksInherited(sink.relationOf(like.relation), sink) : []
}

/** With the keys that they belong to; foreign keys are never copied. */
export function indexesLike(like: TableLikeClause, table: RelationName, sink: EffectSink): readonly IndexWithKey[] {
  if (!copies(like, 'indexes')) return []
  const of = { table, createdBy: sink.context.migration }
  const choose = (columns: readonly string[], label: string) => sink.freeName(table, columns, label)
  return sink.indexesOf(sink.relationOf(like.relation)).map((index) => indexFor(sink.catalog, index, of, choose))
}

export function columnsInherited(parent: RelationName, sink: EffectSink): readonly Column[] {
  return columnsOf(parent, sink).map((column) =>
    column.identity ? { ...column, identity: false, hasDefault: false, sequence: undefined } : column,
  )
}

function columnsOf(source: RelationName, sink: EffectSink): readonly Column[] {
  const columns = [...(sink.table(source)?.columns.values() ?? [])]
  return columns.map((column) => ({ ...column, createdBy: sink.context.migration }))
}

/** Keys and foreign keys stay with the parent; the checks of its rows hold for the children as well. */
export function checksInherited(parent: RelationName, sink: EffectSink): readonly Constraint[] {
  return sink.table(parent)?.constraints.filter(({ kind }) => kind === 'check') ?? []
}

/** Those of one table, by name or all of them; anything that has to be computed is not followed. */
export function columnsSelected(query: Node | undefined, sink: EffectSink): ReadonlyMap<string, Column> | undefined {
  const select = as(query, 'SelectStmt')
  const [from, ...more] = select?.fromClause ?? []
  const range = as(from, 'RangeVar')
  const source = range === undefined ? undefined : sink.table(sink.relationOf(range))
  if (more.length > 0 || source?.columnsKnown !== true || range?.alias?.colnames !== undefined) return undefined
  const columns = new Map<string, Column>()
  for (const { val, name } of allOf(select?.targetList, 'ResTarget')) {
    const last = as(val, 'ColumnRef')?.fields?.at(-1)
    const named = as(last, 'String')?.sval
    const chosen = as(last, 'A_Star') !== undefined ? [...source.columns.values()] : [source.columns.get(named ?? '')]
    for (const column of chosen) {
      if (column === undefined) return undefined
      const { type, name: own } = column
      columns.set(name ?? own, { ...plainColumn, name: name ?? own, type, createdBy: sink.context.migration })
    }
  }
  return columns
}

const plainColumn = {
  notNull: false,
  hasDefault: false,
  generated: false,
  identity: false,
  sequence: undefined,
  defaultUses: [],
} as const

/** CREATE INDEX, REINDEX, CLUSTER, extended statistics. */

import type { IndexElem, IndexStmt } from 'libpg-query'
import { beside } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { columnsMentioned } from './expressions.ts'
import { indexColumns } from './index-columns.ts'
import { hangOn, ownFunctionsIn } from './own-code.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as } from './tree.ts'

export const createIndex: Handler = (node, sink) => {
  const statement = as(node, 'IndexStmt')
  if (statement === undefined) return
  const table = sink.relationOf(statement.relation)
  const mode = statement.concurrent === true ? 'ShareUpdateExclusiveLock' : 'ShareLock'
  const parts = allOf(statement.indexParams, 'IndexElem')
  const included = allOf(statement.indexIncludingParams, 'IndexElem')
  const name =
    statement.idxname === undefined
      ? sink.freeName(table, indexColumns([...parts, ...included]), 'idx')
      : beside(table, statement.idxname)
  // The table is locked before anybody looks whether the index is there (measured: IF NOT EXISTS takes the lock all the same).
  sink.lock(table, mode)
  const builds = !(statement.if_not_exists === true && sink.certainlyPresent(name))
  const children =
    statement.relation?.inh === true && sink.table(table)?.partitioned === true ? sink.descendants(table) : []
  for (const child of children) sink.lock(child, mode)
  if (!builds) return
  for (const target of [table, ...children]) sink.scan(target)
  const expressions = parts.some((part) => part.expr !== undefined) || statement.whereClause !== undefined
  const columns = new Set(
    parts.flatMap((part) => (part.name === undefined ? [...(columnsMentioned(part.expr) ?? [])] : [part.name])),
  )
  for (const part of included) if (part.name !== undefined) columns.add(part.name)
  for (const column of columnsMentioned(statement.whereClause) ?? []) columns.add(column)
  const evaluated = [...ownFunctionsIn([statement.indexParams, statement.whereClause], sink)]
  sink.runFunctions(evaluated, 'it')
  if (evaluated.length > 0)
    for (const relation of [table, ...children]) sink.change({ kind: 'runs', relation, functions: evaluated })
  sink.change({
    kind: 'create-index',
    concurrently: statement.concurrent === true,
    ifNotExists: statement.if_not_exists === true,
    reaches: children,
    index: {
      kind: 'index',
      name,
      createdBy: sink.context.migration,
      table,
      columns: [...columns],
      unique: statement.unique === true,
      plain: !expressions,
      btree: !expressions && isOrdinary(statement, parts),
    },
  })
}

function isOrdinary(statement: IndexStmt, parts: readonly IndexElem[]): boolean {
  if ((statement.accessMethod ?? 'btree') !== 'btree' || (statement.indexIncludingParams ?? []).length > 0) return false
  return parts.every(
    (part) =>
      part.opclass === undefined &&
      part.collation === undefined &&
      part.ordering !== 'SORTBY_DESC' &&
      part.nulls_ordering !== 'SORTBY_NULLS_FIRST',
  )
}

export const reindex: Handler = (node, sink) => {
  const statement = as(node, 'ReindexStmt')
  if (statement === undefined) return
  const concurrently = allOf(statement.params, 'DefElem').some((option) => option.defname === 'concurrently')
  const name = sink.relationOf(statement.relation)
  const mode = concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock'
  if (statement.kind === 'REINDEX_OBJECT_TABLE') {
    const partitions = sink.table(name)?.partitioned === true ? sink.descendants(name) : []
    for (const target of [name, ...partitions]) readUnder(target, mode, sink)
  } else if (statement.kind === 'REINDEX_OBJECT_INDEX') {
    const index = sink.relation(name)
    sink.lock(name, concurrently ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock')
    if (index?.kind === 'index') readUnder(index.table, mode, sink)
    else sink.unknown(`the table of the index ${name}, which is locked, is not known`)
  } else {
    sink.unknown('every index of the schema or database is built anew; which tables that locks is not known')
  }
}

function readUnder(table: RelationName, mode: 'ShareLock' | 'ShareUpdateExclusiveLock', sink: EffectSink): void {
  sink.lock(table, mode)
  sink.scan(table)
}

export const cluster: Handler = (node, sink) => {
  const relation = as(node, 'ClusterStmt')?.relation
  if (relation === undefined) {
    sink.unknown('every table that was clustered before is rewritten; which those are is not known')
    return
  }
  const table = sink.relationOf(relation)
  sink.lock(table, 'AccessExclusiveLock')
  sink.rewrite(table)
  sink.scan(table)
}

export const createStatistics: Handler = (node, sink) => {
  const statement = as(node, 'CreateStatsStmt')
  for (const range of allOf(statement?.relations, 'RangeVar')) {
    const table = sink.relationOf(range)
    sink.lock(table, 'ShareUpdateExclusiveLock')
    hangOn(table, statement?.exprs, sink)
  }
}

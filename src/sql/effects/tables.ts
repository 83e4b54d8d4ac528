/** CREATE TABLE in its forms, and what comes into being with it. */

import type { CreateStmt, RangeVar } from 'libpg-query'
import { isSame } from '../catalog/inheritance.ts'
import type { Column, Constraint, Table } from '../catalog/model.ts'
import { beside } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { type ColumnDefinition, columnDefinition } from './columns.ts'
import { constraintOf } from './constraint-nodes.ts'
import {
  checksInherited,
  checksLike,
  columnsInherited,
  columnsLike,
  columnsSelected,
  indexesLike,
} from './copied-columns.ts'
import { columnsMentioned } from './expressions.ts'
import { ownFunctionsIn } from './own-code.ts'
import { lockDefaultPartition } from './partitions.ts'
import { lockReads } from './queries.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, strings, typeRef } from './tree.ts'

export const createTable: Handler = (node, sink) => {
  const statement = as(node, 'CreateStmt')
  if (statement !== undefined) create(statement, false, sink)
}

export const createForeignTable: Handler = (node, sink) => {
  const base = as(node, 'CreateForeignTableStmt')?.base
  if (base !== undefined) create(base, true, sink)
}

function create(statement: CreateStmt, foreign: boolean, sink: EffectSink): void {
  const name = sink.newRelation(statement.relation)
  // With IF NOT EXISTS and the table there, the server stops after the name (measured: no lock at all).
  if (statement.if_not_exists === true && sink.certainlyPresent(name)) return
  const { definitions, constraints, included } = elementsOf(statement, name, sink)
  const likes = allOf(statement.tableElts, 'TableLikeClause')
  const parents = allOf(statement.inhRelations, 'RangeVar').map((parent) => sink.relationOf(parent))
  const partition = statement.partbound !== undefined
  const columns = columnsOf(definitions, constraints)
  // The bounds of a partition are computed once, now.
  sink.runFunctions(ownFunctionsIn(statement.partbound, sink), 'it')
  const inherited = [...likes.map((like) => sink.relationOf(like.relation)), ...parents]
  const copied = [
    ...likes.flatMap((like) => columnsLike(like, name, sink)),
    ...parents.flatMap((parent) => columnsInherited(parent, sink)),
  ]
  for (const column of copied) columns.set(column.name, merged(columns.get(column.name), column))
  for (const parent of parents) constraints.push(...checksInherited(parent, sink))
  for (const like of likes) constraints.push(...checksLike(like, sink))
  const liked = likes.flatMap((like) => indexesLike(like, name, sink))

  sink.change({
    kind: 'create-table',
    ifNotExists: statement.if_not_exists === true,
    table: {
      kind: 'table',
      name,
      createdBy: sink.context.migration,
      partitioned: statement.partspec !== undefined,
      unlogged: statement.relation?.relpersistence === 'u',
      rowSecurity: false,
      foreign,
      ofType: statement.ofTypename === undefined ? undefined : sink.resolveType(typeRef(statement.ofTypename)).name,
      columns,
      columnsKnown:
        inherited.every((source) => sink.table(source)?.columnsKnown === true) && statement.ofTypename === undefined,
      constraints: [...constraints, ...liked.flatMap(({ constraint }) => constraint ?? [])],
      parents,
      defaultPartition: statement.partbound?.is_default === true,
      triggers: new Map(),
      policies: [],
      rules: [],
      runs: [
        ...ownFunctionsIn([statement.tableElts, statement.partspec, { typeName: statement.ofTypename }], sink),
        ...inherited.flatMap((source) => sink.table(source)?.runs ?? []),
      ],
    },
  })
  for (const constraint of constraints)
    createConstraintIndex(name, constraint, sink, { included: included.get(constraint) ?? [] })
  for (const { index } of liked)
    sink.change({ kind: 'create-index', index, concurrently: false, ifNotExists: false, reaches: [] })
  for (const one of definitions) createOwnSequence(one, name, sink)
  for (const { identity, sequence, name: column } of copied)
    if (identity && sequence !== undefined) createSequenceOf(sequence, name, column, sink)
  for (const constraint of constraints) {
    if (constraint.references !== undefined) lockReferenced(constraint.references.table, sink)
  }
  for (const like of likes) sink.lock(sink.relationOf(like.relation), 'AccessShareLock')
  for (const parent of parents) lockParent(parent, partition, sink)
}

interface Elements {
  readonly definitions: ColumnDefinition[]
  readonly constraints: Constraint[]
  /** INCLUDE of those that bring an index. */
  readonly included: ReadonlyMap<Constraint, readonly string[]>
}

/** In the order in which they are written, which the names that the server chooses go by. */
function elementsOf(statement: CreateStmt, table: RelationName, sink: EffectSink): Elements {
  const definitions: ColumnDefinition[] = []
  const constraints: Constraint[] = []
  const included = new Map<Constraint, readonly string[]>()
  for (const element of statement.tableElts ?? []) {
    const [column, node] = [as(element, 'ColumnDef'), as(element, 'Constraint')]
    const definition = column === undefined ? undefined : columnDefinition(column, table, sink)
    if (definition !== undefined) definitions.push(definition)
    constraints.push(...(definition?.constraints ?? []))
    const constraint = node === undefined ? undefined : constraintOf(node, table, sink)
    if (node === undefined || constraint === undefined) continue
    // A key that is said twice is made once.
    if (node.conname === undefined && constraints.some((one) => one.kind === 'unique' && isSame(one, constraint)))
      continue
    const made = { ...constraint, validated: true }
    constraints.push(made)
    included.set(made, strings(node.including))
  }
  return { definitions, constraints, included }
}

/** What is written again for a column that is inherited adds to it. */
function merged(own: Column | undefined, inherited: Column): Column {
  if (own === undefined) return inherited
  const hasDefault = own.hasDefault || inherited.hasDefault
  const sequence = own.hasDefault ? own.sequence : inherited.sequence
  return { ...inherited, notNull: own.notNull || inherited.notNull, hasDefault, sequence }
}

/** Attaching takes SHARE UPDATE EXCLUSIVE, but creating a partition in place takes ACCESS EXCLUSIVE on the parent (measured on 14 to 18). */
function lockParent(parent: RelationName, partition: boolean, sink: EffectSink): void {
  sink.lock(parent, partition ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock')
  if (!partition) return
  lockDefaultPartition(parent, sink)
  for (const constraint of sink.table(parent)?.constraints ?? []) {
    if (constraint.references !== undefined) lockReferenced(constraint.references.table, sink)
  }
}

/** The other end of a new foreign key; a partitioned table's partitions too. */
export function lockReferenced(table: RelationName, sink: EffectSink): void {
  sink.lock(table, 'ShareRowExclusiveLock')
  if (sink.table(table)?.partitioned === true) {
    for (const child of sink.descendants(table)) sink.lock(child, 'ShareRowExclusiveLock')
  }
}

function columnsOf(definitions: readonly ColumnDefinition[], constraints: readonly Constraint[]): Map<string, Column> {
  const keys = new Set(
    constraints.flatMap((one) => (one.kind === 'primary' || one.kind === 'not-null' ? one.columns : [])),
  )
  return new Map(
    definitions.map(({ column }) => [column.name, keys.has(column.name) ? { ...column, notNull: true } : column]),
  )
}

/** PRIMARY KEY, UNIQUE and EXCLUDE bring an index with the constraint's name. */
export function createConstraintIndex(
  table: RelationName,
  constraint: Constraint,
  sink: EffectSink,
  more: { readonly included?: readonly string[]; readonly partitions?: readonly RelationName[] } = {},
): void {
  if (constraint.kind !== 'primary' && constraint.kind !== 'unique' && constraint.kind !== 'exclusion') return
  const included = more.included ?? []
  sink.change({
    kind: 'create-index',
    concurrently: false,
    ifNotExists: false,
    reaches: more.partitions ?? [],
    index: {
      kind: 'index',
      name: beside(table, constraint.name),
      createdBy: sink.context.migration,
      table,
      columns: [...new Set([...constraint.columns, ...included])],
      unique: constraint.kind !== 'exclusion',
      plain: constraint.kind !== 'exclusion',
      btree: constraint.kind !== 'exclusion' && included.length === 0,
    },
  })
}

export function createOwnSequence(definition: ColumnDefinition, table: RelationName, sink: EffectSink): void {
  if (definition.ownSequence !== undefined)
    createSequenceOf(definition.ownSequence, table, definition.column.name, sink)
}

function createSequenceOf(name: RelationName, table: RelationName, column: string, sink: EffectSink): void {
  const { migration } = sink.context
  sink.change({
    kind: 'create-sequence',
    sequence: { kind: 'sequence', name, createdBy: migration, ownedBy: { table, column } },
  })
}

export const createTableAs: Handler = (node, sink) => {
  const statement = as(node, 'CreateTableAsStmt')
  if (statement === undefined) return
  const target = statement.into?.rel
  const name = sink.newRelation(target)
  if (statement.if_not_exists === true && sink.certainlyPresent(name)) return
  const run = statement.into?.skipData !== true
  if (as(statement.query, 'ExecuteStmt') !== undefined) sink.unknown('what the prepared statement does is not known')
  const reads = lockReads(statement.query, sink, run ? 'views-too' : 'names')
  if (statement.objtype === 'OBJECT_MATVIEW') {
    const view = {
      kind: 'materialized-view',
      name,
      createdBy: sink.context.migration,
      reads,
      mentions: columnsMentioned(statement.query),
      triggers: new Map(),
      rules: [],
      runs: [...ownFunctionsIn(statement.query, sink)],
    } as const
    sink.change({ kind: 'create-view', view })
  } else {
    const columns = columnsSelected(statement.query, sink)
    const table = unseenColumns(name, target, sink)
    const made = columns === undefined ? table : { ...table, columns, columnsKnown: true }
    sink.change({ kind: 'create-table', table: made, ifNotExists: false })
  }
}

/** A table whose columns come from a query. */
export function unseenColumns(name: RelationName, range: RangeVar | undefined, sink: EffectSink): Table {
  return {
    kind: 'table',
    name,
    createdBy: sink.context.migration,
    partitioned: false,
    unlogged: range?.relpersistence === 'u',
    rowSecurity: false,
    foreign: false,
    ofType: undefined,
    columns: new Map(),
    columnsKnown: false,
    constraints: [],
    parents: [],
    defaultPartition: false,
    triggers: new Map(),
    policies: [],
    rules: [],
    runs: [],
  }
}

/** CREATE TABLE in its forms, and what comes into being with it. */

import type { CreateStmt, Node, RangeVar } from 'libpg-query'
import { beside } from '../catalog/draft.ts'
import type { Column, Constraint, Table } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import { type ColumnDefinition, columnDefinition } from './columns.ts'
import { constraintOf } from './constraint-nodes.ts'
import { columnsMentioned } from './expressions.ts'
import { ownFunctionsIn } from './own-code.ts'
import { lockReads } from './queries.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as } from './tree.ts'

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
  const definitions = allOf(statement.tableElts, 'ColumnDef').map((one) => columnDefinition(one, name, sink))
  const constraints: Constraint[] = definitions.flatMap((one) => [...one.constraints])
  for (const one of allOf(statement.tableElts, 'Constraint')) {
    const constraint = constraintOf(one, name, sink)
    if (constraint !== undefined) constraints.push({ ...constraint, validated: true })
  }
  const likes = allOf(statement.tableElts, 'TableLikeClause')
  const parents = allOf(statement.inhRelations, 'RangeVar').map((parent) => sink.relationOf(parent))
  const partition = statement.partbound !== undefined
  const columns = columnsOf(definitions, constraints)
  // The bounds of a partition are computed once, now.
  sink.runFunctions(ownFunctionsIn(statement.partbound, sink), 'it')
  const inherited = [...likes.map((like) => sink.relationOf(like.relation)), ...parents]
  for (const source of inherited) for (const [key, column] of inheritedColumns(source, sink)) columns.set(key, column)
  for (const parent of parents) constraints.push(...inheritedConstraints(parent, sink))

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
      columns,
      columnsKnown:
        inherited.every((source) => sink.table(source)?.columnsKnown === true) && statement.ofTypename === undefined,
      constraints,
      parents,
      defaultPartition: statement.partbound?.is_default === true,
      triggers: new Map(),
      policies: [],
      rules: [],
      runs: [
        ...ownFunctionsIn([statement.tableElts, statement.partspec], sink),
        ...inherited.flatMap((source) => sink.table(source)?.runs ?? []),
      ],
    },
  })
  for (const constraint of constraints) createConstraintIndex(name, constraint, sink)
  for (const one of definitions) createOwnSequence(one, name, sink)
  for (const constraint of constraints) {
    if (constraint.references !== undefined) lockReferenced(constraint.references.table, sink)
  }
  for (const like of likes) sink.lock(sink.relationOf(like.relation), 'AccessShareLock')
  for (const parent of parents) lockParent(parent, partition, sink)
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

/** Rows of a new partition may be in it so far: it is locked, and read to make sure that they are not (measured on 14 to 18). */
export function lockDefaultPartition(parent: RelationName, sink: EffectSink): void {
  const partition = defaultPartitionOf(parent, sink)
  if (partition === undefined) return
  for (const target of [partition, ...sink.descendants(partition)]) {
    sink.lock(target, 'AccessExclusiveLock')
    sink.scan(target)
  }
}

export function defaultPartitionOf(parent: RelationName, sink: EffectSink): RelationName | undefined {
  return sink.descendants(parent).find((child) => {
    const table = sink.table(child)
    return table?.defaultPartition === true && table.parents.includes(parent)
  })
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

function inheritedColumns(source: RelationName, sink: EffectSink): ReadonlyMap<string, Column> {
  const columns = new Map<string, Column>()
  for (const [key, column] of sink.table(source)?.columns ?? [])
    columns.set(key, { ...column, createdBy: sink.context.migration })
  return columns
}

/** Keys and foreign keys stay with the parent; the checks of its rows hold for the children as well. */
function inheritedConstraints(parent: RelationName, sink: EffectSink): readonly Constraint[] {
  return sink.table(parent)?.constraints.filter(({ kind }) => kind === 'check') ?? []
}

/** PRIMARY KEY, UNIQUE and EXCLUDE bring an index with the constraint's name. */
export function createConstraintIndex(table: RelationName, constraint: Constraint, sink: EffectSink): void {
  if (constraint.kind !== 'primary' && constraint.kind !== 'unique' && constraint.kind !== 'exclusion') return
  sink.change({
    kind: 'create-index',
    concurrently: false,
    ifNotExists: false,
    index: {
      kind: 'index',
      name: beside(table, constraint.name),
      createdBy: sink.context.migration,
      table,
      columns: constraint.columns,
      unique: constraint.kind !== 'exclusion',
      plain: constraint.kind !== 'exclusion',
      btree: constraint.kind !== 'exclusion',
    },
  })
}

export function createOwnSequence(definition: ColumnDefinition, table: RelationName, sink: EffectSink): void {
  if (definition.ownSequence === undefined) return
  sink.change({
    kind: 'create-sequence',
    sequence: {
      kind: 'sequence',
      name: definition.ownSequence,
      createdBy: sink.context.migration,
      ownedBy: { table, column: definition.column.name },
    },
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
    const columns = selectedColumns(statement.query, sink)
    const table = unseenColumns(name, target, sink)
    const made = columns === undefined ? table : { ...table, columns, columnsKnown: true }
    sink.change({ kind: 'create-table', table: made, ifNotExists: false })
  }
}

/** Those of one table, by name or all of them; anything that has to be computed is not followed. */
function selectedColumns(query: Node | undefined, sink: EffectSink): ReadonlyMap<string, Column> | undefined {
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
} as const

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

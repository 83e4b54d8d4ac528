/** What is done to a table that others inherit from, done to those: the server does it in the same statement. */

import type { RelationName } from '../model.ts'
import type { Change, ChangeOf } from './change.ts'
import type { Catalog, Constraint, ConstraintKind, Index, Table } from './model.ts'
import { freeName, isNameTaken, withoutSchema } from './names.ts'

/** Tables whose parent, or parent's parent, it is. */
export function descendantsOf(
  catalog: Pick<Catalog, 'parents' | 'relations'>,
  name: RelationName,
): readonly RelationName[] {
  if (!catalog.parents.has(name)) return []
  const found: RelationName[] = []
  const queue = [name]
  while (queue.length > 0) {
    const parent = queue.pop() ?? ''
    for (const relation of catalog.relations.pointingAt(parent)) {
      if (relation.kind !== 'table' || !relation.parents.includes(parent) || found.includes(relation.name)) continue
      found.push(relation.name)
      queue.push(relation.name)
    }
  }
  return found
}

/**
 * The same for each table below that the change reaches, one after the other: it looks at a catalog that has the change
 * itself and those given so far.
 */
export function changesBelow(catalog: Catalog, change: Change): Iterable<Change> {
  // Every change is asked about, and few tables have others below them.
  return isAlone(catalog, change) ? none : findBelow(catalog, change)
}

const none: readonly Change[] = []

function isAlone(catalog: Catalog, change: Change): boolean {
  if ('reaches' in change) return change.reaches.length === 0
  if (change.kind === 'create-table') return (tableOf(catalog, change.table.name)?.parents.length ?? 0) === 0
  return change.kind !== 'set-parents' && catalog.parents.size === 0
}

function* findBelow(catalog: Catalog, change: Change): Generator<Change> {
  switch (change.kind) {
    case 'add-column':
    case 'alter-column':
    case 'validate-constraint':
      for (const table of change.reaches) {
        const there = change.kind === 'add-column' && tableOf(catalog, table)?.columns.has(change.column.name) === true
        if (!there) yield { ...change, table, reaches: [] }
      }
      return
    case 'add-constraint':
      for (const child of change.reaches) yield* constraintOnChild(catalog, change, child)
      return
    case 'create-index':
      for (const child of change.reaches) yield* indexOnPartition(catalog, change.index, child)
      return
    case 'drop-index':
      if (change.known !== undefined) yield* indexesDropped(catalog, change.known)
      return
    case 'add-trigger':
      if (!change.trigger.forEachRow) return
      for (const table of partitionsOf(catalog, change.table)) yield { ...change, table }
      return
    case 'drop-trigger':
      for (const table of partitionsOf(catalog, change.table))
        if (tableOf(catalog, table)?.triggers.get(change.name)?.forEachRow === true) yield { ...change, table }
      return
    case 'create-table':
      yield* fromParents(catalog, change.table.name)
      return
    case 'set-parents':
      yield* fromParents(catalog, change.table)
      return
  }
}

/** Checks and NOT NULL hold for the rows of all children, and so do the columns of a primary key; its index is a matter of partitions. */
function* constraintOnChild(
  catalog: Catalog,
  change: ChangeOf<'add-constraint'>,
  child: RelationName,
): Generator<Change> {
  const { constraint, table: parent } = change
  const known = tableOf(catalog, child)
  if (isKey(constraint)) {
    if (constraint.kind !== 'primary') return
    for (const name of constraint.columns) {
      const set = { notNull: true }
      const common = { kind: 'alter-column', clause: change.clause, typeChange: undefined, scans: undefined } as const
      yield { ...common, table: child, name, known: known?.columns.get(name), set, reaches: [] }
    }
    return
  }
  if (constraint.references !== undefined && tableOf(catalog, parent)?.partitioned !== true) return
  const there = known?.constraints.some((one) =>
    constraint.kind === 'check' ? one.name === constraint.name : isSame(one, constraint),
  )
  if (there !== true) yield { ...change, table: child, reaches: [] }
}

/** A partition that is there or new has the keys, indexes, foreign keys and triggers of the table it is a part of. */
function* fromParents(catalog: Catalog, name: RelationName): Generator<Change> {
  for (const parent of tableOf(catalog, name)?.parents ?? []) {
    const above = tableOf(catalog, parent)
    if (above?.partitioned !== true) continue
    for (const child of [name, ...descendantsOf(catalog, name)]) {
      for (const relation of catalog.relations.pointingAt(parent))
        if (relation.kind === 'index') yield* indexOnPartition(catalog, relation, child)
      for (const constraint of above.constraints) {
        if (constraint.references === undefined) continue
        const change = { kind: 'add-constraint', clause: 0, constraint, usingIndex: undefined, reaches: [] } as const
        yield* constraintOnChild(catalog, { ...change, table: parent }, child)
      }
      for (const [trigger, one] of above.triggers)
        if (one.forEachRow) yield { kind: 'add-trigger', table: child, name: trigger, trigger: one }
      yield { kind: 'runs', relation: child, functions: above.runs }
    }
  }
}

const labels: Partial<Readonly<Record<ConstraintKind, string>>> = { primary: 'pkey', unique: 'key', exclusion: 'excl' }

/** Unless the partition has one that will do: that becomes a part of the one above. */
function* indexOnPartition(catalog: Catalog, index: Index, partition: RelationName): Generator<Change> {
  const table = tableOf(catalog, partition)
  if (table === undefined) return
  const key = keyOf(catalog, index)
  if (key === undefined) {
    if (alike(catalog, index, partition).length >= alike(catalog, index, index.table).length) return
  } else if (table.constraints.some((one) => isSame(one, key))) return
  const made = indexFor(catalog, index, { table: partition, createdBy: table.createdBy }, (columns, label) =>
    freeName(partition, columns, label, (name) => isNameTaken(catalog, name)),
  )
  const { constraint } = made
  if (constraint !== undefined)
    yield { kind: 'add-constraint', clause: 0, table: partition, constraint, usingIndex: undefined, reaches: [] }
  yield { kind: 'create-index', index: made.index, concurrently: false, ifNotExists: false, reaches: [] }
}

export interface IndexWithKey {
  readonly index: Index
  readonly constraint: Constraint | undefined
}

/** One like it for another table, with the key behind it, under the name that the server chooses. */
export function indexFor(
  catalog: Catalog,
  index: Index,
  of: Pick<Index, 'table' | 'createdBy'>,
  choose: (columns: readonly string[], label: string) => RelationName,
): IndexWithKey {
  const key = keyOf(catalog, index)
  const name = choose(key?.kind === 'primary' ? [] : index.columns, labels[key?.kind ?? 'check'] ?? 'idx')
  const constraint = key === undefined ? undefined : { ...key, name: withoutSchema(name) }
  return { index: { ...index, ...of, name }, constraint }
}

function* indexesDropped(catalog: Catalog, index: Index): Generator<Change> {
  for (const partition of partitionsOf(catalog, index.table)) {
    // Which of several that are alike is a part of it is not kept: most likely the one made last.
    const known = alike(catalog, index, partition).at(-1)
    if (known !== undefined) yield { kind: 'drop-index', name: known.name, known, concurrently: false }
  }
}

function alike(catalog: Catalog, index: Index, table: RelationName): readonly Index[] {
  const shape = ({ columns, unique, plain, btree }: Index) => JSON.stringify([columns, unique, plain, btree])
  return catalog.relations
    .pointingAt(table)
    .filter((one) => one.kind === 'index')
    .filter((one) => shape(one) === shape(index))
}

function keyOf(catalog: Catalog, index: Index): Constraint | undefined {
  const name = withoutSchema(index.name)
  return tableOf(catalog, index.table)?.constraints.find((one) => isKey(one) && one.name === name)
}

function isKey({ kind }: Constraint): boolean {
  return kind === 'primary' || kind === 'unique' || kind === 'exclusion'
}

/** Alike but for the name, which each table has its own for. */
export function isSame(one: Constraint, other: Constraint): boolean {
  const shape = ({ kind, columns, references }: Constraint) => JSON.stringify([kind, columns, references])
  return shape(one) === shape(other)
}

function partitionsOf(catalog: Catalog, name: RelationName): readonly RelationName[] {
  return tableOf(catalog, name)?.partitioned === true ? descendantsOf(catalog, name) : []
}

function tableOf(catalog: Catalog, name: RelationName): Table | undefined {
  const relation = catalog.relations.get(name)
  return relation?.kind === 'table' ? relation : undefined
}

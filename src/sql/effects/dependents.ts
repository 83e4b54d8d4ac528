/** What goes or is locked together with something that is dropped: foreign keys of both sides, views, sequences. */

import { isSame } from '../catalog/inheritance.ts'
import type { Constraint, Table } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import { defaultPartitionOf } from './partitions.ts'
import type { EffectSink } from './sink.ts'
import { dropUsesOfType } from './type-drops.ts'

export function dropTableDependents(
  name: RelationName,
  dropped: ReadonlySet<RelationName>,
  cascade: boolean,
  sink: EffectSink,
): void {
  const table = sink.table(name)
  if (table === undefined) {
    if (sink.relation(name) === undefined)
      sink.unknown(`the foreign keys of ${name} are not known; the tables they reference are locked too`)
  } else {
    for (const constraint of table.constraints) {
      if (constraint.references !== undefined && !isOfParent(constraint, table, sink))
        sink.lock(constraint.references.table, 'AccessExclusiveLock')
    }
    for (const parent of table.parents) {
      if (sink.table(parent)?.partitioned !== true) continue
      sink.lock(parent, 'AccessExclusiveLock')
      const spare = defaultPartitionOf(parent, sink)
      if (spare !== undefined) sink.lock(spare, 'AccessExclusiveLock')
    }
  }
  for (const relation of sink.catalog.relations.pointingAt(name)) {
    if (relation.kind !== 'sequence' || relation.ownedBy?.table !== name) continue
    sink.lock(relation.name, 'AccessExclusiveLock')
    if (cascade) dropDefaultsFrom(relation.name, new Set([...dropped, name]), sink)
  }
  if (table?.partitioned === true || cascade) {
    for (const child of sink.descendants(name)) {
      if (dropped.has(child)) continue
      sink.lock(child, 'AccessExclusiveLock')
      if (sink.existed(child)) sink.lose('table', child)
      dropTableDependents(child, new Set([...dropped, name, ...sink.descendants(name)]), cascade, sink)
      sink.change({ kind: 'drop-table', name: child, known: sink.table(child) })
    }
  }
  if (!cascade) return
  for (const { table: other, constraint } of sink.referencing(name)) {
    if (dropped.has(other.name)) continue
    dropForeignKey(other, constraint.name, sink)
  }
  dropUsesOfType(name, dropped, sink)
  dropViewsOn(name, undefined, sink, dropped)
}

/** A foreign key that a partition has from the table above stays there: the table it references is not locked (measured). */
function isOfParent(constraint: Constraint, partition: Table, sink: EffectSink): boolean {
  const above = partition.parents.flatMap((parent) => sink.table(parent) ?? [])
  return above.some((parent) => parent.partitioned && parent.constraints.some((one) => isSame(one, constraint)))
}

/** Defaults that name the sequence or the type, in tables that do not go themselves. */
export function dropDefaultsFrom(used: string, going: ReadonlySet<string>, sink: EffectSink): void {
  for (const relation of sink.catalog.relations.values()) {
    if (relation.kind !== 'table' || going.has(relation.name)) continue
    for (const column of relation.columns.values()) {
      if (column.sequence !== used && !column.defaultUses.includes(used)) continue
      if (column.type?.name === used) continue
      sink.lock(relation.name, 'AccessExclusiveLock')
      if (column.generated) sink.unknown(`the generated column ${column.name} of ${relation.name} goes with ${used}`)
      sink.lose('default', `${relation.name}.${column.name}`)
      sink.change({
        kind: 'alter-column',
        clause: 0,
        table: relation.name,
        name: column.name,
        known: column,
        set: { hasDefault: false, sequence: undefined, defaultUses: [] },
        typeChange: undefined,
        scans: undefined,
        reaches: [],
      })
    }
  }
}

function dropForeignKey(table: Table, name: string, sink: EffectSink): void {
  const partitions = table.partitioned ? sink.descendants(table.name) : []
  for (const one of [table.name, ...partitions]) sink.lock(one, 'AccessExclusiveLock')
  if (sink.existed(table.name)) sink.lose('constraint', `${table.name}.${name}`)
  const known = table.constraints.find((one) => one.name === name)
  sink.change({ kind: 'drop-constraint', clause: 0, table: table.name, name, known })
}

export function dropColumnDependents(
  name: RelationName,
  column: string,
  cascade: boolean,
  sink: EffectSink,
  going: ReadonlySet<string> = new Set(),
): void {
  const table = sink.table(name)
  if (table === undefined) {
    sink.unknown(
      `the foreign keys of ${name} are not known; a table that the column ${column} references is locked too`,
    )
    if (cascade) sink.unknown(`what depends on ${name}.${column} and goes with it is not known`)
    return
  }
  for (const constraint of table.constraints) {
    if (constraint.references === undefined || !constraint.columns.includes(column)) continue
    sink.lock(constraint.references.table, 'AccessExclusiveLock')
  }
  for (const relation of sink.catalog.relations.pointingAt(name)) {
    if (relation.kind !== 'sequence' || relation.ownedBy?.table !== name || relation.ownedBy.column !== column) continue
    sink.lock(relation.name, 'AccessExclusiveLock')
    if (cascade) dropDefaultsFrom(relation.name, new Set([name]), sink)
  }
  if (!cascade) return
  for (const { table: other, constraint } of sink.referencing(name)) {
    if (other.name !== name && referencesColumn(constraint, column, table)) dropForeignKey(other, constraint.name, sink)
  }
  dropViewsOn(name, column, sink, going)
}

/** Views that read the relation, and views on those views. With a column: those whose query mentions its name. */
export function dropViewsOn(
  name: RelationName,
  column: string | undefined,
  sink: EffectSink,
  going: ReadonlySet<string> = new Set(),
): void {
  for (const relation of sink.catalog.relations.pointingAt(name)) {
    if (relation.kind !== 'view' && relation.kind !== 'materialized-view') continue
    if (column !== undefined && relation.mentions !== undefined && !relation.mentions.has(column)) continue
    if (column !== undefined && relation.mentions === undefined) {
      sink.unknown(`whether the view ${relation.name} uses the column ${column} is not known`)
    }
    dropView(relation.name, true, sink, going)
  }
}

/** Columns of the type of its rows go with it; without CASCADE the server refuses as long as there are any. */
export function dropView(
  name: RelationName,
  cascade: boolean,
  sink: EffectSink,
  going: ReadonlySet<string> = new Set(),
): void {
  sink.lock(name, 'AccessExclusiveLock')
  if (sink.existed(name)) sink.lose('view', name)
  if (cascade) dropUsesOfType(name, going, sink)
  dropViewsOn(name, undefined, sink, going)
  sink.change({ kind: 'drop-view', name })
}

/** What a foreign key needs beneath it: dropping its key with CASCADE drops the foreign keys that lean on it. */
export function dropKeyDependents(name: RelationName, columns: readonly string[], sink: EffectSink): void {
  for (const { table: other, constraint } of sink.referencing(name)) {
    const wanted = constraint.references?.columns ?? []
    if (wanted.length > 0 && wanted.toSorted().join() !== columns.toSorted().join()) continue
    dropForeignKey(other, constraint.name, sink)
  }
}

/** A foreign key without a column list points at the primary key. */
export function referencesColumn(constraint: Constraint, column: string, table: Table | undefined): boolean {
  const columns = constraint.references?.columns ?? []
  if (columns.length > 0) return columns.includes(column)
  const key = table?.constraints.find((one) => one.kind === 'primary')
  return key === undefined || key.columns.includes(column)
}

/** Triggers that run it; the rest is not kept apart. */
export function dropUsesOfFunction(routine: string, sink: EffectSink): void {
  for (const relation of sink.catalog.relations.values()) {
    if (relation.kind === 'index' || relation.kind === 'sequence') continue
    for (const [trigger, { runs }] of relation.triggers) {
      if (!runs.includes(routine)) continue
      sink.lock(relation.name, 'AccessExclusiveLock')
      sink.lose('trigger', `${relation.name}.${trigger}`)
      sink.change({ kind: 'drop-trigger', table: relation.name, name: trigger })
    }
  }
  sink.unknown(`which defaults, checks, views and indexes use ${routine}() and go with it is not known`)
}

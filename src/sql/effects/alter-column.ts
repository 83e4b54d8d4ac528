/** The commands of ALTER TABLE that add, change and drop columns. */

import type { Change } from '../catalog/change.ts'
import { columnKey } from '../catalog/draft-uncertain.ts'
import type { Column, Table } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import type { Command } from './alter-table.ts'
import { columnDefinition } from './columns.ts'
import { dropColumnDependents, referencesColumn } from './dependents.ts'
import { defaultUses, sequencesUsed } from './expressions.ts'
import type { EffectSink } from './sink.ts'
import { createConstraintIndex, createOwnSequence, lockReferenced } from './tables.ts'
import { as, typeRef } from './tree.ts'
import { typeChange, usingOf } from './type-change.ts'

export function addColumn(command: Command, sink: EffectSink): void {
  const node = as(command.node.def, 'ColumnDef')
  if (node === undefined) return
  const table = sink.table(command.table)
  const known = table?.columns.has(node.colname ?? '') === true
  if (command.missingOk && known && !sink.catalog.uncertain.has(columnKey(command.table, node.colname ?? ''))) return
  const definition = columnDefinition(node, command.table, sink)
  const { column } = definition
  const filled = definition.filledBy !== 'none'
  for (const target of command.targets) {
    if (definition.fillsEachRow) sink.rewrite(target)
    const verifies = column.notNull && !filled
    if (definition.fillsEachRow || verifies || definition.checks || definition.builtIndexes) sink.scan(target)
  }
  if (definition.doubt !== undefined) sink.unknown(definition.doubt)
  sink.change({
    kind: 'add-column',
    clause: command.clause,
    table: command.table,
    column,
    filledBy: definition.filledBy,
    reaches: command.targets.slice(1),
  })
  for (const sequence of sequencesUsed(node.constraints, sink)) sink.lock(sequence, 'RowExclusiveLock')
  createOwnSequence(definition, command.table, sink)
  for (const constraint of definition.constraints) {
    sink.change({
      kind: 'add-constraint',
      clause: command.clause,
      table: command.table,
      constraint,
      usingIndex: undefined,
      reaches: command.targets.slice(1),
    })
    createConstraintIndex(command.table, constraint, sink, { partitions: partitionsBelow(command, sink) })
    if (constraint.references === undefined) continue
    lockReferenced(constraint.references.table, sink)
    // A new column without a default holds only NULLs: the server skips the check (measured on 14 to 18).
    if (filled) sink.scan(command.table)
  }
}

export function dropColumn(command: Command, sink: EffectSink): void {
  const name = command.node.name ?? ''
  const table = sink.table(command.table)
  const known = table?.columns.get(name)
  if (table?.columnsKnown === true && known === undefined && command.missingOk) return
  for (const target of command.only ? [command.table] : command.targets) {
    const column = sink.table(target)?.columns.get(name)
    if (column?.createdBy !== sink.context.migration && sink.existed(target)) sink.lose('column', `${target}.${name}`)
    dropColumnDependents(target, name, command.cascade, sink)
    sink.change({ kind: 'drop-column', clause: command.clause, table: target, name, known: column })
  }
}

export function alterColumnType(command: Command, sink: EffectSink): void {
  const name = command.node.name ?? ''
  const node = as(command.node.def, 'ColumnDef')
  if (node?.typeName === undefined) return
  const table = sink.table(command.table)
  const known = table?.columns.get(name)
  const to = sink.resolveType(typeRef(node.typeName))
  const change = typeChange(known?.type, to, usingOf(node.raw_default, name), sink)
  const qualified = `${command.table}.${name}`
  if (change.rewrites) {
    for (const target of command.targets) {
      sink.rewrite(target)
      sink.scan(target)
    }
  } else if (node.collClause !== undefined || checksNeedProof(table, name)) {
    sink.scan(command.table)
  }
  if (change.loses && sink.existed(command.table)) sink.lose('precision', qualified)
  for (const label of lostLabels(known, change.to, sink)) sink.lose('enum-label', label)
  if (change.doubt !== undefined && sink.existed(command.table))
    sink.unknown(`the type of ${qualified} changes, and ${change.doubt}`)
  foreignKeysOfColumn(command.table, table, name, change.rewrites, sink)
  // The sequence of an identity column gets the new type too; that of a serial does not (measured).
  if (known?.identity === true && known.sequence !== undefined) sink.lock(known.sequence, 'ShareRowExclusiveLock')
  sink.change({
    kind: 'alter-column',
    clause: command.clause,
    table: command.table,
    name,
    known,
    set: { type: to, ...(known === undefined ? {} : { defaultUses: usesWithCast(known, sink) }) },
    typeChange: change,
    scans: undefined,
    reaches: command.targets.slice(1),
  })
}

/** A default is cast from the type that the column had: it names that type from then on. */
function usesWithCast({ type, hasDefault, defaultUses }: Column, sink: EffectSink): readonly string[] {
  const own = hasDefault && type !== undefined && sink.catalog.types.has(type.name)
  return own ? [...new Set([...defaultUses, type.name])] : defaultUses
}

/** A CHECK on the column is added anew, and the whole table is read to prove it again. */
function checksNeedProof(table: Table | undefined, column: string): boolean {
  return table?.constraints.some((one) => one.kind === 'check' && one.columns.includes(column)) === true
}

/** Foreign keys on both sides of the column are dropped and made again: both tables get the strongest lock (measured). */
function foreignKeysOfColumn(
  name: RelationName,
  table: Table | undefined,
  column: string,
  rewrites: boolean,
  sink: EffectSink,
): void {
  for (const constraint of table?.constraints ?? []) {
    if (constraint.references === undefined || !constraint.columns.includes(column)) continue
    sink.lock(constraint.references.table, 'AccessExclusiveLock')
  }
  for (const { table: other, constraint } of sink.referencing(name)) {
    if (!referencesColumn(constraint, column, table)) continue
    const partitions = other.partitioned ? sink.descendants(other.name) : []
    for (const one of [other.name, ...partitions]) {
      sink.lock(one, 'AccessExclusiveLock')
      if (rewrites && constraint.validated) sink.scan(one)
    }
  }
}

function lostLabels(column: Column | undefined, to: { readonly name: string }, sink: EffectSink): readonly string[] {
  const from = column?.type === undefined ? undefined : sink.userType(column.type)
  const target = sink.catalog.types.get(to.name)
  if (from?.kind !== 'enum' || target?.kind !== 'enum') return []
  return from.labels.filter((label) => !target.labels.includes(label)).map((label) => `${from.name}.${label}`)
}

export function setNotNull(command: Command, sink: EffectSink): void {
  const name = command.node.name ?? ''
  let scans = false
  for (const target of command.targets) {
    if (provenNotNull(target, name, command, sink)) continue
    sink.scan(target)
    scans = scans || target === command.table
  }
  alterColumn(command, { notNull: true }, sink, scans)
}

/** The server does not read the table where the column is NOT NULL already or a valid CHECK proves it (since version 12). */
function provenNotNull(target: RelationName, column: string, command: Command, sink: EffectSink): boolean {
  const table = sink.table(target)
  if (table?.columns.get(column)?.notNull === true) return true
  const constraints = table?.constraints ?? []
  if (constraints.some((one) => one.validated && one.provesNotNull.includes(column))) return true
  return command.before.some(
    (earlier) => as(earlier.def, 'ColumnDef')?.colname === column && earlier.subtype === 'AT_AddColumn',
  )
}

export function dropNotNull(command: Command, sink: EffectSink): void {
  sink.lose('constraint', `${command.table}.${command.node.name ?? ''} NOT NULL`)
  alterColumn(command, { notNull: false }, sink)
}

export function alterColumnDefault(command: Command, sink: EffectSink): void {
  const drops = command.node.def === undefined
  if (drops) sink.lose('default', `${command.table}.${command.node.name ?? ''}`)
  alterColumn(
    command,
    {
      hasDefault: !drops,
      sequence: drops ? undefined : sequencesUsed(command.node.def, sink)[0],
      defaultUses: defaultUses(command.node.def, sink),
    },
    sink,
  )
}

type AlterColumn = Extract<Change, { readonly kind: 'alter-column' }>

export function alterColumn(command: Command, set: AlterColumn['set'], sink: EffectSink, scans?: boolean): void {
  const name = command.node.name ?? ''
  const known = sink.table(command.table)?.columns.get(name)
  sink.change({
    kind: 'alter-column',
    clause: command.clause,
    table: command.table,
    name,
    known,
    set,
    typeChange: undefined,
    scans,
    // The sequence of an identity column is its own table's.
    reaches: set.identity === undefined ? command.targets.slice(1) : [],
  })
}

/** Where an index of the table has its parts. */
export function partitionsBelow(command: Command, sink: EffectSink): readonly RelationName[] {
  return sink.table(command.table)?.partitioned === true ? command.targets.slice(1) : []
}

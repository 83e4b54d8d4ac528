/** The commands of ALTER TABLE that add, validate and drop constraints. */

import type { Constraint as ConstraintNode } from 'libpg-query'
import type { Constraint } from '../catalog/model.ts'
import { beside } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { alterColumn, partitionsBelow } from './alter-column.ts'
import type { Command } from './alter-table.ts'
import { constraintNamed, constraintOf } from './constraint-nodes.ts'
import { dropKeyDependents } from './dependents.ts'
import type { EffectSink } from './sink.ts'
import { createConstraintIndex, lockReferenced } from './tables.ts'
import { as, strings } from './tree.ts'

export function addConstraint(command: Command, sink: EffectSink): void {
  const node = as(command.node.def, 'Constraint')
  const constraint = node === undefined ? undefined : constraintOf(node, command.table, sink)
  if (node === undefined || constraint === undefined) return
  const usingIndex = node.indexname === undefined ? undefined : beside(command.table, node.indexname)
  if (constraint.references !== undefined) lockReferenced(constraint.references.table, sink)
  if (reads(constraint, usingIndex !== undefined, command, sink)) {
    sink.scan(command.table)
    for (const child of command.targets) if (readsChild(child, constraint, command, sink)) sink.scan(child)
  }
  const { clause, table, targets } = command
  sink.change({ kind: 'add-constraint', clause, table, constraint, usingIndex, reaches: reachesOf(node, targets) })
  if (usingIndex !== undefined) {
    sink.change({ kind: 'rename-index', from: usingIndex, to: beside(command.table, constraint.name) })
  } else {
    createConstraintIndex(command.table, constraint, sink, {
      included: strings(node.including),
      partitions: partitionsBelow(command, sink),
    })
  }
}

/** A check may be one for the table itself only. */
function reachesOf(node: ConstraintNode, targets: readonly RelationName[]): readonly RelationName[] {
  return node.is_no_inherit === true ? [] : targets.slice(1)
}

/** A constraint is proven by reading every row, unless NOT VALID was said or an index that exists becomes the constraint. */
function reads(constraint: Constraint, usesIndex: boolean, command: Command, sink: EffectSink): boolean {
  if (!constraint.validated) return false
  if (!usesIndex) return true
  // PRIMARY KEY USING INDEX makes its columns NOT NULL, which has to be proven where it does not hold yet.
  const table = sink.table(command.table)
  return (
    constraint.kind === 'primary' && constraint.columns.some((column) => table?.columns.get(column)?.notNull !== true)
  )
}

/** A check is proven for the rows of all children, a key only for those of partitions; a primary key makes columns NOT NULL. */
function readsChild(child: RelationName, constraint: Constraint, command: Command, sink: EffectSink): boolean {
  if (sink.table(command.table)?.partitioned === true) return true
  if (constraint.kind !== 'primary') return constraint.kind === 'check' || constraint.kind === 'not-null'
  const columns = sink.table(child)?.columns
  return constraint.columns.some((column) => columns?.get(column)?.notNull !== true)
}

export function dropConstraint(command: Command, sink: EffectSink): void {
  const name = command.node.name ?? ''
  const table = sink.table(command.table)
  const known = constraintNamed(name, command.table, table)
  if (known === undefined && table?.columnsKnown === true && command.missingOk) return
  if (known === undefined && sink.existed(command.table)) {
    sink.unknown(
      `what kind of constraint ${name} is, is not known; dropping a foreign key locks the table it references too`,
    )
  }
  if (known?.references !== undefined) sink.lock(known.references.table, 'AccessExclusiveLock')
  if (known !== undefined && command.cascade && (known.kind === 'primary' || known.kind === 'unique')) {
    dropKeyDependents(command.table, known.columns, sink)
  }
  if (known === undefined && command.cascade)
    sink.unknown(`which foreign keys go with the constraint ${name} is not known`)
  if (sink.existed(command.table)) sink.lose('constraint', `${command.table}.${name}`)
  if (known?.kind === 'not-null')
    for (const column of known.columns)
      alterColumn({ ...command, node: { ...command.node, name: column } }, { notNull: false }, sink)
  for (const target of command.targets)
    sink.change({ kind: 'drop-constraint', clause: command.clause, table: target, name, known })
}

/** Reads the table under a lock that lets reads and writes go on; a foreign key also looks at the other table. */
export function validateConstraint(command: Command, sink: EffectSink): void {
  const name = command.node.name ?? ''
  const table = sink.table(command.table)
  const known = constraintNamed(name, command.table, table)
  if (known?.validated !== true) for (const target of command.targets) sink.scan(target)
  if (known?.references !== undefined && !known.validated) sink.lock(known.references.table, 'RowShareLock')
  if (known === undefined && sink.existed(command.table)) {
    sink.unknown(`what kind of constraint ${name} is, is not known; a foreign key also locks the table it references`)
  }
  const { clause, targets } = command
  sink.change({ kind: 'validate-constraint', clause, table: command.table, name, reaches: targets.slice(1) })
}

/**
 * Which tables below the one that is named a command of ALTER TABLE locks as well. Measured on 14 to 18; where the versions
 * differ, whatever one of them locks counts.
 */

import type { AlterTableCmd } from 'libpg-query'
import type { Table } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import type { Reach } from './alter-table-locks.ts'
import { constraintNamed } from './constraint-nodes.ts'
import type { EffectSink } from './sink.ts'

export function tablesBelow(
  command: AlterTableCmd,
  reach: Reach,
  only: boolean,
  name: RelationName,
  sink: EffectSink,
): readonly RelationName[] {
  const all = sink.descendants(name)
  const table = sink.table(name)
  if (all.length === 0) return []
  const partitioned = table?.partitioned === true
  const direct = all.filter((child) => sink.table(child)?.parents.includes(name) === true)
  switch (command.subtype) {
    // ONLY leaves the children their column, and still goes to them: it is no longer inherited.
    case 'AT_DropColumn':
      if (command.missing_ok === true && certainlyWithout(table, command.name)) return []
      return only ? direct : all
    case 'AT_AddColumn':
      return only || addsNothing(command, table) ? [] : all
    case 'AT_DropConstraint':
      if (partitioned) return all
      if (!mayBeInherited(command, name, table)) return []
      return only ? direct : all
    case 'AT_ValidateConstraint':
      return only || isValid(command, name, table) ? [] : all
    case 'AT_SetNotNull':
      return only || (partitioned && table.columns.get(command.name ?? '')?.notNull === true) ? [] : all
    case 'AT_DropNotNull':
      return only ? direct : all
    default:
      if (isAboutTriggers(command) && !mayHaveTriggers(command, table, name, sink)) return []
      return only || reach === 'table' || (reach === 'partitions' && !partitioned) ? [] : all
  }
}

function certainlyWithout(table: Table | undefined, column: string | undefined): boolean {
  return table?.columnsKnown === true && !table.columns.has(column ?? '')
}

function addsNothing(command: AlterTableCmd, table: Table | undefined): boolean {
  const definition = command.def !== undefined && 'ColumnDef' in command.def ? command.def.ColumnDef : undefined
  return command.missing_ok === true && table?.columns.has(definition?.colname ?? '') === true
}

/** Checks and NOT NULL are; keys belong to one table. */
function mayBeInherited(command: AlterTableCmd, name: RelationName, table: Table | undefined): boolean {
  const known = constraintNamed(command.name ?? '', name, table)
  if (known === undefined) return !(table?.columnsKnown === true && command.missing_ok === true)
  return known.kind === 'check' || known.kind === 'not-null'
}

function isValid(command: AlterTableCmd, name: RelationName, table: Table | undefined): boolean {
  return constraintNamed(command.name ?? '', name, table)?.validated === true
}

function isAboutTriggers(command: AlterTableCmd): boolean {
  return /^AT_(Enable|Disable)(Always|Replica)?Trig/.test(command.subtype ?? '')
}

/** Foreign keys have triggers of their own, on both ends, which ALL means as well. */
function mayHaveTriggers(
  command: AlterTableCmd,
  table: Table | undefined,
  name: RelationName,
  sink: EffectSink,
): boolean {
  if (table === undefined || table.triggers.size > 0) return true
  if (!/TrigAll$/.test(command.subtype ?? '')) return false
  return table.constraints.some(({ references }) => references !== undefined) || sink.referencing(name).length > 0
}

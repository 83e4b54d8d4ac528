/** ALTER TABLE: its lock for each command, and what the commands do. */

import type { AlterTableCmd, AlterTableStmt } from 'libpg-query'
import type { RelationName } from '../model.ts'
import { addColumn, alterColumnDefault, alterColumnType, dropColumn, dropNotNull, setNotNull } from './alter-column.ts'
import { addConstraint, dropConstraint, validateConstraint } from './alter-constraint.ts'
import { attachPartition, detachPartition, inherit, otherCommand } from './alter-others.ts'
import { lockOfCommand } from './alter-table-locks.ts'
import { tablesBelow } from './alter-table-reach.ts'
import { ownFunctionsIn } from './own-code.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as } from './tree.ts'
import { alterCompositeType } from './types.ts'

/** One command of an ALTER TABLE, with all it needs. */
export interface Command {
  readonly table: RelationName
  /** The table and what is locked with it below it. */
  readonly targets: readonly RelationName[]
  readonly only: boolean
  readonly node: AlterTableCmd
  readonly clause: number
  readonly cascade: boolean
  readonly missingOk: boolean
  /** The commands before it in the same statement. */
  readonly before: readonly AlterTableCmd[]
}

type CommandHandler = (command: Command, sink: EffectSink) => void

const handlers: Readonly<Record<string, CommandHandler>> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: dropColumn,
  AT_AlterColumnType: alterColumnType,
  AT_SetNotNull: setNotNull,
  AT_DropNotNull: dropNotNull,
  AT_ColumnDefault: alterColumnDefault,
  AT_AddConstraint: addConstraint,
  AT_DropConstraint: dropConstraint,
  AT_ValidateConstraint: validateConstraint,
  AT_AttachPartition: attachPartition,
  AT_DetachPartition: detachPartition,
  AT_AddInherit: inherit,
  AT_DropInherit: inherit,
}

export const alterTable: Handler = (node, sink) => {
  const statement = as(node, 'AlterTableStmt')
  if (statement !== undefined) alter(statement, sink)
}

function alter(statement: AlterTableStmt, sink: EffectSink): void {
  const table = sink.relationOf(statement.relation)
  if (statement.missing_ok === true && sink.certainlyAbsent(table)) return
  if (statement.objtype === 'OBJECT_TYPE') {
    alterCompositeType(table, statement, sink)
    return
  }
  const only = statement.relation?.inh !== true
  const commands = allOf(statement.cmds, 'AlterTableCmd')
  const evaluated = [
    ...ownFunctionsIn(
      commands.map((command) => command.def),
      sink,
    ),
  ]
  sink.runFunctions(evaluated, 'it')
  commands.forEach((command, clause) => {
    const lock = lockOfCommand(command)
    if (lock === undefined) {
      sink.unknown(`the lock of ${command.subtype ?? 'this ALTER TABLE command'} is not known`)
      sink.lock(table, 'AccessExclusiveLock')
      return
    }
    sink.lock(table, lock.mode)
    const reached = tablesBelow(command, lock.reach, only, table, sink)
    for (const child of reached) sink.lock(child, lock.mode)
    const handler = handlers[command.subtype ?? ''] ?? otherCommand
    handler(
      {
        table,
        targets: [table, ...reached],
        only,
        node: command,
        clause,
        cascade: command.behavior === 'DROP_CASCADE',
        missingOk: command.missing_ok === true,
        before: commands.slice(0, clause),
      },
      sink,
    )
  })
  if (evaluated.length > 0)
    for (const relation of [table, ...(only ? [] : sink.descendants(table))])
      sink.change({ kind: 'runs', relation, functions: evaluated })
  if (commands.length === 0) sink.unknown('the ALTER TABLE has no command that could be read')
}

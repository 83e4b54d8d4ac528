/** From a statement to its effects: one handler per node of the grammar. A node without one is unknown, never harmless. */

import type { Node } from 'libpg-query'
import { alterTable } from './alter-table.ts'
import { runBodies } from './bodies.ts'
import { copy, lockTables, queryStatement, truncate } from './data.ts'
import { dropObjects } from './drops.ts'
import { createEventTrigger, doubtEventTriggers } from './event-triggers.ts'
import { alterExtensionContents, createExtension } from './extensions.ts'
import { alterFunction, call, createCast, createFunction, createOperatorClass, define, doBlock } from './functions.ts'
import { cluster, createIndex, createStatistics, reindex } from './indexes.ts'
import * as other from './others.ts'
import { rename, setSchema } from './renames.ts'
import { setVariable } from './settings.ts'
import { type EffectContext, EffectSink, type Handler, type Outcome } from './sink.ts'
import { createForeignTable, createTable, createTableAs } from './tables.ts'
import { kindOf, type NodeKind } from './tree.ts'
import { alterDomain, alterEnum, createComposite, createDomain, createEnum, createRange } from './types.ts'
import { alterPolicy, createPolicy, createRule, createTrigger, createView, refresh } from './views.ts'

const handlers: Partial<Readonly<Record<NodeKind, Handler>>> = {
  AlterTableStmt: alterTable,
  AlterTableMoveAllStmt: other.because('which tables are moved to another tablespace is not known'),
  CreateStmt: createTable,
  CreateForeignTableStmt: createForeignTable,
  CreateTableAsStmt: createTableAs,
  DropStmt: dropObjects,
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  IndexStmt: createIndex,
  ReindexStmt: reindex,
  ClusterStmt: cluster,
  CreateStatsStmt: createStatistics,
  AlterStatsStmt: other.because('the table of the statistics, which is locked, is not known'),
  CreateEnumStmt: createEnum,
  CreateDomainStmt: createDomain,
  CompositeTypeStmt: createComposite,
  CreateRangeStmt: createRange,
  DefineStmt: define,
  AlterEnumStmt: alterEnum,
  AlterDomainStmt: alterDomain,
  AlterTypeStmt: other.because('it changes which functions read and write values of the type'),
  ViewStmt: createView,
  RefreshMatViewStmt: refresh,
  CreateTrigStmt: createTrigger,
  RuleStmt: createRule,
  CreatePolicyStmt: createPolicy,
  AlterPolicyStmt: alterPolicy,
  SelectStmt: queryStatement,
  InsertStmt: queryStatement,
  UpdateStmt: queryStatement,
  DeleteStmt: queryStatement,
  MergeStmt: queryStatement,
  TruncateStmt: truncate,
  LockStmt: lockTables,
  CopyStmt: copy,
  CreateSeqStmt: other.createSequence,
  AlterSeqStmt: other.alterSequence,
  CreateSchemaStmt: other.createSchema,
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: alterFunction,
  CreateExtensionStmt: createExtension,
  AlterExtensionStmt: other.because('what the update of an extension runs is not known'),
  AlterExtensionContentsStmt: alterExtensionContents,
  GrantStmt: other.grant,
  AlterDefaultPrivilegesStmt: other.alterDefaultPrivileges,
  CommentStmt: other.comment,
  VariableSetStmt: setVariable,
  TransactionStmt: other.transaction,
  DoStmt: doBlock,
  VacuumStmt: other.vacuum,
  CreatePublicationStmt: other.createPublication,
  AlterPublicationStmt: other.createPublication,
  ExplainStmt: other.explain,
  CallStmt: call,
  ExecuteStmt: other.because('what the prepared statement does is not known'),
  PrepareStmt: other.nothing,
  DeallocateStmt: other.nothing,
  DropOwnedStmt: other.because('which objects the role owns, and lose, is not known'),
  ReassignOwnedStmt: other.because('which objects the role owns is not known'),
  SecLabelStmt: other.because('which relation the label is for is not worked out'),
  ImportForeignSchemaStmt: other.because('which tables are created is not known'),
  CreateCastStmt: createCast,
  CreateOpClassStmt: createOperatorClass,
  DiscardStmt: other.because('it takes back what the session has set, prepared and made for itself'),
  // What reaches out of the database, or into every later statement, is in no backup.
  AlterSystemStmt: other.because('it changes the configuration of the whole server'),
  AlterDatabaseSetStmt: other.because('it changes a setting of every later session in the database'),
  AlterRoleSetStmt: other.because('it changes a setting of every later session of the role'),
  GrantRoleStmt: other.because('it gives or takes membership in roles, which belong to the whole server'),
  AlterRoleStmt: other.because('it changes a role, which belongs to the whole server'),
  DropRoleStmt: other.because('it drops a role, which belongs to the whole server and is in no backup of the database'),
  CreateEventTrigStmt: createEventTrigger,
  AlterEventTrigStmt: other.because('an event trigger runs with every later statement that changes the schema'),
  AlterOperatorStmt: other.because('it changes what an operator runs'),
  CreatePLangStmt: other.because('it brings a language whose handler is not read'),
  CreateTransformStmt: other.because('its functions run wherever a value of the type reaches the language'),
  CreateConversionStmt: other.because('its function runs wherever text is converted'),
  CreateFdwStmt: other.because('it brings a handler that is not read'),
  AlterFdwStmt: other.because('it brings a handler that is not read'),
  // Measured on 14 to 18, or by their nature without a relation: no lock on any.
  VariableShowStmt: other.nothing,
  ConstraintsSetStmt: other.nothing,
  ListenStmt: other.nothing,
  UnlistenStmt: other.nothing,
  NotifyStmt: other.nothing,
  CheckPointStmt: other.nothing,
  AlterObjectDependsStmt: other.nothing,
  AlterOwnerStmt: other.nothing,
  AlterCollationStmt: other.nothing,
  AlterDatabaseStmt: other.nothing,
  AlterTSConfigurationStmt: other.nothing,
  AlterTSDictionaryStmt: other.nothing,
  AlterForeignServerStmt: other.nothing,
  AlterUserMappingStmt: other.nothing,
  CreateAmStmt: other.nothing,
  CreateForeignServerStmt: other.nothing,
  CreateOpFamilyStmt: other.nothing,
  CreateRoleStmt: other.nothing,
  CreateUserMappingStmt: other.nothing,
  DropUserMappingStmt: other.nothing,
}

export function effectsOf(node: Node, context: EffectContext): Outcome {
  const sink = new EffectSink(context)
  const kind = kindOf(node)
  const handler = handlers[kind as NodeKind]
  if (handler === undefined) {
    sink.unknown(`the effects of ${kind} are not known`)
    return sink.outcome()
  }
  try {
    handler(node, sink)
    if (sink.catalog.eventTriggers.size > 0) doubtEventTriggers(sink.outcome().changes, sink)
    runBodies(sink, effectsOf)
  } catch (thrown) {
    // Reading is recursive in places; what is nested beyond the stack is not read, and that is said.
    if (!(thrown instanceof RangeError)) throw thrown
    sink.unknown('the statement is nested too deeply to be read')
  }
  return sink.outcome()
}

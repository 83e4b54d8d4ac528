/** Sequences, schemas, functions, grants, comments, settings, and everything that cannot be read. */

import type { Node } from 'libpg-query'
import type { LockMode } from '../model.ts'
import { lockReads } from './queries.ts'
import { losePosition } from './sequences.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, nameParts } from './tree.ts'

export const nothing: Handler = () => {}

export const because =
  (reason: string): Handler =>
  (_node, sink) =>
    sink.unknown(reason)

export const createSequence: Handler = (node, sink) => {
  const statement = as(node, 'CreateSeqStmt')
  const name = sink.newRelation(statement?.sequence)
  if (statement?.if_not_exists === true && sink.certainlyPresent(name)) return
  const ownedBy = ownerOf(statement?.options, sink)
  if (ownedBy !== undefined) sink.lock(ownedBy.table, 'AccessShareLock')
  sink.change({
    kind: 'create-sequence',
    sequence: { kind: 'sequence', name, createdBy: sink.context.migration, ownedBy },
  })
}

export const alterSequence: Handler = (node, sink) => {
  const statement = as(node, 'AlterSeqStmt')
  const name = sink.relationOf(statement?.sequence)
  if (statement?.missing_ok === true && sink.certainlyAbsent(name)) return
  sink.lock(name, 'ShareRowExclusiveLock')
  if (allOf(statement?.options, 'DefElem').some((option) => option.defname === 'restart')) losePosition(name, sink)
  if (!allOf(statement?.options, 'DefElem').some((option) => option.defname === 'owned_by')) return
  const ownedBy = ownerOf(statement?.options, sink)
  if (ownedBy !== undefined) sink.lock(ownedBy.table, 'AccessShareLock')
  const createdBy = sink.relation(name)?.createdBy
  sink.change({ kind: 'create-sequence', sequence: { kind: 'sequence', name, createdBy, ownedBy } })
}

function ownerOf(
  options: readonly Node[] | undefined,
  sink: EffectSink,
): { readonly table: string; readonly column: string } | undefined {
  const option = allOf(options, 'DefElem').find((one) => one.defname === 'owned_by')
  const parts = nameParts(option?.arg)
  if (parts.length < 2) return undefined
  return { table: sink.name(parts.slice(0, -1)), column: parts.at(-1) ?? '' }
}

export const createSchema: Handler = (node, sink) => {
  const statement = as(node, 'CreateSchemaStmt')
  sink.change({ kind: 'create-schema', name: statement?.schemaname ?? '' })
  if ((statement?.schemaElts ?? []).length > 0) sink.unknown('the objects created inside CREATE SCHEMA are not read')
}

/** Since version 18 a grant on a table takes ACCESS SHARE, before that nothing (measured); neither blocks anybody. */
export const grant: Handler = (node, sink) => {
  const statement = as(node, 'GrantStmt')
  if (statement?.is_grant === true) return
  const objects = statement?.objects ?? []
  for (const object of objects) {
    const range = as(object, 'RangeVar')
    sink.lose('grant', range === undefined ? nameParts(object).join('.') : sink.relationOf(range))
  }
}

export const alterDefaultPrivileges: Handler = (node, sink) => {
  const action = as(node, 'AlterDefaultPrivilegesStmt')?.action
  if (action?.is_grant !== true) sink.lose('grant', 'default privileges')
}

const commentLocks: Readonly<Record<string, LockMode>> = {
  OBJECT_TABLE: 'ShareUpdateExclusiveLock',
  OBJECT_VIEW: 'ShareUpdateExclusiveLock',
  OBJECT_MATVIEW: 'ShareUpdateExclusiveLock',
  OBJECT_INDEX: 'ShareUpdateExclusiveLock',
  OBJECT_SEQUENCE: 'ShareUpdateExclusiveLock',
  OBJECT_FOREIGN_TABLE: 'ShareUpdateExclusiveLock',
}

export const comment: Handler = (node, sink) => {
  const statement = as(node, 'CommentStmt')
  const parts = nameParts(statement?.object)
  const lock = commentLocks[statement?.objtype ?? '']
  if (lock !== undefined) sink.lock(sink.name(parts), lock)
  else if (statement?.objtype === 'OBJECT_COLUMN') sink.lock(sink.name(parts.slice(0, -1)), 'ShareUpdateExclusiveLock')
  else if (/_(TABCONSTRAINT|TRIGGER|POLICY|RULE)$/.test(statement?.objtype ?? '')) {
    sink.lock(sink.name(parts.slice(0, -1)), 'AccessShareLock')
  }
}

export const transaction: Handler = (node, sink) => {
  const kind = as(node, 'TransactionStmt')?.kind
  if (kind === 'TRANS_STMT_ROLLBACK' || kind === 'TRANS_STMT_ROLLBACK_TO') {
    sink.unknown('ROLLBACK takes statements before it back, which the effects of this file do not follow')
  } else if (
    kind === 'TRANS_STMT_PREPARE' ||
    kind === 'TRANS_STMT_COMMIT_PREPARED' ||
    kind === 'TRANS_STMT_ROLLBACK_PREPARED'
  ) {
    sink.unknown('a prepared transaction goes on after the migration')
  }
}

export const vacuum: Handler = (node, sink) => {
  const statement = as(node, 'VacuumStmt')
  const full = allOf(statement?.options, 'DefElem').some((option) => option.defname === 'full' && isOn(option.arg))
  const targets = allOf(statement?.rels, 'VacuumRelation')
  const mode: LockMode = full ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock'
  if (targets.length === 0) sink.unknown('every table of the database is processed; which those are is not known')
  for (const target of targets) {
    const name = sink.relationOf(target.relation)
    for (const table of [name, ...sink.descendants(name)]) {
      sink.lock(table, mode)
      // ANALYZE computes the expressions of indexes and statistics.
      sink.runFunctions(sink.table(table)?.runs ?? [], `what hangs on ${table}`)
      if (full) sink.rewrite(table)
      if (full) sink.scan(table)
    }
  }
}

function isOn(argument: Node | undefined): boolean {
  const text = as(argument, 'String')?.sval
  return text === undefined || /^(on|true|1)$/i.test(text)
}

export const createPublication: Handler = (node, sink) => {
  const objects = as(node, 'CreatePublicationStmt')?.pubobjects ?? as(node, 'AlterPublicationStmt')?.pubobjects
  for (const object of allOf(objects, 'PublicationObjSpec')) {
    const range = object.pubtable?.relation
    if (range === undefined) continue
    const name = sink.relationOf(range)
    // Partitions are published through their parent; inheriting tables are published themselves (measured).
    const below = range.inh === true && sink.table(name)?.partitioned !== true ? sink.descendants(name) : []
    for (const table of [name, ...below]) sink.lock(table, 'ShareUpdateExclusiveLock')
  }
  if (as(node, 'AlterPublicationStmt')?.action === 'AP_SetObjects') {
    sink.unknown('which tables leave the publication, and are locked, is not known')
  }
}

export const explain: Handler = (node, sink) => {
  const statement = as(node, 'ExplainStmt')
  const analyses = allOf(statement?.options, 'DefElem').some((option) => option.defname === 'analyze')
  if (analyses) sink.unknown('EXPLAIN ANALYZE runs the statement inside it, which is not followed')
  else lockReads(statement?.query, sink, 'views-too')
}

/** Views, materialized views, rules, triggers and policies: what hangs on a table and runs with its queries. */

import { type WriteEvent, writeEvents } from '../catalog/model.ts'
import { columnsMentioned } from './expressions.ts'
import { functionsCalled, hangOn, ownFunctionsIn } from './own-code.ts'
import { lockReads, relationsRead } from './queries.ts'
import type { Handler } from './sink.ts'
import { as, kindOf, strings } from './tree.ts'

export const createView: Handler = (node, sink) => {
  const statement = as(node, 'ViewStmt')
  if (statement === undefined) return
  const name = sink.newRelation(statement.view)
  const reads = lockReads(statement.query, sink, 'names')
  if (statement.replace === true && sink.relation(name) !== undefined) sink.lock(name, 'AccessExclusiveLock')
  else if (statement.replace === true && !sink.catalog.complete) sink.lock(name, 'AccessExclusiveLock')
  sink.change({
    kind: 'create-view',
    view: {
      kind: 'view',
      name,
      createdBy: sink.relation(name)?.createdBy ?? sink.context.migration,
      reads,
      mentions: columnsMentioned(statement.query),
      triggers: new Map(),
      rules: [],
      runs: [...ownFunctionsIn(statement.query, sink)],
    },
  })
}

/** Without CONCURRENTLY nobody can read the view meanwhile; with it nobody can refresh it (measured). */
export const refresh: Handler = (node, sink) => {
  const statement = as(node, 'RefreshMatViewStmt')
  if (statement === undefined) return
  const name = sink.relationOf(statement.relation)
  const relation = sink.relation(name)
  sink.lock(name, statement.concurrent === true ? 'ExclusiveLock' : 'AccessExclusiveLock')
  if (statement.concurrent !== true) sink.rewrite(name)
  if (statement.skipData === true) return
  if (relation?.kind !== 'materialized-view') sink.unknown(`what the materialized view ${name} reads is not known`)
  else sink.runFunctions(relation.runs, `the materialized view ${name}`)
  for (const read of relation?.kind === 'materialized-view' ? relation.reads : [])
    lockReads({ RangeVar: rangeOf(read) }, sink, 'views-too')
}

function rangeOf(name: string): { readonly schemaname: string; readonly relname: string; readonly inh: boolean } {
  const dot = name.indexOf('.')
  return { schemaname: name.slice(0, dot), relname: name.slice(dot + 1), inh: true }
}

export const createTrigger: Handler = (node, sink) => {
  const statement = as(node, 'CreateTrigStmt')
  if (statement === undefined) return
  const table = sink.relationOf(statement.relation)
  const eachRow = statement.row === true && sink.table(table)?.partitioned === true
  const partitions = eachRow ? sink.descendants(table) : []
  for (const target of [table, ...partitions]) sink.lock(target, 'ShareRowExclusiveLock')
  if (statement.constrrel !== undefined) sink.lock(sink.relationOf(statement.constrrel), 'AccessShareLock')
  sink.change({
    kind: 'add-trigger',
    table,
    name: statement.trigname ?? '',
    trigger: {
      forEachRow: statement.row === true,
      events: eventsOf(statement.events ?? 0),
      runs: [...functionsCalled(strings(statement.funcname), sink), ...ownFunctionsIn(statement.whenClause, sink)],
    },
  })
}

/** Bits of `pg_trigger.tgtype`, which the grammar uses too. */
const eventBits: Readonly<Record<WriteEvent, number>> = { insert: 4, delete: 8, update: 16, truncate: 32 }

function eventsOf(bits: number): readonly WriteEvent[] {
  return writeEvents.filter((event) => (bits & eventBits[event]) !== 0)
}

export const createRule: Handler = (node, sink) => {
  const statement = as(node, 'RuleStmt')
  if (statement === undefined) return
  const table = sink.relationOf(statement.relation)
  for (const action of statement.actions ?? []) {
    lockReads(action, sink, 'names')
    const kind = kindOf(action)
    const target =
      as(action, 'InsertStmt')?.relation ?? as(action, 'UpdateStmt')?.relation ?? as(action, 'DeleteStmt')?.relation
    if (kind !== 'SelectStmt' && target !== undefined) sink.lock(sink.relationOf(target), 'RowExclusiveLock')
  }
  sink.lock(table, 'AccessExclusiveLock')
  if (statement.event === 'CMD_SELECT') sink.unknown(`it changes what reading ${table} gives`)
  sink.change({ kind: 'add-rule', table, name: statement.rulename ?? '' })
}

export const createPolicy: Handler = (node, sink) => {
  const statement = as(node, 'CreatePolicyStmt')
  if (statement === undefined) return
  const table = sink.relationOf(statement.table)
  for (const read of relationsRead([statement.qual, statement.with_check], sink)) sink.lock(read.relation, read.mode)
  sink.lock(table, 'AccessExclusiveLock')
  sink.change({ kind: 'add-policy', table, name: statement.policy_name ?? '' })
  hangOn(table, [statement.qual, statement.with_check], sink)
}

export const alterPolicy: Handler = (node, sink) => {
  const statement = as(node, 'AlterPolicyStmt')
  if (statement === undefined) return
  for (const read of relationsRead([statement.qual, statement.with_check], sink)) sink.lock(read.relation, read.mode)
  const table = sink.relationOf(statement.table)
  sink.lock(table, 'AccessExclusiveLock')
  hangOn(table, [statement.qual, statement.with_check], sink)
  if (sink.existed(table)) sink.lose('policy', `${table}.${statement.policy_name ?? ''}`)
}

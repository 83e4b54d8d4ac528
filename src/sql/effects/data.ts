/** INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY, LOCK: statements about rows. */

import type { Node } from 'libpg-query'
import type { Constraint, Table } from '../catalog/model.ts'
import { type LockMode, lockModes, type RelationName } from '../model.ts'
import { referencesColumn } from './dependents.ts'
import { above, runOnWrite } from './own-code.ts'
import { lockReads } from './queries.ts'
import { losePosition } from './sequences.ts'
import type { EffectSink, Handler } from './sink.ts'
import { unseenColumns } from './tables.ts'
import { allOf, as, visit } from './tree.ts'

type Write =
  | { readonly kind: 'insert'; readonly columns: readonly string[] | undefined }
  | { readonly kind: 'update'; readonly columns: readonly string[] }
  | { readonly kind: 'delete' }

export const queryStatement: Handler = (node, sink) => {
  lockReads(node, sink, 'views-too')
  // Found by walking, a node has lost the wrapper that says its kind; the types of the grammar know it only with it.
  visit(node, (kind, inner) => {
    if (writing.has(kind)) writeOf({ [kind]: inner } as unknown as Node, sink)
  })
  const into = as(node, 'SelectStmt')?.intoClause?.rel
  if (into !== undefined)
    sink.change({ kind: 'create-table', table: unseenColumns(sink.relationOf(into), into, sink), ifNotExists: false })
}

const writing: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/** Data-modifying statements stand at the top or in a WITH; both are found by walking. */
function writeOf(node: Node, sink: EffectSink): void {
  const insert = as(node, 'InsertStmt')
  if (insert !== undefined) {
    const columns =
      insert.cols === undefined ? undefined : allOf(insert.cols, 'ResTarget').map((target) => target.name ?? '')
    write(sink.relationOf(insert.relation), { kind: 'insert', columns }, true, sink)
    const update = insert.onConflictClause
    if (update?.action === 'ONCONFLICT_UPDATE') {
      write(sink.relationOf(insert.relation), { kind: 'update', columns: assigned(update.targetList) }, true, sink)
    }
  }
  const update = as(node, 'UpdateStmt')
  if (update !== undefined) {
    const table = sink.relationOf(update.relation)
    write(table, { kind: 'update', columns: assigned(update.targetList) }, update.relation?.inh === true, sink)
    if (update.whereClause === undefined) sink.scan(table)
  }
  const remove = as(node, 'DeleteStmt')
  if (remove !== undefined) {
    const table = sink.relationOf(remove.relation)
    write(table, { kind: 'delete' }, remove.relation?.inh === true, sink)
    if (remove.whereClause === undefined) sink.scan(table)
  }
  const merge = as(node, 'MergeStmt')
  if (merge === undefined) return
  const table = sink.relationOf(merge.relation)
  for (const clause of allOf(merge.mergeWhenClauses, 'MergeWhenClause')) {
    if (clause.commandType === 'CMD_DELETE') write(table, { kind: 'delete' }, true, sink)
    else if (clause.commandType === 'CMD_UPDATE')
      write(table, { kind: 'update', columns: assigned(clause.targetList) }, true, sink)
    else if (clause.commandType === 'CMD_INSERT')
      write(table, { kind: 'insert', columns: assigned(clause.targetList) }, true, sink)
  }
  sink.lock(table, 'RowExclusiveLock')
}

function assigned(targets: readonly Node[] | undefined): readonly string[] {
  return allOf(targets, 'ResTarget').map((target) => target.name ?? '')
}

function write(name: RelationName, what: Write, withChildren: boolean, sink: EffectSink): void {
  if (/^(pg_catalog|information_schema|pg_toast)\./.test(name))
    sink.unknown(`it writes into ${name}, which is PostgreSQL's own`)
  if (sink.table(name)?.foreign === true)
    sink.unknown(`the rows of ${name} are on another server, which no backup of this database has`)
  const view = sink.relation(name)
  if (view?.kind === 'view') {
    sink.lock(name, 'RowExclusiveLock')
    runOnWrite(view, what.kind, sink)
    for (const read of view.reads) write(read, what, true, sink)
    return
  }
  for (const target of withChildren ? [name, ...sink.descendants(name)] : [name]) {
    sink.lock(target, 'RowExclusiveLock')
    if (what.kind === 'delete' && sink.existed(target)) sink.lose('rows', target)
    if (what.kind === 'update') sink.overwrite(target)
    const table = sink.table(target)
    if (table !== undefined) runOnWrite(table, what.kind, sink)
    // A row that belongs into another partition from then on is deleted here and inserted there.
    if (table !== undefined && what.kind === 'update' && above(table, sink).some((parent) => parent.partitioned))
      for (const event of ['delete', 'insert'] as const) runOnWrite(table, event, sink)
    // Whether the bounds of a partition must be read from above depends on what the session has cached.
    for (const parent of table === undefined ? [] : above(table, sink))
      if (parent.partitioned) sink.lock(parent.name, 'AccessShareLock')
    lockOtherEnds(target, table, what, sink)
    // A row that moves to another partition is deleted from this one, for whoever references the partition itself.
    if (what.kind === 'update' && target !== name) lockOtherEnds(target, table, { kind: 'delete' }, sink)
  }
}

/** Foreign keys are checked by queries of the server's own, which lock the table at the other end (measured). */
function lockOtherEnds(
  name: RelationName,
  table: Table | undefined,
  what: Write,
  sink: EffectSink,
  seen = new Set<string>(),
): void {
  const visit = `${what.kind} ${name}`
  if (seen.has(visit)) return
  seen.add(visit)
  for (const constraint of table?.constraints ?? []) {
    if (constraint.references !== undefined && sets(what, constraint.columns))
      sink.lock(constraint.references.table, 'RowShareLock')
  }
  if (what.kind === 'insert') {
    for (const column of table?.columns.values() ?? []) {
      if (column.sequence === undefined || what.columns?.includes(column.name) === true) continue
      sink.lock(column.sequence, 'RowExclusiveLock')
      sink.reachBeyond('nextval')
    }
    return
  }
  for (const { table: other, constraint } of sink.referencing(name)) {
    if (what.kind === 'update' && !keyColumns(constraint, table).some((column) => what.columns.includes(column)))
      continue
    const writes = what.kind === 'delete' ? constraint.writesOnDelete : constraint.writesOnUpdate
    const mode: LockMode = writes ? 'RowExclusiveLock' : 'RowShareLock'
    for (const target of [other.name, ...sink.descendants(other.name)]) sink.lock(target, mode)
    if (!writes) continue
    const next: Write =
      what.kind === 'delete' && constraint.deletesRows ? what : { kind: 'update', columns: constraint.columns }
    for (const target of [other.name, ...sink.descendants(other.name)])
      runOnWrite(sink.table(target) ?? other, next.kind, sink)
    if (next.kind === 'update') sink.overwrite(other.name)
    else if (sink.existed(other.name)) sink.lose('rows', other.name)
    lockOtherEnds(other.name, other, next, sink, seen)
  }
}

function keyColumns(constraint: Constraint, table: Table | undefined): readonly string[] {
  const named = constraint.references?.columns ?? []
  return named.length > 0
    ? named
    : [...(table?.columns.keys() ?? [])].filter((column) => referencesColumn(constraint, column, table))
}

function sets(what: Write, columns: readonly string[]): boolean {
  if (what.kind === 'delete') return false
  return what.columns === undefined || what.columns.some((column) => columns.includes(column))
}

/** Replaces the files of the tables: fast, but nobody can read meanwhile, and nothing is left. */
export const truncate: Handler = (node, sink) => {
  const statement = as(node, 'TruncateStmt')
  if (statement === undefined) return
  const queue: RelationName[] = []
  for (const range of allOf(statement.relations, 'RangeVar')) {
    const table = sink.relationOf(range)
    queue.push(table, ...(range.inh === true ? sink.descendants(table) : []))
    if (statement.behavior === 'DROP_CASCADE' && sink.table(table) === undefined) {
      sink.unknown(`which tables reference ${table}, and are emptied too, is not known`)
    }
  }
  const emptied = new Set<RelationName>()
  for (let table = queue.pop(); table !== undefined; table = queue.pop()) {
    if (emptied.has(table)) continue
    emptied.add(table)
    empty(table, statement.restart_seqs === true, sink)
    if (statement.behavior !== 'DROP_CASCADE') continue
    // Partitions of a referencing table go with it; tables that only inherit from it do not.
    for (const { table: other } of sink.referencing(table))
      queue.push(other.name, ...(other.partitioned ? sink.descendants(other.name) : []))
  }
}

function empty(name: RelationName, restartSequences: boolean, sink: EffectSink): void {
  const table = sink.table(name)
  sink.lock(name, 'AccessExclusiveLock')
  if (table !== undefined) runOnWrite(table, 'truncate', sink)
  if (table?.partitioned !== true) sink.rewrite(name)
  if (sink.existed(name)) sink.lose('rows', name)
  if (!restartSequences) return
  for (const relation of sink.catalog.relations.pointingAt(name))
    if (relation.kind === 'sequence') {
      sink.lock(relation.name, 'AccessExclusiveLock')
      losePosition(relation.name, sink)
    }
}

export const lockTables: Handler = (node, sink) => {
  const statement = as(node, 'LockStmt')
  // The grammar numbers the modes from 1, the weakest first.
  const mode = lockModes[(statement?.mode ?? 8) - 1] ?? 'AccessExclusiveLock'
  const lockAll = (name: RelationName) => {
    sink.lock(name, mode)
    const relation = sink.relation(name)
    if (relation?.kind === 'view') for (const read of relation.reads) lockAll(read)
  }
  for (const range of allOf(statement?.relations, 'RangeVar')) {
    const name = sink.relationOf(range)
    lockAll(name)
    if (range.inh === true) for (const child of sink.descendants(name)) sink.lock(child, mode)
  }
}

export const copy: Handler = (node, sink) => {
  const statement = as(node, 'CopyStmt')
  if (statement === undefined) return
  if (statement.is_program === true) sink.unknown('it runs a program on the server')
  else if (statement.filename !== undefined && statement.is_from !== true)
    sink.unknown('it writes a file on the server')
  if (statement.query !== undefined) queryStatement(statement.query, sink)
  if (statement.relation === undefined) return
  lockReads(statement.whereClause, sink, 'views-too')
  const table = sink.relationOf(statement.relation)
  if (statement.is_from === true) write(table, { kind: 'insert', columns: undefined }, false, sink)
  else sink.lock(table, 'AccessShareLock')
}

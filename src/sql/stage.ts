/** Which step of a safe change a migration is: add, move data, take away, tidy up. */

import type { Change } from './catalog/change.ts'
import { dataLosses, type Effects, type MigrationStage, type RelationName } from './model.ts'

interface StagedStatement {
  readonly kind: string
  readonly effects: Effects
  readonly changes: readonly Change[]
}

/** The strictest step any statement needs: what takes away decides before what moves data, and that before what adds. */
const strictness: readonly MigrationStage[] = ['cleanup', 'expand', 'data', 'contract']

export function stageOf(statements: readonly StagedStatement[]): MigrationStage {
  let strictest: MigrationStage | undefined
  for (const statement of statements) {
    const stage = stageOfStatement(statement)
    if (stage === undefined) continue
    if (strictest === undefined || strictness.indexOf(stage) > strictness.indexOf(strictest)) strictest = stage
  }
  return strictest ?? 'expand'
}

const writes = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt', 'TruncateStmt'])

/** What they write shows only in the locks. */
const bodies = new Set(['DoStmt', 'CallStmt'])

/** Statements that steer the session or the transaction and belong to no step. */
const neutral = new Set([
  'VariableSetStmt',
  'VariableShowStmt',
  'TransactionStmt',
  'LockStmt',
  'SelectStmt',
  'ConstraintsSetStmt',
])

const tidying = new Set(['VacuumStmt', 'ReindexStmt', 'ClusterStmt', 'RefreshMatViewStmt'])

export function stageOfStatement({ kind, effects, changes }: StagedStatement): MigrationStage | undefined {
  if (effects.unknown && kind !== 'SelectStmt') return 'contract'
  if (effects.loses.some((loss) => dataLosses.has(loss.kind) && loss.kind !== 'rows' && loss.kind !== 'type'))
    return 'contract'
  if (changes.some((change) => demandsOfTheApplication(change, effects))) return 'contract'
  if (writes.has(kind) || (bodies.has(kind) && effects.locks.some((lock) => lock.mode === 'RowExclusiveLock')))
    return 'data'
  // setval() behind rows that were inserted belongs to no step of its own.
  if (neutral.has(kind) && effects.loses.every((loss) => loss.kind === 'sequence')) return undefined
  if (tidying.has(kind) || effects.loses.length > 0 || changes.some(finishes)) return 'cleanup'
  return 'expand'
}

/** What the release that is running may not be prepared for: other names, other types, values it does not send. */
function demandsOfTheApplication(change: Change, effects: Effects): boolean {
  // What the same file created is in nobody's use: it has no lock among the effects.
  const inUse = (name: RelationName) => effects.locks.some((lock) => lock.relation === name)
  switch (change.kind) {
    case 'rename-table':
    case 'rename-view':
      return inUse(change.from)
    case 'rename-column':
      return inUse(change.table)
    case 'rename-label':
    case 'rename-schema':
      return true
    case 'alter-column':
      return inUse(change.table) && (change.set.notNull === true || change.typeChange?.rewrites === true)
    case 'add-column':
      return inUse(change.table) && change.column.notNull && change.filledBy === 'none'
    default:
      return false
  }
}

function finishes(change: Change): boolean {
  return change.kind === 'validate-constraint' || change.kind === 'rename-index' || change.kind === 'rename-constraint'
}

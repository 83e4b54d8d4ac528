/** Which step of a safe change a migration is: add, move data, take away, tidy up. */

import type { Change } from './catalog/change.ts'
import { dataLosses, type Effects, type MigrationStage } from './model.ts'

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
  if (changes.some(demandsOfTheApplication)) return 'contract'
  if (writes.has(kind)) return 'data'
  if (neutral.has(kind) && effects.loses.length === 0) return undefined
  if (tidying.has(kind) || effects.loses.length > 0 || changes.some(finishes)) return 'cleanup'
  return 'expand'
}

/** What the release that is running may not be prepared for: other names, other types, values it does not send. */
function demandsOfTheApplication(change: Change): boolean {
  switch (change.kind) {
    case 'rename-table':
    case 'rename-column':
    case 'rename-view':
    case 'rename-label':
    case 'rename-schema':
      return true
    case 'alter-column':
      return change.set.notNull === true || (change.typeChange?.rewrites ?? false)
    case 'add-column':
      return change.column.notNull && change.filledBy === 'none'
    default:
      return false
  }
}

function finishes(change: Change): boolean {
  return change.kind === 'validate-constraint' || change.kind === 'rename-index' || change.kind === 'rename-constraint'
}

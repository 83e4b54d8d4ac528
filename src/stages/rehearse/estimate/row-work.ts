/** Whether a statement goes through rows: then its time says something about the rows that were there, and nothing about others. */

import { tokens } from '../../../sql/lexer.ts'
import type { Statement } from '../../../sql/model.ts'

/** They go through as many rows as their conditions find, or as their code likes. */
const rowKinds: ReadonlySet<string> = new Set([
  'UpdateStmt',
  'DeleteStmt',
  'InsertStmt',
  'MergeStmt',
  'SelectStmt',
  'DoStmt',
  'CallStmt',
  'CopyStmt',
  'ExecuteStmt',
  'CreateTableAsStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'ClusterStmt',
  'VacuumStmt',
])

export function worksOnRows(kind: string, planned: Statement | undefined): boolean {
  if (!rowKinds.has(kind)) return false
  if (planned === undefined || planned.runsCode) return true
  // The rows that an INSERT … VALUES brings along are in the file, and a SELECT without FROM has one.
  if (kind === 'InsertStmt') return hasWord(planned.sql, 'select') || hasWord(planned.sql, 'table')
  return kind === 'SelectStmt' ? hasWord(planned.sql, 'from') || planned.effects.unknown : true
}

function hasWord(sql: string, word: string): boolean {
  for (const { kind, start, end } of tokens(sql)) {
    if (kind === 'word' && sql.slice(start, end).toLowerCase() === word) return true
  }
  return false
}

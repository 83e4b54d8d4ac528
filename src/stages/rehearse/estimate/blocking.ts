/** What a lock means for an application that reads and writes rows. */

import { applicationLocks, makesWait } from '../../../sql/lock-conflicts.ts'
import type { LockMode } from '../../../sql/model.ts'
import type { Blocking } from './estimate.ts'

/** They hold the rows that they changed until their transaction ends (manual, 13.3.2). */
const rowChangers: ReadonlySet<string> = new Set([
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'DoStmt',
  'CallStmt',
  'SelectStmt',
])

export function blockingOf(
  mode: LockMode,
  statement: { readonly kind: string; readonly rows: number | null },
): Blocking {
  if (makesWait(mode, applicationLocks.reads)) return 'reads-and-writes'
  if (makesWait(mode, applicationLocks.rowLocks)) return 'writes-and-row-locks'
  if (makesWait(mode, applicationLocks.writes)) return 'writes'
  const changes = mode === applicationLocks.writes && rowChangers.has(statement.kind) && statement.rows !== 0
  return changes ? 'same-rows' : 'nothing'
}

const changing = ['INSERT', 'UPDATE', 'DELETE', 'MERGE']

export const waitingStatements: Readonly<Record<Blocking, readonly string[]>> = {
  nothing: [],
  'same-rows': ['UPDATE', 'DELETE', 'MERGE', 'SELECT … FOR UPDATE'],
  // COPY FROM and the INSERT of a row whose foreign key points here are among them by what they are.
  writes: changing,
  'writes-and-row-locks': [...changing, 'SELECT … FOR UPDATE'],
  'reads-and-writes': ['SELECT', ...changing, 'SELECT … FOR UPDATE'],
}

import type { RunResult } from '../result.ts'

/** Where a migration stands when the run is over; never a guess where nobody could look. */
export function migrationState(
  { command, applied, failed = [], reasonCode, stages }: RunResult,
  name: string,
): 'applied' | 'failed' | 'pending' | 'not known' {
  if (applied.includes(name)) return 'applied'
  if (failed.includes(name)) return 'failed'
  const begun = stages.some((stage) => stage.name === 'apply')
  // `check` sees no database.
  const unseen = command === 'check' || reasonCode === 'state_unknown' || (begun && reasonCode === 'BUG')
  return unseen ? 'not known' : 'pending'
}

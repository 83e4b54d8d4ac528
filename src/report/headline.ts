import type { Outcome, RunResult } from '../result.ts'

/** One sentence each for the first line of every report: what a person wants to know before anything else. */
const headlines: Record<Outcome, string> = {
  clear: 'clear to deploy',
  'needs-approval': 'needs approval',
  blocked: 'blocked',
  applied: 'applied and verified',
  'nothing-pending': 'nothing pending',
  done: 'done',
  refused: 'refused, nothing was changed',
  recovered: 'did not stand, the database is back where it was',
  'needs-human': 'stopped, a person has to decide',
  failed: 'failed',
}

export function headlineOf(result: RunResult): string {
  return headlines[result.outcome]
}

/** `shop on db.internal (production)`, as far as it is known. */
export function targetOf(result: RunResult): string {
  const database = result.target === undefined ? '' : `${result.target.database} on ${result.target.host}`
  if (result.environment === undefined) return database
  return database === '' ? result.environment : `${database} (${result.environment})`
}

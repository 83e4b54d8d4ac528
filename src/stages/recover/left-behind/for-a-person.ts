import { type Ended, noMigrations } from '../../../ended.ts'
import { FailureError } from '../../../errors.ts'

/** A migration without an end of which nobody can prove how far it came: no failure of this run, but a state that a person has to decide about. */
export function leftForAPerson(error: unknown): Ended {
  if (!(error instanceof FailureError) || error.failure.code !== 'HISTORY.FAILED_MIGRATION') throw error
  const { failure } = error
  return { ...noMigrations, outcome: 'needs-human', reasonCode: failure.code, reason: '', next: failure.next, failure }
}

import { describeStopped } from './describe.ts'
import { type FailedMigration, fateOf, isUnchanged, type StoppedState, type TakenBack } from './stopped-state.ts'

export type Recovery =
  /** Nothing took effect but the row of the failed migration: marking it rolled back is safe. */
  | { readonly kind: 'clean-history'; readonly failed: FailedMigration; readonly because: string }
  /** The same without a row: Airlock itself had begun it. */
  | { readonly kind: 'taken-back'; readonly stoppedIn: TakenBack }
  /** Applying was stopped after its last migration: there is nothing to take back. */
  | { readonly kind: 'all-applied' }
  /** Nothing happened at all, not even a row. */
  | { readonly kind: 'nothing-to-do' }
  | { readonly kind: 'needs-human'; readonly state: readonly string[] }

export function decideRecovery(stopped: StoppedState): Recovery {
  const { applied, failed, notReached, atWork, historyInDoubt, takenBack } = stopped
  if (atWork === undefined && historyInDoubt === undefined) {
    if (failed.length === 0 && notReached.length === 0 && takenBack === undefined) return { kind: 'all-applied' }
    if (applied.length === 0 && isUnchanged(stopped)) {
      const [only, ...others] = failed
      if (only === undefined)
        return takenBack === undefined ? { kind: 'nothing-to-do' } : { kind: 'taken-back', stoppedIn: takenBack }
      const fate = fateOf(only, stopped)
      if (others.length === 0 && fate.kind === 'taken-back')
        return { kind: 'clean-history', failed: only, because: fate.because }
    }
  }
  return { kind: 'needs-human', state: describeStopped(stopped) }
}

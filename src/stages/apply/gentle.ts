import { lockModes } from '../../sql/model.ts'
import type { PlannedMigration } from '../plan/plan.ts'

const strongest = lockModes.indexOf('ShareUpdateExclusiveLock')

/**
 * Takes no lock that a read or a write of the application would have to wait for: CONCURRENTLY, VALIDATE CONSTRAINT. While it
 * waits nobody queues behind it (manual, table 13.2), and given up half-way it leaves an invalid index; so it may take its time.
 */
export function isGentle({ statements }: Pick<PlannedMigration, 'statements'>): boolean {
  const effects = statements.map((statement) => statement.effects)
  return (
    effects.every(
      ({ unknown, locks }) => !unknown && locks.every(({ mode }) => lockModes.indexOf(mode) <= strongest),
    ) && effects.some(({ locks }) => locks.some(({ mode }) => mode === 'ShareUpdateExclusiveLock'))
  )
}

import type { ExecutionModel } from '../../migrations/execution-model.ts'
import type { Obstacle } from './plan.ts'

export function obstaclesOf(migration: string, execution: ExecutionModel): readonly Obstacle[] {
  const obstacles: Obstacle[] = []
  if (execution.refused !== undefined) {
    obstacles.push({
      migration,
      text: execution.because,
      instead: `Move ${execution.refused.what} into a migration of its own, with nothing else in the file.`,
    })
  }
  for (const { what } of execution.stray.filter(({ fails }) => fails)) {
    obstacles.push({
      migration,
      text: `${what} can only be used inside a transaction, and none is open there: ${execution.because}`,
      instead: `Begin and end ${migration}/migration.sql with BEGIN; and COMMIT;`,
    })
  }
  if (execution.leftOpen) {
    obstacles.push({ migration, text: execution.because, instead: `End ${migration}/migration.sql with COMMIT;` })
  }
  return obstacles
}

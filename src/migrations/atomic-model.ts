import type { ResumePoint } from './atomic-progress.ts'
import { atomicFile, commitsOnTheWay, fileInSteps } from './atomic-steps.ts'
import { type ExecutionModel, modelOf } from './execution-model.ts'
import { fileStatements } from './execution-statements.ts'

/** How Airlock executes one migration.sql with `apply: atomic`. The plan shows it, and the executor goes by the same steps. */
export function atomicModel(sql: string, resume?: ResumePoint): ExecutionModel {
  const statements = fileStatements(sql)
  const file = resume === undefined ? atomicFile(sql) : fileInSteps(sql)
  if (file.kind === 'unsupported') {
    const model = modelOf('split', sql, statements, 'Airlock runs every statement on its own')
    const because = `Airlock does not run a file with ${file.what}`
    return { ...model, atomic: false, because, refused: { statement: file.statement, what: file.what } }
  }
  if (resume === undefined && !commitsOnTheWay(file.steps)) {
    const together = file.steps.length === 1 && statements.length === file.steps[0]?.count
    const model = modelOf(together ? 'batch' : 'split', sql, statements, 'Airlock')
    return {
      ...model,
      atomic: true,
      because:
        'Airlock runs all of it and its row of the history in one transaction, and a failure leaves nothing behind.',
      // The transaction is one that was said, not the one that PostgreSQL opens around a message.
      refused: together ? undefined : model.refused,
      stray: together ? [] : model.stray,
    }
  }
  const model = modelOf('split', sql, statements, 'Airlock runs every statement on its own and records how far it came')
  return { ...model, atomic: false }
}

import type { ExecutionModel } from '../../migrations/execution-model.ts'
import { documentationUrl } from '../../project.ts'
import type { Finding } from '../../rules/finding.ts'
import type { Statement } from '../../sql/model.ts'

/** `SET LOCAL lock_timeout` protects nobody where each statement is a transaction of its own: PostgreSQL only warns. */
export function findingsOfStray(
  migration: { readonly name: string; readonly file: string; readonly statements: readonly Statement[] },
  execution: ExecutionModel,
): readonly Finding[] {
  return execution.stray.flatMap(({ statement, what, fails }): Finding[] => {
    const found = migration.statements[statement]
    if (fails || found === undefined) return []
    return [
      {
        rule: 'set-local-without-transaction',
        severity: 'warning',
        migration: migration.name,
        file: migration.file,
        line: found.range.line,
        column: found.range.column,
        message: `${what} has no effect here: no transaction is open.`,
        why: `${execution.because} What it was meant to protect runs without it.`,
        instead: `BEGIN;\n${found.sql};\n-- the statements that it is for\nCOMMIT;`,
        docs: `${documentationUrl}/rules/non-atomic-migration.md`,
      },
    ]
  })
}

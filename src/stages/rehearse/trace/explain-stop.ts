import { loadParser, parseMigration } from '../../../sql/parse.ts'
import { countOffending } from './count-offending.ts'
import { decideFailure } from './decide-failure.ts'
import { serverErrorOf } from './server-error.ts'
import type { SubjectSession } from './subject.ts'
import type { StoppedTrace } from './trace.ts'
import type { StoppedFile } from './trace-file.ts'

/** What stopped a file, in words, with the rows that did. Nothing is open on the session when it begins, nor when it ends. */
export async function explainStop(
  subject: SubjectSession,
  migration: string,
  stopped: StoppedFile,
  budgetMs: number,
): Promise<StoppedTrace> {
  const { statement, error } = stopped
  const { index, range, sql, kind } = statement
  const said = serverErrorOf(error)
  const parsed = parseMigration(await loadParser(), sql)
  const node = parsed.kind === 'parsed' ? parsed.statements[0]?.node : undefined
  const atItsEnd = stopped.atItsEnd || kind === 'TransactionStmt'
  const question = decideFailure(said, { sql, node, atItsEnd })
  const { cause, offending, find } = await countOffending(subject, question, said, stopped, budgetMs)
  return {
    migration,
    index,
    line: range.line,
    sql,
    sqlState: said.sqlState,
    message: said.message,
    cause,
    offending,
    find,
  }
}

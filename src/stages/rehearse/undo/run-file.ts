import { fileStatements } from '../../../migrations/execution-statements.ts'
import { serverErrorOf } from '../trace/server-error.ts'

/** A session that runs files; what it throws is the driver's. */
export interface RunSession extends AsyncDisposable {
  send(sql: string): Promise<unknown>
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

export type RunOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly sqlState: string | undefined; readonly because: string }

/** `batch`: the whole file in one message; `split`: every statement in one of its own. */
export async function runFile(session: RunSession, sql: string, execution: 'batch' | 'split'): Promise<RunOutcome> {
  const pieces = execution === 'batch' ? [sql] : fileStatements(sql).map((statement) => statement.sql)
  for (const piece of pieces) {
    try {
      await session.send(piece)
    } catch (error) {
      const { sqlState, message } = serverErrorOf(error)
      // Without a SQLSTATE nobody answered, and nothing was learnt.
      if (sqlState === undefined || /^(?:57P|08)/.test(sqlState)) throw error
      await session.send('ROLLBACK')
      const first = piece.replaceAll(/^\s*(?:--.*\n\s*)*/g, '').split('\n')[0] ?? ''
      return { kind: 'failed', sqlState, because: `${message} (SQLSTATE ${sqlState}), at: ${first.slice(0, 120)}` }
    }
  }
  return { kind: 'done' }
}

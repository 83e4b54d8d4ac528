import { fileStatements } from '../../../migrations/execution-statements.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'

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
      const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
      // Without a SQLSTATE nobody answered, and nothing was learnt.
      if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^(?:57P|08)/.test(code)) throw error
      await session.send('ROLLBACK')
      const said = error instanceof Error ? withoutRowValues(error.message) : ''
      const first = piece.replaceAll(/^\s*(?:--.*\n\s*)*/g, '').split('\n')[0] ?? ''
      return { kind: 'failed', sqlState: code, because: `${said} (SQLSTATE ${code}), at: ${first.slice(0, 120)}` }
    }
  }
  return { kind: 'done' }
}

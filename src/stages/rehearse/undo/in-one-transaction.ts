import { type FileStatement, fileStatements } from '../../../migrations/execution-statements.ts'
import { needsOwnTransaction, transactionRole } from '../../../migrations/execution-transactions.ts'

/** A file as it can be sent inside of a transaction that somebody else began and is going to roll back. */
export type InOneTransaction =
  | { readonly kind: 'pieces'; readonly pieces: readonly string[] }
  | { readonly kind: 'refused'; readonly because: string }

/** Its own BEGIN and COMMIT are left out; what commits on its way, or refuses to be in a transaction, is not run at all. */
export function inOneTransaction(sql: string): InOneTransaction {
  const pieces: string[] = []
  for (const statement of fileStatements(sql)) {
    const role = transactionRole(statement)
    if (role === 'begin' || role === 'commit') continue
    const because = whyNot(statement, role)
    if (because !== undefined) return { kind: 'refused', because }
    pieces.push(statement.sql)
  }
  return { kind: 'pieces', pieces }
}

function whyNot({ words }: FileStatement, role: ReturnType<typeof transactionRole>): string | undefined {
  const alone = needsOwnTransaction(words)
  if (alone !== undefined) return `${alone} cannot run inside of a transaction`
  if (role === 'rollback') return 'it has a ROLLBACK of its own'
  return role === 'work-in-steps' ? `${words[0] ?? 'it'} may commit on its way` : undefined
}

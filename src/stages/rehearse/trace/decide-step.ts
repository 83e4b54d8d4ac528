import { fileStatements } from '../../../migrations/execution-statements.ts'
import { needsOwnTransaction, transactionRole } from '../../../migrations/execution-transactions.ts'
import type { PlannedMigration } from '../../plan/plan.ts'

/** How a statement is to be sent so that it meets the transaction that it will meet in production. */
export type Step =
  /** As it is: it opens, ends or steers a transaction or the session, or refuses to be in one. */
  | { readonly kind: 'as-it-is'; readonly because: string | undefined }
  /** In one of its own, which is ended behind it, as the server does by itself. Seen before it ends. */
  | { readonly kind: 'own-transaction' }
  /** In the one that PostgreSQL opens around the message of the whole file (manual, 54.2.2.1). */
  | { readonly kind: 'of-the-file' }
  /** The block that PostgreSQL opens by itself takes no savepoints, and ours would. */
  | { readonly kind: 'refused-there' }
  /** It reaches out of the copy; `what` says where to. */
  | { readonly kind: 'never'; readonly what: string }

export interface Here {
  /** `file`: the one that stands for the message. `own`: the file's own BEGIN. */
  readonly open: 'none' | 'file' | 'own'
  readonly together: boolean
}

/** One message for the whole file. A single statement in a message is no block, except where Airlock itself says BEGIN. */
export function runsTogether(
  { execution, statements }: Pick<PlannedMigration, 'execution' | 'statements'>,
  apply: 'prisma' | 'atomic',
): boolean {
  return execution.kind === 'batch' && (statements.length > 1 || apply === 'atomic')
}

export function decideStep(sql: string, { open, together }: Here): Step {
  const statement = fileStatements(sql)[0]
  if (statement === undefined) return { kind: 'as-it-is', because: undefined }
  const { words } = statement
  const what = reachesOut(words)
  if (what !== undefined) return { kind: 'never', what }
  if (open === 'own') return { kind: 'as-it-is', because: undefined }
  const role = transactionRole(statement)
  if (open === 'file') {
    return isSavepoint(words) ? { kind: 'refused-there' } : { kind: 'as-it-is', because: undefined }
  }
  if (role === 'begin' || role === 'commit' || role === 'rollback') return { kind: 'as-it-is', because: undefined }
  if (together) return isSavepoint(words) ? { kind: 'as-it-is', because: undefined } : { kind: 'of-the-file' }
  if (role === 'session' || words[0] === 'DECLARE') return { kind: 'as-it-is', because: undefined }
  const alone = needsOwnTransaction(words) ?? (words[0] === 'CLUSTER' && words.length === 1 ? 'CLUSTER' : undefined)
  if (alone !== undefined) return { kind: 'as-it-is', because: `${alone} cannot run inside a transaction` }
  if (role === 'work-in-steps') return { kind: 'as-it-is', because: `${words[0] ?? 'it'} may commit on its way` }
  return { kind: 'own-transaction' }
}

function isSavepoint([first, second]: readonly string[]): boolean {
  return first === 'SAVEPOINT' || first === 'RELEASE' || (first === 'ROLLBACK' && second === 'TO')
}

/** A subscription connects to another server, perhaps the very one that is rehearsed for, and makes or drops a slot there. */
export function reachesOut([first, second]: readonly string[]): string | undefined {
  if (second === 'SUBSCRIPTION' && (first === 'CREATE' || first === 'ALTER' || first === 'DROP'))
    return `${first} SUBSCRIPTION speaks to another server`
  if (first === 'ALTER' && second === 'SYSTEM') return 'ALTER SYSTEM changes the server of the copy'
  if ((first === 'CREATE' || first === 'DROP') && (second === 'DATABASE' || second === 'TABLESPACE'))
    return `${first} ${second} is about the whole server of the copy`
  if (first === 'ALTER' && second === 'DATABASE')
    return 'ALTER DATABASE names a database, and the copy has another name'
  return undefined
}

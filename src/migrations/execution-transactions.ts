import type { FileStatement } from './execution-statements.ts'

/** What a statement does to the transaction it runs in. */
export type TransactionRole =
  | 'begin'
  | 'commit'
  | 'rollback'
  /** Changes the session or reads it and leaves nothing behind in the database. */
  | 'session'
  | 'work'
  /** Work that may commit in the middle of itself, so that not even one such statement is all or nothing. */
  | 'work-in-steps'

export function transactionRole({ words, bodies }: FileStatement): TransactionRole {
  const [first, second] = words
  switch (first) {
    case 'BEGIN':
      return 'begin'
    case 'START':
      return second === 'TRANSACTION' ? 'begin' : 'work'
    case 'COMMIT':
    case 'END':
      return second === 'PREPARED' ? 'work' : 'commit'
    case 'ABORT':
      return 'rollback'
    case 'ROLLBACK':
      if (second === 'PREPARED') return 'work'
      return words.includes('TO') ? 'session' : 'rollback'
    case 'PREPARE':
      return second === 'TRANSACTION' ? 'commit' : 'session'
    case 'SAVEPOINT':
    case 'RELEASE':
    case 'SET':
    case 'RESET':
    case 'SHOW':
    case 'LOCK':
      return 'session'
    case 'CALL':
      return 'work-in-steps'
    case 'DO':
      return bodies.length === 1 && bodies.every(keepsTransaction) ? 'work' : 'work-in-steps'
    default:
      return words.includes('CONCURRENTLY') && needsOwnTransaction(words) !== undefined ? 'work-in-steps' : 'work'
  }
}

/** Escapes can spell any word, and so can a string that goes on in the next line (manual, 4.1.2.1), which comes in two parts. */
function keepsTransaction(body: string): boolean {
  if (!body.startsWith('$') && body.includes('\\')) return false
  return !/COMMIT|ROLLBACK|\bCALL\b/i.test(body)
}

/**
 * The statements that PostgreSQL refuses inside a transaction block (their manual pages say so; the message is
 * "… cannot run inside a transaction block", SQLSTATE 25001), by the name that the server's message gives them.
 */
export function needsOwnTransaction(words: readonly string[]): string | undefined {
  const [first, second] = words
  const concurrently = words.includes('CONCURRENTLY')
  switch (first) {
    case 'CREATE': {
      const kind = second === 'UNIQUE' ? words[2] : second
      if (kind === 'INDEX' && concurrently) return 'CREATE INDEX CONCURRENTLY'
      if (kind === 'DATABASE' || kind === 'TABLESPACE') return `CREATE ${kind}`
      return undefined
    }
    case 'DROP':
      if (second === 'INDEX' && concurrently) return 'DROP INDEX CONCURRENTLY'
      if (second === 'DATABASE' || second === 'TABLESPACE') return `DROP ${second}`
      return undefined
    case 'REINDEX':
      if (concurrently) return 'REINDEX CONCURRENTLY'
      return words.slice(1, 4).find((word) => word === 'DATABASE' || word === 'SYSTEM' || word === 'SCHEMA') ===
        undefined
        ? undefined
        : 'REINDEX'
    case 'VACUUM':
      return 'VACUUM'
    case 'ALTER':
      if (second === 'SYSTEM') return 'ALTER SYSTEM'
      if (second === 'DATABASE' && words.includes('TABLESPACE')) return 'ALTER DATABASE SET TABLESPACE'
      if (second === 'TABLE' && words.includes('DETACH') && concurrently) return 'ALTER TABLE … DETACH CONCURRENTLY'
      return undefined
    default:
      return undefined
  }
}

/** A statement that means something only inside a transaction block (manual: LOCK, SAVEPOINT, SET), and what it does without one. */
function needsTransaction(words: readonly string[]): Omit<StrayStatement, 'statement'> | undefined {
  const [first, second] = words
  if (first === 'LOCK') return { what: 'LOCK TABLE', fails: true }
  if (first === 'SAVEPOINT') return { what: 'SAVEPOINT', fails: true }
  if (first !== 'SET') return undefined
  if (second === 'LOCAL' || second === 'CONSTRAINTS' || second === 'TRANSACTION')
    return { what: `SET ${second}`, fails: false }
  return undefined
}

/** What usually ends a file that began with the SET. Any other name may be one that the server does not know. */
function cannotFail({ words: [first, second = ''] }: FileStatement): boolean {
  return (
    first === 'RESET' &&
    /^(?:ALL|ROLE|SEARCH_PATH|LOCK_TIMEOUT|STATEMENT_TIMEOUT|(?:MAINTENANCE_)?WORK_MEM)$/.test(second)
  )
}

export interface StrayStatement {
  /** Counted from 0 in the file. */
  readonly statement: number
  readonly what: string
  /** Else the server only warns, and it has no effect. */
  readonly fails: boolean
}

export interface TransactionWalk {
  /** How many transactions can each leave something behind on its own. One or none: all or nothing. */
  readonly committing: number
  /** What a failure of a statement that commits on its way leaves behind, if the file has such a statement. */
  readonly leavesBehind: string | undefined
  /** The first statement that can fail when work before it is committed already, be it only a SET. Counted from 0. */
  readonly afterCommit: number | undefined
  /** Whether the file itself says BEGIN. */
  readonly explicit: boolean
  /** BEGIN without an end: whatever follows runs in it, Prisma's own records included, and is lost at disconnect. */
  readonly leftOpen: boolean
  /** The first statement that the server is going to refuse because a transaction is open around it. */
  readonly refused: RefusedStatement | undefined
  /** The statements that find no transaction where they need one. */
  readonly stray: readonly StrayStatement[]
}

export interface RefusedStatement {
  /** Counted from 0 in the file. */
  readonly statement: number
  readonly what: string
}

/** Follows the server's transaction state through the file. `together`: one message, so one transaction unless the file says otherwise. */
export function walkTransactions(statements: readonly FileStatement[], together: boolean): TransactionWalk {
  // PostgreSQL opens a transaction block around a message with several statements (manual, 55.2.2.1).
  const implicitBlock = together && statements.length > 1
  const walk = {
    committing: 0,
    leavesBehind: undefined as string | undefined,
    afterCommit: undefined as number | undefined,
    explicit: false,
    refused: undefined as RefusedStatement | undefined,
  }
  const stray: StrayStatement[] = []
  let explicitOpen = false
  let pendingWork = false
  const close = (committed: boolean) => {
    if (pendingWork && committed) walk.committing += 1
    pendingWork = false
    explicitOpen = false
  }
  for (const [index, statement] of statements.entries()) {
    const role = transactionRole(statement)
    if (role === 'begin') {
      explicitOpen = true
      walk.explicit = true
      continue
    }
    if (role === 'commit' || role === 'rollback') {
      close(role === 'commit')
      // `COMMIT AND CHAIN` opens the next transaction at once.
      explicitOpen = statement.words.includes('CHAIN') && !statement.words.includes('NO')
      continue
    }
    if (walk.committing > 0 && !cannotFail(statement)) walk.afterCommit ??= index
    if (role === 'session') {
      const need = needsTransaction(statement.words)
      // The block that PostgreSQL opens by itself takes no savepoints.
      const covered = explicitOpen || (implicitBlock && need?.what !== 'SAVEPOINT')
      if (need !== undefined && !covered) stray.push({ statement: index, ...need })
      continue
    }
    const what = needsOwnTransaction(statement.words)
    if (what !== undefined && (implicitBlock || explicitOpen)) walk.refused ??= { statement: index, what }
    if (role === 'work-in-steps' && !implicitBlock && !explicitOpen)
      walk.leavesBehind ??= remainsOf(statement.words, what)
    pendingWork = true
    if (!implicitBlock && !explicitOpen) close(true)
  }
  const leftOpen = explicitOpen
  close(!leftOpen)
  return { ...walk, leftOpen, stray }
}

function remainsOf(words: readonly string[], what: string | undefined): string {
  if (what === undefined) return `${words[0] ?? 'it'} may commit on its way, and a failure leaves what was committed`
  if (what.startsWith('ALTER')) return `${what} that fails leaves the partition half detached`
  return `${what} that fails leaves an invalid index`
}

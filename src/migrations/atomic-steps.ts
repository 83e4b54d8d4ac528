import { type FileStatement, fileStatements } from './execution-statements.ts'
import { needsOwnTransaction, transactionRole } from './execution-transactions.ts'

/** The parts of a file between which something can be committed, in order. What stops between two of them is known to have stopped there. */
export type AtomicStep = TransactionStep | AloneStep | SessionStep

interface Place {
  /** Where it stands among the statements of the file, counted from 0, and how many it has. */
  readonly first: number
  readonly count: number
  readonly startByte: number
  readonly endByte: number
  /** What a session that goes on behind this step is told first: limits of time, which change nothing that is done. */
  readonly replay: readonly string[]
  /** It may have said something to its session that no other session can be told: then nobody goes on behind it. */
  readonly steers: boolean
}

/** Taken back as a whole when it fails. `open` and `close` are the file's own words where it has some. */
export interface TransactionStep extends Place {
  readonly kind: 'transaction'
  readonly open: string
  readonly pieces: readonly PlacedText[]
  readonly close: string
  /** False where the file itself takes it back. */
  readonly commits: boolean
}

/** PostgreSQL refuses it inside a transaction, or it may commit on its way. */
export interface AloneStep extends Place {
  readonly kind: 'alone'
  readonly piece: PlacedText
  readonly what: string
}

/** Leaves nothing in the database. */
export interface SessionStep extends Place {
  readonly kind: 'session'
  readonly piece: PlacedText
}

export interface PlacedText {
  readonly sql: string
  readonly startByte: number
  readonly endByte: number
}

export type AtomicFile =
  | { readonly kind: 'steps'; readonly steps: readonly AtomicStep[]; readonly resumable: boolean }
  /** What it says about transactions is more than is followed here. */
  | { readonly kind: 'unsupported'; readonly what: string; readonly statement: number }

/** The whole file as one transaction, unless it has something that cannot be in one. */
export function atomicFile(sql: string): AtomicFile {
  const statements = fileStatements(sql)
  return runsTogether(statements)
    ? { kind: 'steps', steps: [wholeFile(sql, statements.length)], resumable: true }
    : stepsOf(statements)
}

/** Statement by statement, also where the whole could be one transaction: for a file of which a part is in force already. */
export function fileInSteps(sql: string): AtomicFile {
  return stepsOf(fileStatements(sql))
}

export function runsTogether(statements: readonly FileStatement[]): boolean {
  return (
    statements.every((statement) => {
      const role = transactionRole(statement)
      const together = role === 'work' || role === 'session'
      return together && ownTransaction(statement) === undefined && notFollowed(statement) === undefined
    }) && !usesNewLabel(statements)
  )
}

function wholeFile(sql: string, count: number): TransactionStep {
  const piece = { sql, startByte: 0, endByte: Buffer.byteLength(sql) }
  return { kind: 'transaction', open: 'BEGIN', pieces: [piece], close: 'COMMIT', commits: true, ...of(piece, 0, count) }
}

const addedLabel = /\bALTER\s+TYPE\s+(\S+)\s+ADD\s+VALUE\s+(?:IF\s+NOT\s+EXISTS\s+)?('(?:[^']|'')*')/i

/** A label can only be used once it is committed, unless its type is as new as it is (manual, ALTER TYPE). */
function usesNewLabel(statements: readonly FileStatement[]): boolean {
  return statements.some(({ sql }, index) => {
    const [, type = '', label] = addedLabel.exec(sql) ?? []
    if (label === undefined) return false
    const created = statements
      .slice(0, index)
      .some(({ words, sql: text }) => isCreateType(words) && text.includes(type))
    return !created && statements.slice(index + 1).some(({ sql: later }) => later.includes(label))
  })
}

function isCreateType([first, second]: readonly string[]): boolean {
  return first === 'CREATE' && second === 'TYPE'
}

function stepsOf(statements: readonly FileStatement[]): AtomicFile {
  const steps: AtomicStep[] = []
  let open: { readonly at: number; readonly begin: FileStatement; readonly inner: FileStatement[] } | undefined
  for (const [index, statement] of statements.entries()) {
    const what = notFollowed(statement)
    if (what !== undefined) return { kind: 'unsupported', what, statement: index }
    const role = transactionRole(statement)
    if (open !== undefined) {
      if (role === 'commit' || role === 'rollback') {
        steps.push(explicitStep(open, statement, role === 'commit'))
        open = undefined
      } else if (role !== 'begin') open.inner.push(statement)
    } else if (role === 'begin') open = { at: index, begin: statement, inner: [] }
    else steps.push(singleStep(statement, index))
  }
  if (open !== undefined)
    return { kind: 'unsupported', what: 'a transaction that is never committed', statement: open.at }
  return { kind: 'steps', steps, resumable: !statements.some(outlivesNoSession) }
}

function explicitStep(
  {
    at,
    begin,
    inner,
  }: { readonly at: number; readonly begin: FileStatement; readonly inner: readonly FileStatement[] },
  end: FileStatement,
  commits: boolean,
): TransactionStep {
  return {
    kind: 'transaction',
    open: begin.sql,
    pieces: inner.map(placed),
    close: end.sql,
    commits,
    ...of({ startByte: begin.startByte, endByte: end.endByte }, at, inner.length + 2),
    replay: commits ? inner.filter(setsLimit).map(({ sql }) => sql) : [],
    steers: inner.some(maySteer),
  }
}

function singleStep(statement: FileStatement, index: number): AtomicStep {
  const place = {
    ...of(statement, index, 1),
    replay: setsLimit(statement) ? [statement.sql] : [],
    steers: maySteer(statement),
  }
  const role = transactionRole(statement)
  const piece = placed(statement)
  const what = ownTransaction(statement) ?? (role === 'work-in-steps' ? (statement.words[0] ?? 'it') : undefined)
  if (what !== undefined) return { kind: 'alone', piece, what, ...place }
  // A COMMIT without a transaction is a warning and nothing else.
  if (role !== 'work') return { kind: 'session', piece, ...place }
  return { kind: 'transaction', open: 'BEGIN', pieces: [piece], close: 'COMMIT', commits: true, ...place }
}

const limits = /^(?:lock_timeout|statement_timeout|idle_in_transaction_session_timeout|client_min_messages)$/i

function setsLimit({ words }: FileStatement): boolean {
  const [first, second = '', third = ''] = words
  return first === 'SET' && limits.test(second === 'SESSION' ? third : second)
}

const plain: ReadonlySet<string> = new Set(
  'ALTER ANALYZE CLUSTER COMMENT CREATE DELETE DROP GRANT INSERT LOCK REASSIGN REFRESH REINDEX REVOKE SECURITY TRUNCATE UPDATE VACUUM'.split(
    ' ',
  ),
)

/** Whatever is not known to leave its session alone: SET, DO, CALL, a SELECT of any function. */
function maySteer(statement: FileStatement): boolean {
  const [first = '', second = ''] = statement.words
  if (/\bset_config\b/i.test(statement.sql)) return true
  if (plain.has(first) || setsLimit(statement) || transactionRole(statement) !== 'work') {
    return first === 'SET' && !setsLimit(statement) && !['LOCAL', 'TRANSACTION', 'CONSTRAINTS'].includes(second)
  }
  return true
}

/** Temporary tables and cursors end with their session; a later statement would find nothing, or something else of that name. */
function outlivesNoSession({ words, sql }: FileStatement): boolean {
  return words.includes('TEMP') || words.includes('TEMPORARY') || words.includes('HOLD') || /\bpg_temp\b/i.test(sql)
}

/** Beyond what the walk through the file knows of: subscriptions make and drop their slot on another server. */
function ownTransaction({ words }: FileStatement): string | undefined {
  const [first, second] = words
  if (second === 'SUBSCRIPTION' && (first === 'CREATE' || first === 'DROP' || first === 'ALTER'))
    return `${first} SUBSCRIPTION`
  if (first === 'CLUSTER' && words.length === 1) return 'CLUSTER'
  return needsOwnTransaction(words)
}

function notFollowed({ words }: FileStatement): string | undefined {
  const [first, second] = words
  if ((first === 'COMMIT' || first === 'ROLLBACK') && second === 'PREPARED') return `${first} PREPARED`
  if (first === 'PREPARE' && second === 'TRANSACTION') return 'PREPARE TRANSACTION'
  const ends = first === 'COMMIT' || first === 'END' || first === 'ROLLBACK' || first === 'ABORT'
  return ends && words.includes('CHAIN') && !words.includes('NO') ? `${first} AND CHAIN` : undefined
}

function of({ startByte, endByte }: Omit<PlacedText, 'sql'>, first: number, count: number): Place {
  return { first, count, startByte, endByte, replay: [], steers: false }
}

function placed({ sql, startByte, endByte }: FileStatement): PlacedText {
  return { sql, startByte, endByte }
}

/** Whether something may be committed before the last of it is: then the history has to say so while it runs. */
export function commitsOnTheWay(steps: readonly AtomicStep[]): boolean {
  const committing = steps.filter(leavesSomething)
  return committing.length > 1 || committing.some(({ kind }) => kind === 'alone')
}

export function leavesSomething(step: AtomicStep): boolean {
  return step.kind === 'alone' || (step.kind === 'transaction' && step.commits)
}

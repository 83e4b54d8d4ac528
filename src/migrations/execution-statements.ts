/**
 * Where the statements of a file stand and with which words each begins: only as much of PostgreSQL's lexical rules
 * (manual, 4.1) as that takes. What a statement means is the business of `sql/`.
 */
export interface FileStatement {
  /** From the end of the statement before, so that comments stay with what they describe; the `;` included. */
  readonly sql: string
  readonly startByte: number
  readonly endByte: number
  /** Bare words in upper case and in order; names in quotes, strings and comments are none. At most sixty. */
  readonly words: readonly string[]
  /** Strings in dollar quotes: the bodies of functions and DO blocks. */
  readonly bodies: readonly string[]
}

const mostWords = 60

interface Token {
  readonly kind: 'space' | 'comment' | 'word' | 'body' | 'other' | 'semicolon' | 'open' | 'close'
  readonly end: number
}

export function fileStatements(sql: string): readonly FileStatement[] {
  const statements: FileStatement[] = []
  const bytes = byteCounter(sql)
  let current = emptyStatement(0)
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, at)
    const text = sql.slice(at, token.end)
    if (token.kind === 'semicolon' && current.parens <= 0 && current.blocks <= 0) {
      if (current.hasContent) statements.push(finished(current, token.end))
      current = emptyStatement(token.end)
    } else {
      take(current, token.kind, text, at)
    }
    at = token.end
  }
  if (current.hasContent) statements.push(finished(current, sql.length))
  return statements

  function finished(statement: OpenStatement, end: number): FileStatement {
    return {
      sql: sql.slice(statement.firstAt, end),
      startByte: bytes(statement.firstAt),
      endByte: bytes(end),
      words: statement.words,
      bodies: statement.bodies,
    }
  }
}

interface OpenStatement {
  /** The first character that is not white space: a comment counts. */
  firstAt: number
  started: boolean
  hasContent: boolean
  /** `CREATE RULE … DO (a; b)` has semicolons inside parentheses. */
  parens: number
  /** `BEGIN ATOMIC … END` of a function has semicolons too; a CASE inside it has an END of its own. */
  blocks: number
  readonly words: string[]
  readonly bodies: string[]
}

function emptyStatement(at: number): OpenStatement {
  return { firstAt: at, started: false, hasContent: false, parens: 0, blocks: 0, words: [], bodies: [] }
}

function take(statement: OpenStatement, kind: Token['kind'], text: string, at: number): void {
  if (kind === 'space') return
  if (!statement.started) {
    statement.started = true
    statement.firstAt = at
  }
  if (kind === 'comment') return
  statement.hasContent = true
  if (kind === 'open') statement.parens += 1
  if (kind === 'close') statement.parens -= 1
  if (kind === 'body') statement.bodies.push(text)
  if (kind === 'word') takeWord(statement, text.toUpperCase())
}

function takeWord(statement: OpenStatement, word: string): void {
  if (statement.words.length < mostWords) statement.words.push(word)
  if (!isRoutine(statement.words)) return
  if (word === 'BEGIN' || (word === 'CASE' && statement.blocks > 0)) statement.blocks += 1
  if (word === 'END') statement.blocks -= 1
}

function isRoutine([create, second, third, fourth]: readonly string[]): boolean {
  const kind = second === 'OR' && third === 'REPLACE' ? fourth : second
  return create === 'CREATE' && (kind === 'FUNCTION' || kind === 'PROCEDURE')
}

function tokenAt(sql: string, at: number): Token {
  const char = sql.charAt(at)
  if (char === ';') return { kind: 'semicolon', end: at + 1 }
  if (char === '(') return { kind: 'open', end: at + 1 }
  if (char === ')') return { kind: 'close', end: at + 1 }
  if (char === "'") return { kind: 'other', end: stringEnd(sql, at, false) }
  if (char === '"') return { kind: 'other', end: quotedEnd(sql, at, '"') }
  if (sql.startsWith('--', at)) return { kind: 'comment', end: lineEnd(sql, at) }
  if (sql.startsWith('/*', at)) return { kind: 'comment', end: blockCommentEnd(sql, at) }
  if (char === '$') return dollarToken(sql, at)
  const space = matchAt(/\s+/y, sql, at)
  if (space !== undefined) return { kind: 'space', end: at + space.length }
  const word = matchAt(/[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy, sql, at)
  if (word === undefined) return { kind: 'other', end: at + 1 }
  const end = at + word.length
  const isEscapeString = (word === 'E' || word === 'e') && sql.charAt(end) === "'"
  return isEscapeString ? { kind: 'other', end: stringEnd(sql, end, true) } : { kind: 'word', end }
}

function matchAt(sticky: RegExp, sql: string, at: number): string | undefined {
  sticky.lastIndex = at
  return sticky.exec(sql)?.[0]
}

function stringEnd(sql: string, at: number, backslashEscapes: boolean): number {
  if (!backslashEscapes) return quotedEnd(sql, at, "'")
  for (let next = at + 1; next < sql.length; next += 1) {
    if (sql.charAt(next) === '\\') next += 1
    else if (sql.charAt(next) === "'") {
      if (sql.charAt(next + 1) !== "'") return next + 1
      next += 1
    }
  }
  return sql.length
}

/** A doubled quote inside is the quote itself, and reading it as an end and a new beginning comes to the same. */
function quotedEnd(sql: string, at: number, quote: string): number {
  const end = sql.indexOf(quote, at + 1)
  return end === -1 ? sql.length : end + 1
}

function lineEnd(sql: string, at: number): number {
  const end = sql.indexOf('\n', at)
  return end === -1 ? sql.length : end + 1
}

/** They nest (manual, 4.1.5). */
function blockCommentEnd(sql: string, at: number): number {
  let depth = 0
  for (let next = at; next < sql.length; ) {
    if (sql.startsWith('/*', next)) depth += 1
    else if (sql.startsWith('*/', next)) depth -= 1
    else {
      next += 1
      continue
    }
    next += 2
    if (depth === 0) return next
  }
  return sql.length
}

function dollarToken(sql: string, at: number): Token {
  const quote = matchAt(/\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy, sql, at)
  if (quote === undefined) return { kind: 'other', end: at + 1 }
  const end = sql.indexOf(quote, at + quote.length)
  return { kind: 'body', end: end === -1 ? sql.length : end + quote.length }
}

/** Positions must be asked for in rising order; each character is counted once. */
function byteCounter(sql: string): (position: number) => number {
  const encoder = new TextEncoder()
  let position = 0
  let bytes = 0
  return (asked) => {
    bytes += encoder.encode(sql.slice(position, asked)).length
    position = asked
    return bytes
  }
}

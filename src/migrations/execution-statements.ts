import { type Token, tokenAt } from '../sql/lexer.ts'

/** Where the statements of a file stand and with which words each begins. What a statement means is the business of `sql/`. */
export interface FileStatement {
  /** From the end of the statement before, so that comments stay with what they describe; the `;` included. */
  readonly sql: string
  readonly startByte: number
  readonly endByte: number
  /** Bare words in upper case and in order; names in quotes, strings and comments are none. At most sixty. */
  readonly words: readonly string[]
  /** Strings in dollar quotes: the bodies of functions and DO blocks. Of a DO block those in other quotes as well. */
  readonly bodies: readonly string[]
}

const mostWords = 60

export function fileStatements(sql: string): readonly FileStatement[] {
  const statements: FileStatement[] = []
  const bytes = byteCounter(sql)
  let current = emptyStatement(0)
  const finish = (end: number) => {
    if (!current.hasContent) return
    const start = firstVisible(sql, current.from)
    const { words, bodies } = current
    statements.push({ sql: sql.slice(start, end), startByte: bytes(start), endByte: bytes(end), words, bodies })
  }
  for (let token = tokenAt(sql, 0); token !== undefined; token = tokenAt(sql, token.end)) {
    const text = sql.slice(token.start, token.end)
    if (token.kind === 'symbol' && text === ';' && current.parens <= 0 && current.blocks <= 0) {
      finish(token.end)
      current = emptyStatement(token.end)
    } else {
      take(current, token.kind, text)
    }
  }
  finish(sql.length)
  return statements
}

interface OpenStatement {
  readonly from: number
  hasContent: boolean
  /** `CREATE RULE … DO (a; b)` has semicolons inside parentheses. */
  parens: number
  /** `BEGIN ATOMIC … END` of a function has semicolons too; a CASE inside it has an END of its own. */
  blocks: number
  readonly words: string[]
  /** The word before the next one. */
  before: string
  readonly bodies: string[]
}

function emptyStatement(from: number): OpenStatement {
  return { from, hasContent: false, parens: 0, blocks: 0, words: [], before: '', bodies: [] }
}

const visible = /\S/g

/** A comment counts: it belongs to the statement after it. */
function firstVisible(sql: string, from: number): number {
  visible.lastIndex = from
  return visible.exec(sql)?.index ?? sql.length
}

function take(statement: OpenStatement, kind: Token['kind'], text: string): void {
  statement.hasContent = true
  if (text === '(') statement.parens += 1
  if (text === ')') statement.parens -= 1
  if (kind === 'string' && (text.startsWith('$') || statement.words[0] === 'DO')) statement.bodies.push(text)
  if (kind === 'word') takeWord(statement, text.toUpperCase())
}

function takeWord(statement: OpenStatement, word: string): void {
  const { before } = statement
  statement.before = word
  if (statement.words.length < mostWords) statement.words.push(word)
  if (statement.words[0] !== 'CREATE' || !isRoutine(statement.words)) return
  // BEGIN alone is the name of something: of the routine, a parameter, a column (manual, appendix C: not reserved).
  if (word === 'ATOMIC' && before === 'BEGIN' && statement.blocks === 0) statement.blocks = 1
  else if (statement.blocks > 0 && word === 'CASE') statement.blocks += 1
  else if (statement.blocks > 0 && word === 'END') statement.blocks -= 1
}

function isRoutine([create, second, third, fourth]: readonly string[]): boolean {
  const kind = second === 'OR' && third === 'REPLACE' ? fourth : second
  return create === 'CREATE' && (kind === 'FUNCTION' || kind === 'PROCEDURE')
}

/** Positions must be asked for in rising order; each character is counted once. */
function byteCounter(sql: string): (position: number) => number {
  let position = 0
  let bytes = 0
  return (asked) => {
    bytes += Buffer.byteLength(sql.slice(position, asked))
    position = asked
    return bytes
  }
}

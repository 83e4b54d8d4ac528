/**
 * The lexical surface of PostgreSQL SQL: enough to know where tokens begin and end, so that ranges exclude comments and the
 * clauses of a statement can be told apart. What a statement means is the parser's business.
 * Rules after https://www.postgresql.org/docs/18/sql-syntax-lexical.html
 */

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol'

/** Offsets are UTF-16 indices into the text. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

const wordStart = /[A-Za-z_\u0080-\uffff]/
const wordPart = /[A-Za-z0-9_$\u0080-\uffff]/
const digit = /[0-9]/
const space = /[ \t\n\r\f\v]/

/** The next token at or after `from`, comments and whitespace skipped. */
export function tokenAt(text: string, from: number): Token | undefined {
  const start = skipBlank(text, from)
  if (start >= text.length) return undefined
  const char = text.charAt(start)
  const next = text.charAt(start + 1)
  if (char === "'") return { kind: 'string', start, end: endOfQuoted(text, start, false) }
  if (char === '"') return { kind: 'quoted', start, end: endOfQuoted(text, start, false) }
  if (next === "'" && /[eE]/.test(char)) return { kind: 'string', start, end: endOfQuoted(text, start + 1, true) }
  if (next === "'" && /[bBxXnN]/.test(char)) return { kind: 'string', start, end: endOfQuoted(text, start + 1, false) }
  if (char === '$') {
    const tag = /^\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(text.slice(start, start + 80))?.[0]
    if (tag !== undefined) {
      const close = text.indexOf(tag, start + tag.length)
      return { kind: 'string', start, end: close === -1 ? text.length : close + tag.length }
    }
  }
  if (wordStart.test(char)) return { kind: 'word', start, end: endWhile(text, start + 1, wordPart) }
  if (digit.test(char)) return { kind: 'number', start, end: endWhile(text, start + 1, /[0-9A-Za-z_.]/) }
  return { kind: 'symbol', start, end: start + 1 }
}

export function* tokens(text: string, from = 0, to = text.length): Generator<Token, void> {
  for (let at = from; ; ) {
    const token = tokenAt(text, at)
    if (token === undefined || token.start >= to) return
    yield token
    at = token.end
  }
}

/** Where the first token at or after `from` begins; the end of the text when there is none. */
export function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    while (at < text.length && space.test(text.charAt(at))) at += 1
    if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end + 1
    } else if (text.startsWith('/*', at)) {
      at = endOfBlockComment(text, at)
    } else {
      return at
    }
  }
}

/** Block comments nest, unlike in the SQL standard. */
export function endOfBlockComment(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; ) {
    if (text.startsWith('/*', at)) {
      depth += 1
      at += 2
    } else if (text.startsWith('*/', at)) {
      depth -= 1
      at += 2
      if (depth === 0) return at
    } else {
      at += 1
    }
  }
  return text.length
}

function endOfQuoted(text: string, open: number, backslashEscapes: boolean): number {
  const quote = text.charAt(open)
  for (let at = open + 1; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (backslashEscapes && char === '\\') at += 1
    else if (char === quote) {
      if (text.charAt(at + 1) !== quote) return at + 1
      at += 1
    }
  }
  return text.length
}

function endWhile(text: string, from: number, pattern: RegExp): number {
  let at = from
  while (at < text.length && pattern.test(text.charAt(at))) at += 1
  return at
}

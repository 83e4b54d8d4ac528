/**
 * The lexical surface of PostgreSQL SQL: enough to know where tokens begin and end, so that ranges exclude comments and the
 * clauses of a statement can be told apart. What a statement means is the parser's business.
 * Rules after https://www.postgresql.org/docs/18/sql-syntax-lexical.html, and where it is silent after what servers do.
 */

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol'

/** Offsets are UTF-16 indices into the text. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

const blank = 1
const wordStart = 2
const wordPart = 4
const digit = 8
const numberPart = 16

/** What each ASCII character can be; every other one is a letter to the server. */
const classes = new Uint8Array(128)
for (const code of [9, 10, 11, 12, 13, 32]) classes[code] = blank
for (let code = 0x30; code <= 0x39; code += 1) classes[code] = wordPart | digit | numberPart
for (let code = 0x41; code <= 0x5a; code += 1) {
  classes[code] = wordStart | wordPart | numberPart
  classes[code + 0x20] = wordStart | wordPart | numberPart
}
classes[0x5f] = wordStart | wordPart | numberPart
classes[0x24] = wordPart
classes[0x2e] = numberPart

function is(wanted: number, text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return ((code < 128 ? (classes[code] ?? 0) : wordStart | wordPart) & wanted) !== 0 && at < text.length
}

function endWhile(wanted: number, text: string, from: number): number {
  let at = from
  while (is(wanted, text, at)) at += 1
  return at
}

/** The next token at or after `from`, comments and whitespace skipped. */
export function tokenAt(text: string, from: number): Token | undefined {
  const start = skipBlank(text, from)
  if (start >= text.length) return undefined
  const char = text[start]
  if (char === "'") return { kind: 'string', start, end: endOfQuoted(text, start) }
  if (char === '"') return { kind: 'quoted', start, end: endOfQuoted(text, start) }
  if (text[start + 1] === "'") {
    if (char === 'e' || char === 'E') return { kind: 'string', start, end: endOfEscapeString(text, start + 1) }
    if (char !== undefined && 'bBxXnN'.includes(char))
      return { kind: 'string', start, end: endOfQuoted(text, start + 1) }
  }
  if (char === '$') {
    const end = endOfDollarQuoted(text, start)
    if (end !== undefined) return { kind: 'string', start, end }
  }
  if (is(wordStart, text, start)) return { kind: 'word', start, end: endWhile(wordPart, text, start + 1) }
  if (is(digit, text, start)) return { kind: 'number', start, end: endWhile(numberPart, text, start + 1) }
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
    at = endWhile(blank, text, at)
    if (text.startsWith('--', at)) at = endOfLine(text, at)
    else if (text.startsWith('/*', at)) at = endOfBlockComment(text, at)
    else return at
  }
}

const lineBreak = /[\n\r]/g

/** Where the line break is that ends a comment: a carriage return alone is one as well. */
export function endOfLine(text: string, from: number): number {
  lineBreak.lastIndex = from
  return lineBreak.exec(text)?.index ?? text.length
}

const commentMark = /\/\*|\*\//g

/** Block comments nest, unlike in the SQL standard. */
export function endOfBlockComment(text: string, start: number): number {
  let depth = 0
  commentMark.lastIndex = start
  for (let mark = commentMark.exec(text); mark !== null; mark = commentMark.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return commentMark.lastIndex
  }
  return text.length
}

/** A doubled quote is one that does not end it. */
function endOfQuoted(text: string, open: number): number {
  const quote = text.charAt(open)
  for (let close = text.indexOf(quote, open + 1); close !== -1; close = text.indexOf(quote, close + 2)) {
    if (text[close + 1] !== quote) return close + 1
  }
  return text.length
}

const continued = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y

/** Backslashes escape in it, and also where it goes on in another line, which repeats only the quotes. */
function endOfEscapeString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === "'") {
      if (text[at + 1] === "'") at += 1
      else {
        continued.lastIndex = at + 1
        if (!continued.test(text)) return at + 1
        at = continued.lastIndex - 1
      }
    }
  }
  return text.length
}

const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y

function endOfDollarQuoted(text: string, start: number): number | undefined {
  dollarTag.lastIndex = start
  const tag = dollarTag.exec(text)?.[0]
  if (tag === undefined) return undefined
  const close = text.indexOf(tag, start + tag.length)
  return close === -1 ? text.length : close + tag.length
}

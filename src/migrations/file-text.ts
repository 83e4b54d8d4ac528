/** What the bytes of a migration.sql are, before anything reads them as SQL. Pure: bytes in, verdict out. */
export type FileText =
  | { readonly kind: 'text'; readonly sql: string; readonly emptiness: 'statements' | 'comments-only' }
  | { readonly kind: 'empty'; readonly sql: string }
  | { readonly kind: 'not-text'; readonly sql: string; readonly problem: EncodingProblem }

export interface EncodingProblem {
  readonly kind: 'utf-16' | 'byte-order-mark' | 'nul' | 'not-utf-8'
  readonly encoding: string
  /** Counted from 0. */
  readonly byte: number
  /** Counted from 1. */
  readonly line: number
}

/** `sql` is always what Prisma makes of the bytes: Node's UTF-8, with U+FFFD for what is none and the mark left in place. */
export function readText(bytes: Uint8Array): FileText {
  const sql = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const problem = encodingProblem(bytes)
  if (problem !== undefined) return { kind: 'not-text', sql, problem }
  if (sql.trim() === '') return { kind: 'empty', sql }
  return { kind: 'text', sql, emptiness: withoutComments(sql).trim() === '' ? 'comments-only' : 'statements' }
}

function encodingProblem(bytes: Uint8Array): EncodingProblem | undefined {
  const utf16 = utf16Of(bytes)
  if (utf16 !== undefined) return { kind: 'utf-16', encoding: utf16, byte: 0, line: 1 }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return { kind: 'byte-order-mark', encoding: 'UTF-8 with a byte order mark', byte: 0, line: 1 }
  }
  const invalid = firstInvalidByte(bytes)
  if (invalid !== undefined) {
    return { kind: 'not-utf-8', encoding: 'not UTF-8', byte: invalid, line: lineOf(bytes, invalid) }
  }
  const nul = bytes.indexOf(0)
  if (nul >= 0) return { kind: 'nul', encoding: 'binary', byte: nul, line: lineOf(bytes, nul) }
  return undefined
}

/** With a mark, or without one by the zero that every second byte of English SQL is. */
function utf16Of(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16 (little endian)'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16 (big endian)'
  if (bytes.length < 4) return undefined
  if (bytes[0] !== 0 && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) return 'UTF-16 (little endian)'
  if (bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0 && bytes[3] !== 0) return 'UTF-16 (big endian)'
  return undefined
}

/** RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF. */
export function firstInvalidByte(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined
  let index = 0
  while (index < bytes.length) {
    const length = sequenceLength(bytes, index)
    if (length === 0) return index
    index += length
  }
  return undefined
}

/** The platform answers much faster whether there is one than where it is. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

const strict = new TextDecoder('utf-8', { fatal: true })

function sequenceLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0
  if (first < 0x80) return 1
  const second = bytes[index + 1] ?? 0
  const continues = (offset: number) => ((bytes[index + offset] ?? 0) & 0xc0) === 0x80
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const [low, high] = [first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf]
    return second >= low && second <= high && continues(2) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const [low, high] = [first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf]
    return second >= low && second <= high && continues(2) && continues(3) ? 4 : 0
  }
  return 0
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let index = 0; index < offset; index++) if (bytes[index] === 0x0a) line++
  return line
}

/** Comments of PostgreSQL nest. Only asked whether anything else is left, so text inside quotes need not survive whole. */
function withoutComments(sql: string): string {
  let rest = ''
  let depth = 0
  for (let index = 0; index < sql.length; index++) {
    const pair = sql.slice(index, index + 2)
    if (pair === '/*') {
      depth++
      index++
    } else if (pair === '*/' && depth > 0) {
      depth--
      index++
    } else if (depth === 0 && pair === '--') {
      const end = sql.indexOf('\n', index)
      if (end < 0) return rest
      index = end
    } else if (depth === 0) {
      rest += sql[index]
      // One character that is neither space nor part of a comment settles the question.
      if (/\S/.test(sql[index] ?? '') && pair !== '/*') return rest
    }
  }
  return rest
}

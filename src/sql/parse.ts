/** From the text of a migration to statements with their exact places. The grammar is PostgreSQL's own (libpg_query). */

import type { Node } from 'libpg-query'
import { skipBlank, tokens } from './lexer.ts'
import type { SourceRange } from './model.ts'
import { type SourceText, sourceText } from './source-text.ts'
import { splitForParsing } from './split.ts'

interface RawStatement {
  readonly stmt?: Node
  readonly stmt_location?: number
  readonly stmt_len?: number
}

/** The loaded grammar. Handed in as a value, so that the core stays free of loading. */
export interface Parser {
  readonly parse: (sql: string) => { readonly stmts?: readonly RawStatement[] }
  readonly parsePlPgSql: (sql: string) => unknown
}

export interface ParsedStatement {
  readonly index: number
  /** The node name of the PostgreSQL grammar: `AlterTableStmt`, `IndexStmt`, … */
  readonly kind: string
  readonly node: Node
  readonly sql: string
  readonly range: SourceRange
}

export interface ParsedMigration {
  readonly kind: 'parsed'
  readonly statements: readonly ParsedStatement[]
  readonly source: SourceText
}

export interface SyntaxErrorInMigration {
  readonly kind: 'syntax-error'
  readonly message: string
  /** What people usually did when this appears in a migration; `undefined` when there is nothing to add. */
  readonly hint: string | undefined
  readonly line: number
  readonly column: number
  readonly byte: number
  readonly source: SourceText
}

/** WebAssembly of 1.7 MB: only for runs that have SQL to read. */
export function loadParser(): Promise<Parser> {
  loading ??= load()
  return loading
}

let loading: Promise<Parser> | undefined

async function load(): Promise<Parser> {
  const grammar = await import('libpg-query')
  await grammar.loadModule()
  return { parse: remembered(grammar.parseSync), parsePlPgSql: remembered(grammar.parsePlPgSQLSync) }
}

/** Of the bodies of functions, which are read again for every statement that runs them. */
const longestRemembered = 20_000
const mostRemembered = 60_000

function remembered<Tree>(parse: (sql: string) => Tree): (sql: string) => Tree {
  const trees = new Map<string, Tree>()
  let characters = 0
  return (sql) => {
    const known = trees.get(sql)
    if (known !== undefined) return known
    const tree = parse(sql)
    if (sql.length > longestRemembered) return tree
    characters += sql.length
    if (characters > mostRemembered) {
      trees.clear()
      characters = sql.length
    }
    trees.set(sql, tree)
    return tree
  }
}

const byteOrderMark = '\uFEFF'

export function parseMigration(parser: Parser, sql: string): ParsedMigration | SyntaxErrorInMigration {
  const source = sourceText(sql)
  const textStart = sql.startsWith(byteOrderMark) ? byteOrderMark.length : 0
  // The grammar reads a C string: whatever follows a NUL would be dropped without a word.
  const nul = sql.indexOf('\0')
  if (nul !== -1) return syntaxError(source, source.atOffset(nul).byte, 'the file contains a NUL byte')

  const statements: ParsedStatement[] = []
  for (const chunk of splitForParsing(sql, textStart)) {
    const text = sql.slice(chunk.start, chunk.end)
    if (isBlank(text)) continue
    const chunkByte = source.atOffset(chunk.start).byte
    let raw: readonly RawStatement[]
    try {
      raw = parser.parse(text).stmts ?? []
    } catch (thrown) {
      return syntaxErrorOf(thrown, source, chunk.start)
    }
    for (const one of raw) {
      if (one.stmt === undefined) continue
      const start = source.atOffset(skipBlank(sql, source.atByte(chunkByte + (one.stmt_location ?? 0)).offset))
      const limit =
        one.stmt_len === undefined
          ? chunk.end
          : source.atByte(chunkByte + (one.stmt_location ?? 0) + one.stmt_len).offset
      const end = source.atOffset(endOfLastToken(sql, start.offset, limit))
      statements.push({
        index: statements.length,
        kind: Object.keys(one.stmt)[0] ?? 'unknown',
        node: one.stmt,
        sql: sql.slice(start.offset, end.offset),
        range: { startByte: start.byte, endByte: end.byte, line: start.line, column: start.column, endLine: end.line },
      })
    }
  }
  return { kind: 'parsed', statements, source }
}

/** Nothing but blanks and comments. One that is never closed is no comment, and what it swallows is not nothing. */
function isBlank(text: string): boolean {
  return skipBlank(text, 0) >= text.length && skipBlank(`${text}\n;`, 0) === text.length + 1
}

/** The grammar's length runs to the semicolon and takes trailing blanks and comments along. */
function endOfLastToken(text: string, start: number, limit: number): number {
  const slice = text.slice(start, limit)
  if (!slice.includes('--') && !slice.includes('*/')) return start + slice.trimEnd().length
  let end = start
  for (const token of tokens(text, start, limit)) end = token.end
  return Math.min(end, limit)
}

function syntaxErrorOf(thrown: unknown, source: SourceText, chunkStart: number): SyntaxErrorInMigration {
  if (thrown instanceof RangeError) {
    // Measured with libpg-query 18.1.5: some 10,000 nested or chained expressions exhaust the stack; the server has its own limit (max_stack_depth).
    return syntaxError(source, source.atOffset(chunkStart).byte, 'an expression is nested too deeply to be read')
  }
  if (!(thrown instanceof Error)) throw thrown
  const details = (thrown as { readonly sqlDetails?: { readonly cursorPosition?: number } }).sqlDetails
  if (details === undefined) throw thrown
  const before = codePointsBefore(source, chunkStart)
  const at = source.atCodePoint(before + (details.cursorPosition ?? 0))
  if (goesOnBehindComment(source.text, at.offset)) {
    const { line, column, byte } = at
    const message = 'a string that goes on behind a comment is not read here, though PostgreSQL takes it'
    const hint = 'Write it as one string, or put the comment above it.'
    return { kind: 'syntax-error', message, hint, line, column, byte, source }
  }
  return syntaxError(source, at.byte, thrown.message)
}

/** `'a' -- why` and `'b'` on the next line are one string to the server (measured on 14 and 18), and two to libpg-query 18.1.5. */
function goesOnBehindComment(text: string, offset: number): boolean {
  if (text[offset] !== "'") return false
  const between = /'[^\S\r\n]*(?:--[^\r\n]*)?(?:[\r\n][^\S\r\n]*(?:--[^\r\n]*)?)*[\r\n][^\S\r\n]*$/.exec(
    text.slice(Math.max(0, offset - 2_000), offset),
  )
  return between?.[0].includes('--') === true
}

function codePointsBefore(source: SourceText, offset: number): number {
  let count = 0
  for (const _ of source.text.slice(0, offset)) count += 1
  return count
}

function syntaxError(source: SourceText, byte: number, message: string): SyntaxErrorInMigration {
  const at = source.atByte(byte)
  const hint = hintFor(source, at.line)
  return { kind: 'syntax-error', message, hint, line: at.line, column: at.column, byte, source }
}

function hintFor(source: SourceText, line: number): string | undefined {
  const text = source.lineText(line).trimStart()
  if (text.startsWith('\\'))
    return 'Lines that begin with a backslash are commands of psql; no server understands them.'
  const before = source.text
    .slice(0, source.text.length)
    .split('\n', line - 1)
    .join('\n')
  if (/\bfrom\s+stdin\b[^;]*;\s*[^;]*$/i.test(before.slice(-20_000))) {
    return 'Data after COPY … FROM stdin is a feature of psql; a migration needs INSERT statements.'
  }
  return undefined
}

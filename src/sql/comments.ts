/** The comments of a file, which everything else in here steps over. */

import { endOfBlockComment, endOfLine, tokens } from './lexer.ts'

export interface Comment {
  /** UTF-16 offsets into the text, with the marks of the comment and without the line break. */
  readonly start: number
  readonly end: number
  /** What it says: without its marks, and without the asterisks people put before each line of a block. */
  readonly text: string
}

export function* commentsOf(sql: string): Generator<Comment, void> {
  let from = 0
  for (const token of tokens(sql)) {
    if (token.start - from >= 2) yield* between(sql, from, token.start)
    from = token.end
  }
  yield* between(sql, from, sql.length)
}

/** Between two tokens there are only blanks and comments. */
function* between(sql: string, from: number, to: number): Generator<Comment, void> {
  for (let at = from; at < to; ) {
    if (sql.startsWith('--', at)) {
      const end = endOfLine(sql, at)
      yield { start: at, end, text: sql.slice(at + 2, end).trim() }
      at = end
    } else if (sql.startsWith('/*', at)) {
      const end = endOfBlockComment(sql, at)
      yield { start: at, end, text: blockText(sql.slice(at + 2, end)) }
      at = end
    } else {
      at += 1
    }
  }
}

function blockText(inside: string): string {
  return inside
    .replace(/\*\/$/, '')
    .split(/\r\n?|\n/)
    .map((line) => line.trim().replace(/^\*+\s*/, ''))
    .join(' ')
    .trim()
}

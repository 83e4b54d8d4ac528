/** The commands of an ALTER TABLE as they stand in the text: the grammar gives no place to those that drop or change. */

import { type Token, tokens } from './lexer.ts'

export interface Clause {
  /** UTF-16 offsets into the statement. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One per command, in order. A statement of another kind is one clause. */
export function clausesOf(sql: string): readonly Clause[] {
  const all = [...tokens(sql)]
  const word = (token: Token | undefined) =>
    token?.kind === 'word' ? sql.slice(token.start, token.end).toLowerCase() : ''
  const symbol = (token: Token | undefined) => (token?.kind === 'symbol' ? sql.slice(token.start, token.end) : '')
  let at = 0
  const skip = (...words: readonly string[]) => {
    if (words.every((expected, index) => word(all[at + index]) === expected)) at += words.length
  }
  if (word(all[at]) !== 'alter') return [{ start: 0, end: sql.length, text: sql }]
  at += 1
  skip('foreign')
  skip('table')
  skip('if', 'exists')
  skip('only')
  at += 1
  while (symbol(all[at]) === '.') at += 2
  if (symbol(all[at]) === '*') at += 1

  const clauses: Clause[] = []
  let depth = 0
  let first = all[at]
  let last = first
  const close = () => {
    if (first !== undefined && last !== undefined) {
      clauses.push({ start: first.start, end: last.end, text: sql.slice(first.start, last.end) })
    }
  }
  for (const token of all.slice(at)) {
    const char = symbol(token)
    if (char === '(' || char === '[') depth += 1
    else if (char === ')' || char === ']') depth -= 1
    else if (char === ',' && depth === 0) {
      close()
      first = undefined
      continue
    }
    first ??= token
    last = token
  }
  close()
  return clauses.length > 0 ? clauses : [{ start: 0, end: sql.length, text: sql }]
}

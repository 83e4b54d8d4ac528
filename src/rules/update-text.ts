/** The clauses of an UPDATE as they stand in the text, to put together statements from them. */

import { type Token, tokens } from '../sql/lexer.ts'

export interface UpdateText {
  /** `UPDATE … SET …` */
  readonly head: string
  readonly from: string | undefined
  readonly where: string | undefined
}

/** `undefined` where something stands around it (WITH) or behind it (RETURNING). */
export function updateText(sql: string): UpdateText | undefined {
  let depth = 0
  let last = ''
  const at: { from?: Token; where?: Token } = {}
  for (const token of tokens(sql)) {
    const text = sql.slice(token.start, token.end)
    if (token.kind === 'symbol') {
      if (text === '(' || text === '[') depth += 1
      else if (text === ')' || text === ']') depth -= 1
    }
    const word = token.kind === 'word' ? text.toLowerCase() : ''
    if (last === '' && word !== 'update') return undefined
    if (depth === 0 && word === 'returning') return undefined
    // IS DISTINCT FROM is no clause.
    if (depth === 0 && word === 'from' && last !== 'distinct') at.from ??= token
    if (depth === 0 && word === 'where') at.where ??= token
    last = word === '' ? text : word
  }
  const end = sql.length
  return {
    head: sql.slice(0, at.from?.start ?? at.where?.start ?? end).trim(),
    from: at.from === undefined ? undefined : sql.slice(at.from.end, at.where?.start ?? end).trim(),
    where: at.where === undefined ? undefined : sql.slice(at.where.end).trim(),
  }
}

/**
 * Cuts a very large file at statement ends, because the grammar's tree of a whole one needs about seventy times its size
 * (measured with libpg-query 18.1.5: 20 MB of INSERTs, 1.4 GB). Files of ordinary size stay whole.
 */

import { tokens } from './lexer.ts'

export interface Piece {
  readonly start: number
  readonly end: number
}

const wholeUpTo = 1_000_000
const pieceSize = 500_000

export function splitForParsing(sql: string, from: number): readonly Piece[] {
  if (sql.length - from <= wholeUpTo) return [{ start: from, end: sql.length }]
  const pieces: Piece[] = []
  let start = from
  /** Inside `BEGIN ATOMIC … END` semicolons do not end the statement; CASE … END nests. */
  let atomicDepth = 0
  let lastWord = ''
  for (const token of tokens(sql, from)) {
    const word =
      token.kind === 'word' && token.end - token.start <= 6 ? sql.slice(token.start, token.end).toLowerCase() : ''
    if (word === 'atomic' && lastWord === 'begin') atomicDepth = 1
    else if (atomicDepth > 0 && word === 'case') atomicDepth += 1
    else if (atomicDepth > 0 && word === 'end') atomicDepth -= 1
    lastWord = word
    const endsStatement = token.kind === 'symbol' && atomicDepth === 0 && sql[token.start] === ';'
    if (endsStatement && token.end - start >= pieceSize) {
      pieces.push({ start, end: token.end })
      start = token.end
    }
  }
  if (start < sql.length) pieces.push({ start, end: sql.length })
  return pieces
}

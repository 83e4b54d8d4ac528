import { type Token, tokens } from '../sql/lexer.ts'

/**
 * The statements of a file without what people call things and write into them. Whether a parser can read a statement does not
 * depend on that, and the thousands of statements of a history have a few hundred shapes.
 * `undefined` where that does not settle it: for blanks that not everybody takes for blanks or for the end of a comment, and
 * for an END inside a statement, where Prisma's parser may stop reading.
 */
export function shapesOf(sql: string): readonly string[] | undefined {
  if (/[\f\v]|\r(?!\n)/.test(sql)) return undefined
  const shapes: string[] = []
  let shape = ''
  let end = 0
  for (const token of tokens(sql)) {
    const text = sql.slice(token.start, token.end)
    if (token.kind === 'symbol' && text === ';') {
      if (shape !== '') shapes.push(shape)
      shape = ''
    } else if (shape !== '' && token.kind === 'word' && /^end$/i.test(text)) {
      return undefined
    } else {
      shape += `${shape !== '' && token.start > end ? ' ' : ''}${shapeOf(token.kind, text)}`
    }
    end = token.end
  }
  if (shape !== '') shapes.push(shape)
  return shapes
}

/** What has an escape, a doubled quote or another form than the plain one stays as it is. */
function shapeOf(kind: Token['kind'], text: string): string {
  if (kind === 'quoted') return /^"[^"\\]+"$/.test(text) ? '"n"' : text
  if (kind === 'string') return /^'[^'\\]*'$/.test(text) ? "'s'" : text
  if (kind === 'number') return /^\d{1,9}$/.test(text) ? '1' : text
  return text
}

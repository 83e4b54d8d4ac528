/** A Prisma schema as blocks of lines. Whatever does not fit is kept as a problem with its place. */

import { type SchemaToken, schemaTokens } from './schema-tokens.ts'

export interface SchemaFile {
  readonly path: string
  readonly text: string
}

export interface SchemaProblem {
  readonly file: string
  readonly line: number
  readonly text: string
}

export interface Attribute {
  /** `map`, `db.VarChar`; for one of the block `@map`. */
  readonly name: string
  /** What stands between its parentheses; empty where it has none. */
  readonly argumentTokens: readonly SchemaToken[]
}

export interface BlockLine {
  readonly line: number
  /** What stands before the first attribute. */
  readonly head: readonly SchemaToken[]
  readonly attributes: readonly Attribute[]
}

export interface Block {
  readonly keyword: 'model' | 'view' | 'enum'
  readonly name: string
  readonly file: string
  readonly line: number
  readonly lines: readonly BlockLine[]
}

export interface BlocksReading {
  readonly blocks: readonly Block[]
  readonly problems: readonly SchemaProblem[]
}

/** They say nothing about tables and columns of PostgreSQL; composite types belong to MongoDB. */
const passedOver: ReadonlySet<string> = new Set(['datasource', 'generator', 'type'])

export function readBlocks({ path, text }: SchemaFile): BlocksReading {
  const tokens = schemaTokens(text)
  const blocks: Block[] = []
  const problems: SchemaProblem[] = []
  let at = 0
  while (at < tokens.length) {
    const token = tokens[at]
    if (token === undefined) break
    if (token.kind === 'line-end') {
      at += 1
      continue
    }
    const name = tokens[at + 1]
    const opens = name?.kind === 'name' && tokens[at + 2]?.text === '{' && tokens[at + 2]?.kind === 'mark'
    const end = opens ? closingBrace(tokens, at + 2) : -1
    const keyword = keywordOf(token.text)
    if (name === undefined || end === -1 || (keyword === undefined && !passedOver.has(token.text))) {
      problems.push({ file: path, line: token.line, text: `\`${token.text}\` begins nothing that is known` })
      at = nextBlock(tokens, at + 1)
      continue
    }
    if (keyword !== undefined) {
      const lines = linesOf(tokens.slice(at + 3, end), path, problems)
      blocks.push({ keyword, name: name.text, file: path, line: token.line, lines })
    }
    at = end + 1
  }
  return { blocks, problems }
}

function keywordOf(text: string): Block['keyword'] | undefined {
  return text === 'model' || text === 'view' || text === 'enum' ? text : undefined
}

function closingBrace(tokens: readonly SchemaToken[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'mark') continue
    if (token.text === '{') depth += 1
    if (token.text === '}') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

/** After something that is not understood: where the next block begins. */
function nextBlock(tokens: readonly SchemaToken[], from: number): number {
  for (let at = from; at < tokens.length; at += 1) {
    const word = tokens[at]?.text ?? ''
    const starts = tokens[at - 1]?.kind === 'line-end' && tokens[at + 2]?.text === '{'
    if (starts && (keywordOf(word) !== undefined || passedOver.has(word))) return at
  }
  return tokens.length
}

function linesOf(tokens: readonly SchemaToken[], file: string, problems: SchemaProblem[]): readonly BlockLine[] {
  const lines: BlockLine[] = []
  for (const line of splitLines(tokens)) {
    const first = line[0]
    if (first === undefined) continue
    const read = lineOf(line)
    if (read === undefined) problems.push({ file, line: first.line, text: `\`${first.text} …\` cannot be read` })
    else lines.push(read)
  }
  return lines
}

/** Inside parentheses and brackets a line may go on. */
function splitLines(tokens: readonly SchemaToken[]): readonly (readonly SchemaToken[])[] {
  const lines: SchemaToken[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'mark' && /[([{]/.test(token.text)) depth += 1
    if (token.kind === 'mark' && /[)\]}]/.test(token.text)) depth -= 1
    if (token.kind !== 'line-end') lines.at(-1)?.push(token)
    else if (depth <= 0) lines.push([])
  }
  return lines
}

function lineOf(tokens: readonly SchemaToken[]): BlockLine | undefined {
  const isAt = (token: SchemaToken) => token.kind === 'mark' && token.text.startsWith('@')
  const firstAt = tokens.findIndex(isAt)
  const head = firstAt === -1 ? tokens : tokens.slice(0, firstAt)
  const attributes: Attribute[] = []
  for (let at = firstAt === -1 ? tokens.length : firstAt; at < tokens.length; ) {
    const mark = tokens[at]
    if (mark === undefined || !isAt(mark) || tokens[at + 1]?.kind !== 'name') return undefined
    let name = `${mark.text.slice(1)}${tokens[at + 1]?.text ?? ''}`
    at += 2
    while (tokens[at]?.text === '.' && tokens[at + 1]?.kind === 'name') {
      name += `.${tokens[at + 1]?.text ?? ''}`
      at += 2
    }
    let argumentTokens: readonly SchemaToken[] = []
    if (tokens[at]?.kind === 'mark' && tokens[at]?.text === '(') {
      const close = closingParenthesis(tokens, at)
      if (close === -1) return undefined
      argumentTokens = tokens.slice(at + 1, close)
      at = close + 1
    }
    attributes.push({ name, argumentTokens })
  }
  return { line: tokens[0]?.line ?? 0, head, attributes }
}

function closingParenthesis(tokens: readonly SchemaToken[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'mark') continue
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

/** The text that is the attribute's own argument: `@map("x")`, `@map(name: "x")`. */
export function textArgument(attribute: Attribute | undefined, name: string): string | undefined {
  const [first, colon, value] = attribute?.argumentTokens ?? []
  if (first?.kind === 'text') return first.text
  if (first?.text === name && colon?.text === ':' && value?.kind === 'text') return value.text
  return undefined
}

import type { IndexElem, Node } from 'libpg-query'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { allOf, as, strings } from '../../../sql/effects/tree.ts'
import { type Token, tokens } from '../../../sql/lexer.ts'

/** Expressions as they stand in a statement: the grammar says what they mean, and only the text can be used again. */

interface Placed extends Token {
  readonly text: string
  /** Of the parentheses and brackets around it; they themselves count as outside. */
  readonly depth: number
}

function placed(sql: string): readonly Placed[] {
  let depth = 0
  return [...tokens(sql)].map((token) => {
    const text = sql.slice(token.start, token.end)
    const symbol = token.kind === 'symbol' ? text : ''
    if (symbol === ')' || symbol === ']') depth -= 1
    const one = { ...token, text, depth }
    if (symbol === '(' || symbol === '[') depth += 1
    return one
  })
}

function isWord(token: Placed, word: string): boolean {
  return token.kind === 'word' && token.depth === 0 && token.text.toLowerCase() === word
}

/** What stands in the parentheses behind a word, or behind nothing: `CHECK (…)`. */
export function inParentheses(sql: string, word?: string): string | undefined {
  const all = placed(sql)
  const from = word === undefined ? 0 : all.findIndex((token) => isWord(token, word))
  if (from === -1) return undefined
  const open = all.findIndex((token, index) => index >= from && token.text === '(' && token.depth === 0)
  const close = all.findIndex((token, index) => index > open && token.text === ')' && token.depth === 0)
  return open === -1 || close === -1 ? undefined : textOf(sql, all.slice(open + 1, close))
}

/** From behind such a word to the next of `until`, or to the end. */
export function behind(sql: string, word: string, until: readonly string[] = []): string | undefined {
  const all = placed(sql)
  const at = all.findIndex((token) => isWord(token, word))
  if (at === -1) return undefined
  const rest = all.slice(at + 1)
  const end = rest.findIndex((token) => token.text === ';' || until.some((one) => isWord(token, one)))
  return textOf(sql, end === -1 ? rest : rest.slice(0, end))
}

/** Split where commas stand outside of parentheses. */
export function listItems(text: string): readonly string[] {
  const items: Placed[][] = [[]]
  for (const token of placed(text)) {
    if (token.text === ',' && token.depth === 0) items.push([])
    else items.at(-1)?.push(token)
  }
  return items.map((item) => textOf(text, item))
}

/** Without a comment at its end, which would swallow what is written behind it. */
function textOf(sql: string, all: readonly Placed[]): string {
  return sql.slice(all[0]?.start ?? 0, all.at(-1)?.end ?? 0)
}

/** The keys of an index or an exclusion as expressions, without order and operator class. */
export function keysIn(
  sql: string,
  elements: readonly (IndexElem | undefined)[],
  word?: string,
): readonly string[] | undefined {
  const list = inParentheses(sql, word)
  const items = list === undefined ? [] : listItems(list)
  if (items.length !== elements.length) return undefined
  const keys = items.map((item, index) => keyOf(item, elements[index]))
  return keys.every((key) => key !== undefined) ? keys : undefined
}

function keyOf(item: string, element: IndexElem | undefined): string | undefined {
  if (element === undefined) return undefined
  const key = element.name === undefined ? expressionAtStart(item) : quoteIdentifier(element.name)
  const collation = strings(element.collation)
  return key === undefined || collation.length === 0
    ? key
    : `${key} COLLATE ${collation.map(quoteIdentifier).join('.')}`
}

/** In parentheses, or the call of a function. */
function expressionAtStart(item: string): string | undefined {
  const close = placed(item).find(({ text, depth }) => text === ')' && depth === 0)
  return close === undefined ? undefined : item.slice(0, close.end)
}

/** Of the grammar's pairs of an element and the operator that it is excluded with. */
export function exclusionsOf(
  nodes: readonly Node[] | undefined,
): readonly { readonly element: IndexElem | undefined; readonly operator: string }[] {
  return allOf(nodes, 'List').map(({ items }) => ({
    element: as(items?.[0], 'IndexElem'),
    operator: operatorText(strings(as(items?.[1], 'List')?.items)),
  }))
}

function operatorText(names: readonly string[]): string {
  const [operator = '=', ...schemas] = names.toReversed()
  if (schemas.length === 0) return operator
  return `OPERATOR(${[...schemas.toReversed().map(quoteIdentifier), operator].join('.')})`
}

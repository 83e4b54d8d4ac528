/** Which variables of a PL/pgSQL body have values that are known before it runs. */

import type { Node } from 'libpg-query'
import { foldArray, foldText, type Variables } from './folding.ts'
import { expressionOf, isNode, type PlFunction, type PlNode } from './plpgsql-tree.ts'

type Parse = (expression: string) => Node | undefined

export interface VariableNames {
  /** By number, as statements refer to them. */
  readonly byNumber: readonly (string | undefined)[]
  /** Given a value by anything but the FOREACH that goes over them, or declared more than once. */
  readonly restless: ReadonlySet<string>
  readonly loops: ReadonlySet<string>
}

export const noNames: VariableNames = { byNumber: [], restless: new Set(), loops: new Set() }

export function namesOf(body: PlFunction): VariableNames {
  const byNumber = body.datums.map(({ node }) => textOf(node.refname))
  const restless = new Set(byNumber.filter((name, index) => name !== undefined && byNumber.indexOf(name) !== index))
  const loops = new Set<string | undefined>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (!isNode(value)) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'PLpgSQL_stmt_foreach_a' && isNode(inner)) loops.add(nameAt(inner.varno))
      else if (isNode(inner)) restless.add(nameAt(inner.varno)).add(nameAt(inner.target)).add(textOf(inner.refname))
      if (key === 'PLpgSQL_stmt_assign' && isNode(inner)) restless.add(assignedName(inner))
      // A procedure can give a value to whatever is handed to it.
      if (key === 'PLpgSQL_stmt_call' && isNode(inner))
        for (const [word] of (expressionOf(inner.expr)?.query ?? '').matchAll(anyIdentifier))
          restless.add(unquoted(word))
      if (key === 'fields' && Array.isArray(inner))
        for (const field of inner) if (isNode(field)) restless.add(textOf(field.name))
      visit(inner)
    }
  }
  const nameAt = (number: unknown) => (typeof number === 'number' ? byNumber[number] : undefined)
  visit(body.action.node)
  for (const { kind, node } of body.datums) if (kind === 'PLpgSQL_row') visit(node)
  return { byNumber, restless: present(restless), loops: present(loops) }
}

/** Those with a value of their own that nothing in the body ever sets again. */
export function constantsOf(body: PlFunction, names: VariableNames, parse: Parse): Variables {
  const texts = new Map<string, readonly string[]>()
  const arrays = new Map<string, readonly string[]>()
  for (const { kind, node } of body.datums) {
    const initial = expressionOf(node.default_val)
    const variable = textOf(node.refname)
    if (kind !== 'PLpgSQL_var' || initial === undefined || variable === undefined) continue
    if (names.restless.has(variable) || names.loops.has(variable)) continue
    const type = typeOf(node)
      .toLowerCase()
      .replace(/^pg_catalog\./, '')
    const value = parse(initial.query)
    const elements = type.endsWith(']') ? foldArray(value, { texts, arrays }) : undefined
    if (elements !== undefined) arrays.set(variable, elements)
    const text = /^(text|varchar|character varying)$/.test(type) ? foldText(value, { texts, arrays }) : undefined
    if (text !== undefined) texts.set(variable, text)
  }
  return { texts, arrays }
}

/** Inside `FOREACH variable IN ARRAY …` the variable is each of the elements in turn. */
export function loopedOver(loop: PlNode, names: VariableNames, variables: Variables, parse: Parse): Variables {
  const expression = expressionOf(loop.expr)
  const variable = typeof loop.varno === 'number' ? names.byNumber[loop.varno] : undefined
  if (expression === undefined || variable === undefined || names.restless.has(variable)) return variables
  const elements = foldArray(parse(expression.query), variables)
  return elements === undefined ? variables : { ...variables, texts: new Map(variables.texts).set(variable, elements) }
}

const identifier = '(?:"(?:[^"]|"")+"|[\\p{L}_][\\p{L}\\p{N}_$]*)'
const assignment = new RegExp(`^\\s*(${identifier})(?:\\s*\\.\\s*${identifier})*(?:\\s*\\[[^\\[\\]]*\\])*\\s*:?=`, 'u')

const anyIdentifier = new RegExp(identifier, 'gu')

function unquoted(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
}

/** The right side of `variable := value`. */
export function assignedValue(query: string): string | undefined {
  const match = assignment.exec(query)
  return match === null ? undefined : query.slice(match[0].length)
}

function assignedName(statement: PlNode): string | undefined {
  const written = assignment.exec(expressionOf(statement.expr)?.query ?? '')?.[1]
  return written === undefined ? undefined : unquoted(written)
}

/** As written; empty where there is none. */
export function typeOf(datum: PlNode): string {
  const type = isNode(datum.datatype) ? datum.datatype.PLpgSQL_type : undefined
  return isNode(type) ? (textOf(type.typname) ?? '') : ''
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function present(names: ReadonlySet<string | undefined>): ReadonlySet<string> {
  return new Set([...names].filter((name) => name !== undefined))
}

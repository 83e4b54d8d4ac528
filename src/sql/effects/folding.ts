/** What text an expression of PL/pgSQL makes, where that can be told without a database: for EXECUTE. */

import type { FuncCall, Node } from 'libpg-query'
import { as, strings } from './tree.ts'

/** Variables whose values are all known: constants, and what a FOREACH goes through. */
export interface Variables {
  readonly texts: ReadonlyMap<string, readonly string[]>
  readonly arrays: ReadonlyMap<string, readonly string[]>
}

export const noVariables: Variables = { texts: new Map(), arrays: new Map() }

/** More than this many texts are not written by anybody; they come from multiplying. */
const mostTexts = 256

/** Every text that it can be; `undefined` where that is not known. */
export function foldText(node: Node | undefined, variables: Variables): readonly string[] | undefined {
  const constant = as(node, 'A_Const')
  if (constant !== undefined) {
    const text = constant.sval?.sval ?? (constant.ival === undefined ? undefined : String(constant.ival.ival ?? 0))
    return text === undefined ? (constant.sval === undefined ? undefined : ['']) : [text]
  }
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) {
    const type = strings(cast.typeName?.names).at(-1)
    const plain = type === 'text' || (type === 'varchar' && cast.typeName?.typmods === undefined)
    return plain ? foldText(cast.arg, variables) : undefined
  }
  const reference = as(node, 'ColumnRef')
  if (reference !== undefined) {
    const fields = strings(reference.fields)
    return fields.length === 1 ? variables.texts.get(fields[0] ?? '') : undefined
  }
  const operation = as(node, 'A_Expr')
  if (operation !== undefined) {
    if (operation.kind !== 'AEXPR_OP' || strings(operation.name).join('.') !== '||') return undefined
    return joined([foldText(operation.lexpr, variables), foldText(operation.rexpr, variables)])
  }
  const call = as(node, 'FuncCall')
  return call === undefined ? undefined : foldCall(call, variables)
}

/** The elements of an array written out as `ARRAY['a', 'b']` or held by a constant. */
export function foldArray(node: Node | undefined, variables: Variables): readonly string[] | undefined {
  const cast = as(node, 'TypeCast')
  if (cast !== undefined)
    return (cast.typeName?.arrayBounds ?? []).length > 0 ? foldArray(cast.arg, variables) : undefined
  const reference = as(node, 'ColumnRef')
  if (reference !== undefined) return variables.arrays.get(strings(reference.fields).join('.'))
  const array = as(node, 'A_ArrayExpr')
  if (array !== undefined) {
    const found: string[] = []
    for (const element of array.elements ?? []) {
      const texts = foldText(element, variables)
      if (texts === undefined) return undefined
      found.push(...texts)
    }
    return found
  }
  // '{a,b}' without anything that needs quoting inside it.
  const text = as(node, 'A_Const')?.sval?.sval
  const plain = text !== undefined && /^\{[\w$]+(,[\w$]+)*\}$/.test(text) && !/\bnull\b/i.test(text)
  return plain ? text.slice(1, -1).split(',') : undefined
}

function foldCall(call: FuncCall, variables: Variables): readonly string[] | undefined {
  const names = strings(call.funcname)
  if (names.length > 1 && names[0] !== 'pg_catalog') return undefined
  const texts = (call.args ?? []).map((argument) => foldText(argument, variables))
  if (call.func_variadic === true) return undefined
  switch (names.at(-1)) {
    case 'format':
      return foldFormat(texts)
    case 'concat':
      return joined(texts)
    case 'quote_ident':
      return texts.length === 1 ? texts[0]?.map(identifier) : undefined
    case 'quote_literal':
      return texts.length === 1 ? texts[0]?.map(quotedLiteral) : undefined
    default:
      return undefined
  }
}

function foldFormat(texts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const [formats, ...values] = texts
  if (formats === undefined) return undefined
  const found: string[] = []
  for (const format of formats) {
    const parts: (readonly string[] | undefined)[] = []
    let next = 0
    let at = 0
    for (const match of format.matchAll(/%(?:(\d+)\$)?(.)?/gs)) {
      parts.push([format.slice(at, match.index)])
      at = match.index + match[0].length
      if (match[2] === '%' && match[1] === undefined) {
        parts.push(['%'])
        continue
      }
      if (match[1] !== undefined) next = Number(match[1]) - 1
      const value = values[next]
      next += 1
      if (match[2] === 's') parts.push(value)
      else if (match[2] === 'I') parts.push(value?.map(identifier))
      else if (match[2] === 'L') parts.push(value?.map(quotedLiteral))
      else return undefined
    }
    parts.push([format.slice(at)])
    const whole = joined(parts)
    if (whole === undefined) return undefined
    found.push(...whole)
  }
  return found
}

function joined(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  let texts: readonly string[] = ['']
  for (const part of parts) {
    if (part === undefined || texts.length * part.length > mostTexts) return undefined
    texts = texts.flatMap((text) => part.map((more) => text + more))
  }
  return texts
}

/** Quoted whether it needs it or not: the name is the same. */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function quotedLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

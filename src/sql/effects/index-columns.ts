/** What the server calls the columns of an index, and the index after them where it has no name. */

import type { IndexElem, Node } from 'libpg-query'
import { distinct } from '../catalog/names.ts'
import { as, kindOf, strings } from './tree.ts'

export function indexColumns(parts: readonly IndexElem[]): readonly string[] {
  return distinct(parts.map((part) => part.name ?? nameOfValue(part.expr)?.name ?? 'expr'))
}

/** As of a column in a SELECT: a call names it for certain, a cast only where nothing in it does. */
interface Naming {
  readonly name: string
  readonly certain: boolean
}

const namedByKind: Readonly<Record<string, string>> = {
  CoalesceExpr: 'coalesce',
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  GroupingFunc: 'grouping',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  XmlSerialize: 'xmlserialize',
}

function nameOfValue(node: Node | undefined): Naming | undefined {
  const called = (name: string | undefined): Naming | undefined =>
    name === undefined ? undefined : { name, certain: true }
  const column = as(node, 'ColumnRef')
  if (column !== undefined) return called(strings(column.fields).at(-1))
  const field = as(node, 'A_Indirection')
  if (field !== undefined) return called(strings(field.indirection).at(-1)) ?? nameOfValue(field.arg)
  const call = as(node, 'FuncCall')
  if (call !== undefined) return called(strings(call.funcname).at(-1))
  const collated = as(node, 'CollateClause')
  if (collated !== undefined) return nameOfValue(collated.arg)
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) return weaker(nameOfValue(cast.arg), strings(cast.typeName?.names).at(-1))
  const choice = as(node, 'CaseExpr')
  if (choice !== undefined) return weaker(nameOfValue(choice.defresult), 'case')
  const extreme = as(node, 'MinMaxExpr')
  if (extreme !== undefined) return called(extreme.op === 'IS_LEAST' ? 'least' : 'greatest')
  if (as(node, 'A_Expr')?.kind === 'AEXPR_NULLIF') return called('nullif')
  return called(namedByKind[kindOf(node)])
}

function weaker(inner: Naming | undefined, name: string | undefined): Naming | undefined {
  return inner?.certain === true || name === undefined ? inner : { name, certain: false }
}

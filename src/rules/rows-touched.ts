/** How many rows an UPDATE or DELETE may touch, as far as its WHERE tells. */

import type { Node } from 'libpg-query'
import type { Catalog, Table } from '../sql/catalog/model.ts'
import { allOf, as, strings, walk } from '../sql/effects/tree.ts'
import type { RelationName } from '../sql/model.ts'

/** `few`: named by key, or limited. `matching`: as many as match, which may be all. */
export type RowsTouched = 'few' | 'matching' | 'all'

export function rowsTouched(where: Node | undefined, table: RelationName, catalog: Catalog): RowsTouched {
  if (where === undefined) return 'all'
  const keys = keysOf(table, catalog)
  if (conjunctsOf(where).some((condition) => namesRows(condition, keys) || isLimited(condition))) return 'few'
  return 'matching'
}

/** What stands between the ANDs. */
export function conjunctsOf(where: Node | undefined): readonly Node[] {
  const both = as(where, 'BoolExpr')
  if (both?.boolop === 'AND_EXPR') return (both.args ?? []).flatMap((one) => conjunctsOf(one))
  return where === undefined ? [] : [where]
}

/** The column of `column`, `table.column` or `"schema"."table"."column"`. */
export function columnNamed(node: Node | undefined): string | undefined {
  return strings(as(node, 'ColumnRef')?.fields).at(-1)
}

function keysOf(name: RelationName, catalog: Catalog): ReadonlySet<string> {
  const keys = new Set<string>()
  const table = catalog.relations.get(name)
  const constraints: Table['constraints'] = table?.kind === 'table' ? table.constraints : []
  for (const { kind, columns } of constraints) {
    const [only] = columns
    if ((kind === 'primary' || kind === 'unique') && columns.length === 1 && only !== undefined) keys.add(only)
  }
  // Of a table that nobody created nothing is known; Prisma's habit is a guess, and only makes a finding milder.
  return table === undefined ? new Set(['id']) : keys
}

/** `key = 'constant'`, or `key IN ('a', 'b')`. */
function namesRows(condition: Node, keys: ReadonlySet<string>): boolean {
  const test = as(condition, 'A_Expr')
  const column = columnNamed(test?.lexpr)
  if (test === undefined || column === undefined || !keys.has(column) || strings(test.name).at(-1) !== '=') return false
  const right = as(test.rexpr, 'List')?.items ?? (test.rexpr === undefined ? [] : [test.rexpr])
  return right.length > 0 && right.every((one) => isConstant(one))
}

function isConstant(node: Node): boolean {
  return as(node, 'A_Const') !== undefined || as(as(node, 'TypeCast')?.arg, 'A_Const') !== undefined
}

/** A sub-select with LIMIT: somebody works in batches. */
function isLimited(condition: Node): boolean {
  for (const { kind, node } of walk(condition)) if (kind === 'SelectStmt' && node.limitCount !== undefined) return true
  return limits(as(condition, 'SubLink')?.subselect)
}

function limits(query: Node | undefined): boolean {
  return as(query, 'SelectStmt')?.limitCount !== undefined
}

/** The columns that an UPDATE assigns, with what they become. */
export function assignments(
  targets: readonly Node[] | undefined,
): readonly { readonly column: string; readonly value: Node | undefined }[] {
  return allOf(targets, 'ResTarget').map(({ name, val }) => ({ column: name ?? '', value: val }))
}

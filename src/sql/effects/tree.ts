/** Reading the grammar's tree. Its nodes are objects with one key, the node name. */

import type { Node, RangeVar, TypeName } from 'libpg-query'
import type { TypeRef } from '../catalog/model.ts'

type KeysOf<U> = U extends unknown ? keyof U : never
export type NodeKind = KeysOf<Node> & string
export type NodeOf<K extends NodeKind> =
  Extract<Node, { readonly [key in K]: unknown }> extends {
    readonly [key in K]: infer Inner
  }
    ? Inner
    : never

export function kindOf(node: Node | undefined): string {
  return node === undefined ? '' : (Object.keys(node)[0] ?? '')
}

export function as<K extends NodeKind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return (node as Readonly<Record<string, NodeOf<K>>> | undefined)?.[kind]
}

/** All nodes of one kind in a list; others are passed over. */
export function allOf<K extends NodeKind>(nodes: readonly Node[] | undefined, kind: K): readonly NodeOf<K>[] {
  const found: NodeOf<K>[] = []
  for (const node of nodes ?? []) {
    const inner = as(node, kind)
    if (inner !== undefined) found.push(inner)
  }
  return found
}

/** The strings of a list of String nodes: a dotted name, a column list. */
export function strings(nodes: readonly Node[] | undefined): readonly string[] {
  return allOf(nodes, 'String').map((string) => string.sval ?? '')
}

/** The name of a dropped or commented object: a List of strings, a bare String, or a TypeName. */
export function nameParts(node: Node | undefined): readonly string[] {
  const list = as(node, 'List')
  if (list !== undefined) return strings(list.items)
  const string = as(node, 'String')
  if (string !== undefined) return [string.sval ?? '']
  const type = as(node, 'TypeName')
  if (type !== undefined) return strings(type.names)
  const withArguments = as(node, 'ObjectWithArgs')
  return withArguments === undefined ? [] : strings(withArguments.objname)
}

export function rangeVarParts(range: RangeVar): readonly string[] {
  return range.schemaname === undefined ? [range.relname ?? ''] : [range.schemaname, range.relname ?? '']
}

/** The type as the grammar spells it; a type that somebody created keeps the name as written, see `resolveType`. */
export function typeRef(type: TypeName): TypeRef {
  const names = strings(type.names)
  const name = names.length > 1 && names[0] === 'pg_catalog' ? (names[1] ?? '') : names.join('.')
  const modifiers = allOf(type.typmods, 'A_Const').map((constant) => constant.ival?.ival ?? 0)
  return { name, modifiers, array: (type.arrayBounds ?? []).length > 0 }
}

/** Where the grammar keeps a type without the name of its node around it. */
const typeKeys = new Set(['typeName', 'argType', 'returnType'])

export type TreeNode = Readonly<Record<string, unknown>>

/** Every node below, itself included, depth first. Iterative: trees of generated SQL can be thousands of levels deep. */
export function* walk(root: unknown): Generator<{ readonly kind: string; readonly node: TreeNode }> {
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const found: { readonly kind: string; readonly node: TreeNode }[] = []
    step(stack, (kind, node) => found.push({ kind, node }))
    yield* found
  }
}

/** The same for those who want all of it: most of a long history is spent in here. */
export function visit(root: unknown, see: (kind: string, node: TreeNode) => void): void {
  const stack: unknown[] = [root]
  while (stack.length > 0) step(stack, see)
}

function step(stack: unknown[], see: (kind: string, node: TreeNode) => void): void {
  const top = stack.pop()
  if (Array.isArray(top)) {
    for (let index = top.length - 1; index >= 0; index -= 1) stack.push(top[index])
  } else if (typeof top === 'object' && top !== null) {
    const node = top as TreeNode
    const keys = Object.keys(node)
    for (let index = keys.length - 1; index >= 0; index -= 1) {
      const key = keys[index] ?? ''
      const value = node[key]
      if (typeof value !== 'object' || value === null) continue
      if (isKind(key) && !Array.isArray(value)) see(key, value as TreeNode)
      else if (typeKeys.has(key)) see('TypeName', value as TreeNode)
      stack.push(value)
    }
  }
}

/** Kinds of nodes begin with a capital letter, fields of nodes do not. */
function isKind(key: string): boolean {
  const first = key.charCodeAt(0)
  return first >= 65 && first <= 90
}

/** What a query locks: the relations it reads, through views too, and with `FOR UPDATE` more strongly. */

import type { Node, RangeVar } from 'libpg-query'
import type { LockMode, RelationName } from '../model.ts'
import { evaluate } from './expressions.ts'
import type { EffectSink } from './sink.ts'
import { as, type TreeNode } from './tree.ts'

interface Found {
  readonly relation: RelationName
  readonly withChildren: boolean
  readonly mode: LockMode
}

/** Creating a view looks at what it names; running a query also looks at what the views in it read. */
export type Depth = 'names' | 'views-too'

export function lockReads(query: unknown, sink: EffectSink, depth: Depth): readonly RelationName[] {
  const found = relationsRead(query, sink)
  for (const one of found) lockRead(one.relation, one.mode, one.withChildren, sink, depth)
  if (depth === 'views-too') evaluate(query, sink)
  return found.map((one) => one.relation)
}

function lockRead(name: RelationName, mode: LockMode, withChildren: boolean, sink: EffectSink, depth: Depth): void {
  sink.lock(name, mode)
  const relation = sink.relation(name)
  if (depth === 'views-too' && withChildren) for (const child of sink.descendants(name)) sink.lock(child, mode)
  if (depth === 'names') return
  if (relation?.kind === 'table' && relation.foreign)
    sink.unknown(`reading ${name} runs a query on another server, and what that does is not known`)
  if (relation?.kind === 'table' && relation.rowSecurity) sink.runFunctions(relation.runs, `what hangs on ${name}`)
  if (relation?.kind === 'view') {
    sink.runFunctions(relation.runs, `the view ${name}`)
    for (const read of relation.reads) lockRead(read, 'AccessShareLock', true, sink, depth)
  }
}

/** What is left to look at, the next one last. One list for each of three things: an object for every node is what most time went into. */
interface Left {
  readonly values: unknown[]
  readonly hidden: ReadonlySet<string>[]
  readonly modes: LockMode[]
}

function leave(left: Left, value: unknown, hidden: ReadonlySet<string>, mode: LockMode): void {
  if (typeof value !== 'object' || value === null) return
  left.values.push(value)
  left.hidden.push(hidden)
  left.modes.push(mode)
}

const noNodes: readonly Node[] = []
const noClause: WithClause = {}
const nobody: ReadonlySet<string> = new Set()

/**
 * Names of common table expressions are not relations; each sees those before it (all of them with RECURSIVE). With a stack of
 * its own, because generated conditions nest deeper than calls can.
 */
export function relationsRead(root: unknown, sink: EffectSink): readonly Found[] {
  const found: Found[] = []
  const left: Left = { values: [], hidden: [], modes: [] }
  leave(left, root, nobody, 'AccessShareLock')
  while (left.values.length > 0) {
    const value = left.values.pop()
    const hidden = left.hidden.pop() ?? nobody
    const mode = left.modes.pop() ?? 'AccessShareLock'
    if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index -= 1) leave(left, value[index], hidden, mode)
      continue
    }
    const node = value as TreeNode
    const range = node.RangeVar as RangeVar | undefined
    if (range === undefined) leaveBelow(left, node, hidden, mode)
    else if (range.schemaname !== undefined || !hidden.has(range.relname ?? ''))
      found.push({ relation: sink.relationOf(range), withChildren: range.inh === true, mode })
  }
  return found
}

function leaveBelow(left: Left, node: TreeNode, hidden: ReadonlySet<string>, mode: LockMode): void {
  const { ctes = noNodes, recursive = false } = (node.withClause ?? noClause) as WithClause
  const named = ctes.length === 0 ? [] : ctes.map((cte) => as(cte, 'CommonTableExpr'))
  const names = named.length === 0 ? hidden : new Set([...hidden, ...named.map((cte) => cte?.ctename ?? '')])
  // `FOR UPDATE` and its relatives take ROW SHARE on what the FROM clause names.
  const fromMode = Array.isArray(node.lockingClause) && node.lockingClause.length > 0 ? 'RowShareLock' : mode
  const keys = Object.keys(node)
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? ''
    if (key === 'withClause' || key === 'intoClause') continue
    const aside = key === 'whereClause' || key === 'targetList'
    leave(left, node[key], names, key === 'fromClause' ? fromMode : aside ? 'AccessShareLock' : mode)
  }
  for (let index = named.length - 1; index >= 0; index -= 1) {
    const before = recursive ? named : named.slice(0, index)
    const seen = new Set([...hidden, ...before.map((cte) => cte?.ctename ?? '')])
    leave(left, named[index]?.ctequery, seen, 'AccessShareLock')
  }
}

interface WithClause {
  readonly ctes?: readonly Node[]
  readonly recursive?: boolean
}

/** What a query locks: the relations it reads, through views too, and with `FOR UPDATE` more strongly. */

import type { Node, RangeVar } from 'libpg-query'
import type { LockMode, RelationName } from '../model.ts'
import { noteCalls } from './expressions.ts'
import type { EffectSink } from './sink.ts'
import { as } from './tree.ts'

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
  if (depth === 'views-too') noteCalls(query, sink)
  return found.map((one) => one.relation)
}

function lockRead(name: RelationName, mode: LockMode, withChildren: boolean, sink: EffectSink, depth: Depth): void {
  sink.lock(name, mode)
  const relation = sink.relation(name)
  if (depth === 'views-too' && withChildren) for (const child of sink.descendants(name)) sink.lock(child, mode)
  if (depth === 'views-too' && relation?.kind === 'view') {
    for (const read of relation.reads) lockRead(read, 'AccessShareLock', true, sink, depth)
  }
}

/** Names of common table expressions are not relations; each sees those before it (all of them with RECURSIVE). */
export function relationsRead(root: unknown, sink: EffectSink): readonly Found[] {
  const found: Found[] = []
  visit(root, new Set(), 'AccessShareLock')
  return found

  function visit(value: unknown, hidden: ReadonlySet<string>, mode: LockMode): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, hidden, mode)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const node = value as Readonly<Record<string, unknown>>
    const range = node.RangeVar as RangeVar | undefined
    if (range !== undefined) {
      if (range.schemaname === undefined && hidden.has(range.relname ?? '')) return
      found.push({ relation: sink.relationOf(range), withChildren: range.inh === true, mode })
      return
    }
    let inner = hidden
    const withClause = node.withClause as { readonly ctes?: readonly Node[]; readonly recursive?: boolean } | undefined
    if (withClause !== undefined) {
      const names = new Set(hidden)
      const all = (withClause.ctes ?? []).map((cte) => as(cte, 'CommonTableExpr'))
      if (withClause.recursive === true) for (const cte of all) names.add(cte?.ctename ?? '')
      for (const cte of all) {
        visit(cte?.ctequery, new Set(names), 'AccessShareLock')
        names.add(cte?.ctename ?? '')
      }
      inner = names
    }
    // `FOR UPDATE` and its relatives take ROW SHARE on what the FROM clause names.
    const innerMode = Array.isArray(node.lockingClause) && node.lockingClause.length > 0 ? 'RowShareLock' : mode
    for (const [key, child] of Object.entries(node)) {
      if (key === 'withClause' || key === 'intoClause') continue
      visit(
        child,
        inner,
        key === 'fromClause' ? innerMode : key === 'whereClause' || key === 'targetList' ? 'AccessShareLock' : mode,
      )
    }
  }
}

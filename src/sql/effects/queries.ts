/** What a query locks: the relations it reads, through views too, and with `FOR UPDATE` more strongly. */

import type { Node, RangeVar } from 'libpg-query'
import type { LockMode, RelationName } from '../model.ts'
import { evaluate } from './expressions.ts'
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

interface Visit {
  readonly value: unknown
  readonly hidden: ReadonlySet<string>
  readonly mode: LockMode
}

/**
 * Names of common table expressions are not relations; each sees those before it (all of them with RECURSIVE). With a stack of
 * its own, because generated conditions nest deeper than calls can.
 */
export function relationsRead(root: unknown, sink: EffectSink): readonly Found[] {
  const found: Found[] = []
  const stack: Visit[] = [{ value: root, hidden: new Set(), mode: 'AccessShareLock' }]
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { value, hidden, mode } = visit
    if (Array.isArray(value)) {
      for (const item of value.toReversed()) stack.push({ value: item, hidden, mode })
      continue
    }
    if (typeof value !== 'object' || value === null) continue
    const node = value as Readonly<Record<string, unknown>>
    const range = node.RangeVar as RangeVar | undefined
    if (range === undefined) {
      stack.push(...below(node, hidden, mode).toReversed())
    } else if (range.schemaname !== undefined || !hidden.has(range.relname ?? '')) {
      found.push({ relation: sink.relationOf(range), withChildren: range.inh === true, mode })
    }
  }
  return found
}

function below(node: Readonly<Record<string, unknown>>, hidden: ReadonlySet<string>, mode: LockMode): readonly Visit[] {
  const visits: Visit[] = []
  let names = hidden
  const withClause = node.withClause as { readonly ctes?: readonly Node[]; readonly recursive?: boolean } | undefined
  if (withClause !== undefined) {
    const expressions = (withClause.ctes ?? []).map((cte) => as(cte, 'CommonTableExpr'))
    const seen = new Set(hidden)
    if (withClause.recursive === true) for (const cte of expressions) seen.add(cte?.ctename ?? '')
    for (const cte of expressions) {
      visits.push({ value: cte?.ctequery, hidden: new Set(seen), mode: 'AccessShareLock' })
      seen.add(cte?.ctename ?? '')
    }
    names = seen
  }
  // `FOR UPDATE` and its relatives take ROW SHARE on what the FROM clause names.
  const fromMode = Array.isArray(node.lockingClause) && node.lockingClause.length > 0 ? 'RowShareLock' : mode
  for (const [key, value] of Object.entries(node)) {
    if (key === 'withClause' || key === 'intoClause' || typeof value !== 'object') continue
    const aside = key === 'whereClause' || key === 'targetList'
    visits.push({ value, hidden: names, mode: key === 'fromClause' ? fromMode : aside ? 'AccessShareLock' : mode })
  }
  return visits
}

/** Code that somebody wrote runs without being called by name: behind operators and casts, domains, defaults and checks. */

import type { Node, TypeName } from 'libpg-query'
import type { Table, View, WriteEvent } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import { builtinVolatility, extensionVolatility } from './builtin-functions.ts'
import type { EffectSink } from './sink.ts'
import { as, strings, typeRef, walk } from './tree.ts'

/** All functions that are not known to be harmless and that evaluating what is below may run, as `schema.name`. */
export function ownFunctionsIn(root: unknown, sink: EffectSink): ReadonlySet<string> {
  const found = new Set<string>()
  let evaluates = false
  for (const { kind, node } of walk(root)) {
    const add = (names: Iterable<string>) => {
      for (const name of names) found.add(name)
    }
    evaluates ||= kind === 'A_Expr' || kind === 'TypeCast' || kind === 'ColumnRef' || kind === 'A_Const'
    if (kind === 'FuncCall') add(functionsCalled(strings(node.funcname as readonly Node[] | undefined), sink))
    // `row.name` calls a function that takes the row, where there is no such column.
    else if (kind === 'ColumnRef') add(functionsInNotation(node.fields, sink))
    else if (kind === 'A_Indirection') add(functionsInNotation(['', ...list(node.indirection)], sink))
    else if (kind === 'ColumnDef' || kind === 'TypeCast')
      add(functionsOfType(typeRef((node.typeName ?? {}) as TypeName).name, sink))
  }
  if (evaluates) for (const name of sink.catalog.hidden) found.add(name)
  return found
}

/** What a call by this name may reach. A name of PostgreSQL's own is one only where nobody made another of that name. */
export function functionsCalled(parts: readonly string[], sink: EffectSink): readonly string[] {
  const name = parts.at(-1) ?? ''
  const ofServer = builtinVolatility(name) !== undefined
  const schema = parts.at(-2)
  if (schema === 'pg_catalog') return ofServer ? [] : [`pg_catalog.${name}`]
  const own = sink.functionsNamed(parts)
  if (own.length > 0) return own
  if ((schema === undefined && ofServer) || extensionVolatility(name) !== undefined) return []
  const type = sink.resolveType({ name: parts.join('.'), modifiers: [], array: false }).name
  return sink.catalog.types.has(type) ? functionsOfType(type, sink) : [sink.newName(parts)]
}

function functionsInNotation(fields: unknown, sink: EffectSink): readonly string[] {
  const last = list(fields).length > 1 ? as(list(fields).at(-1) as Node, 'String')?.sval : undefined
  return last === undefined ? [] : sink.functionsNamed([last])
}

/** The checks of a domain, and of the domains below it. */
export function functionsOfType(name: string, sink: EffectSink): readonly string[] {
  const found: string[] = []
  for (
    let type = sink.userType({ name, modifiers: [], array: false });
    type !== undefined;
    type = type.base === undefined ? undefined : sink.userType(type.base)
  )
    found.push(...type.runs)
  return found
}

/** From here on writing the relation, or reading the view, runs what is below. */
export function hangOn(relation: RelationName, root: unknown, sink: EffectSink): void {
  const functions = [...ownFunctionsIn(root, sink)]
  if (functions.length > 0) sink.change({ kind: 'runs', relation, functions })
}

/** What the server does by itself when a row is written; a row of a partition is a row of the tables above it too. */
export function runOnWrite(relation: Table | View, event: WriteEvent, sink: EffectSink): void {
  for (const { name, triggers, rules } of [relation, ...above(relation, sink)]) {
    for (const [trigger, { events, runs }] of triggers)
      if (events.includes(event)) sink.runFunctions(runs, `the trigger ${trigger} of ${name}`)
    if (rules.length > 0 && event !== 'truncate')
      sink.unknown(`rules of ${name} rewrite the statement (${rules.join(', ')})`)
  }
  sink.runFunctions(relation.runs, `what hangs on ${relation.name}`)
  if (relation.kind !== 'table' || event === 'delete' || event === 'truncate') return
  for (const { type } of relation.columns.values())
    if (type !== undefined) sink.runFunctions(functionsOfType(type.name, sink), `the type ${type.name}`)
}

export function above(relation: Table | View, sink: EffectSink): readonly Table[] {
  const parents = relation.kind === 'table' ? relation.parents : []
  return parents.flatMap((name) => {
    const parent = sink.table(name)
    return parent === undefined ? [] : [parent, ...above(parent, sink)]
  })
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Code that somebody wrote runs without being called by name: behind operators and casts, domains, defaults and checks. */

import type { Node, RangeVar, TypeName } from 'libpg-query'
import type { Relation, Table, View, WriteEvent } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import { builtinVolatility, extensionVolatility } from './builtin-functions.ts'
import { isOfServer } from './known-types.ts'
import type { EffectSink } from './sink.ts'
import { strings, typeRef, visit } from './tree.ts'

/** All functions that are not known to be harmless and that evaluating what is below may run, as `schema.name`. */
export function ownFunctionsIn(root: unknown, sink: EffectSink): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (names: readonly string[]) => {
    for (const name of names) found.add(name)
  }
  let evaluates = false
  visit(root, (kind, node) => {
    switch (kind) {
      case 'A_Expr':
      case 'TypeCast':
      case 'A_Const':
        evaluates = true
        return
      case 'FuncCall':
        add(functionsCalled(strings(node.funcname as readonly Node[] | undefined), sink))
        return
      case 'ColumnRef':
        evaluates = true
        // `row.name` calls a function that takes the row, where there is no such column.
        add(functionsInNotation(list(node.fields).slice(1), sink))
        return
      case 'A_Indirection':
        add(functionsInNotation(list(node.indirection), sink))
        return
      case 'TypeName':
        add(functionsOfType(typeRef(node as TypeName).name, sink))
        return
      case 'RangeVar':
        add(functionsOfView(sink.relation(sink.relationOf(node as RangeVar)), sink))
    }
  })
  if (evaluates) for (const name of sink.catalog.hidden) found.add(name)
  return found
}

/** Known, and of consequence all the same: `evaluate` looks at how they are called, nobody does where they run by themselves. */
export const lastingCalls: ReadonlySet<string> = new Set(['pg_catalog.set_config', 'pg_catalog.setval'])

/** What a call by this name may reach. A name of PostgreSQL's own is one only where nobody made another of that name. */
export function functionsCalled(parts: readonly string[], sink: EffectSink): readonly string[] {
  const name = parts.at(-1) ?? ''
  const ofServer = builtinVolatility(name) !== undefined
  const schema = parts.at(-2)
  const own = sink.functionsNamed(parts)
  if (own.length > 0) return own
  const ofCatalog = `pg_catalog.${name}`
  if (schema === 'pg_catalog') return ofServer && !lastingCalls.has(ofCatalog) ? [] : [ofCatalog]
  if (schema === undefined && lastingCalls.has(ofCatalog)) return [ofCatalog]
  if ((schema === undefined && ofServer) || extensionVolatility(name) !== undefined) return []
  const type = sink.resolveType({ name: parts.join('.'), modifiers: [], array: false }).name
  return sink.catalog.types.has(type) ? functionsOfType(type, sink) : [sink.newName(parts)]
}

/** Each may be a column, a function, or a type that the row is cast to. */
function functionsInNotation(fields: readonly unknown[], sink: EffectSink): readonly string[] {
  if (fields.length === 0) return none
  return strings(fields as readonly Node[]).flatMap((name) => [
    ...sink.functionsNamed([name]),
    ...functionsOfType(name, sink),
  ])
}

/** The checks of a domain and of the domains below it; a table is the type of its rows. */
export function functionsOfType(name: string, sink: EffectSink, seen?: Set<string>): readonly string[] {
  // Asked about every column that is read: nearly all are of a type of the server's, with no table of that name.
  if (isOfServer(name) && sink.tableOfType(name) === undefined) return []
  const visited = seen ?? new Set<string>()
  const resolved = sink.resolveType({ name, modifiers: [], array: false }).name
  if (visited.has(resolved)) return []
  visited.add(resolved)
  const type = sink.catalog.types.get(resolved)
  if (type !== undefined)
    return [
      ...type.runs,
      ...(type.base === undefined ? [] : functionsOfType(type.base.name, sink, visited)),
      ...type.attributes.flatMap((attribute) => functionsOfType(attribute.type.name, sink, visited)),
    ]
  return [...(sink.tableOfType(name)?.columns.values() ?? [])].flatMap((column) =>
    column.type === undefined ? [] : functionsOfType(column.type.name, sink, visited),
  )
}

/** Reading a view runs what is in it, and in the views below it. */
function functionsOfView(relation: Relation | undefined, sink: EffectSink): readonly string[] {
  if (relation?.kind !== 'view') return []
  return [...relation.runs, ...relation.reads.flatMap((read) => functionsOfView(sink.relation(read), sink))]
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
  // Foreign keys, exclusions and unique indexes compare what is written, and cast it.
  sink.runFunctions([...relation.runs, ...sink.catalog.hidden], `what hangs on ${relation.name}`)
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

const none: readonly string[] = []

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

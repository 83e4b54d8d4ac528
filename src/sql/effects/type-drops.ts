/** What goes with a type that is dropped with CASCADE. The rows of a table or a view have a type too, which goes with it. */

import { withoutSchema } from '../catalog/names.ts'
import { dropColumnDependents, dropDefaultsFrom, dropTableDependents } from './dependents.ts'
import type { EffectSink } from './sink.ts'
import { as, strings, walk } from './tree.ts'
import { columnsOf, tablesOf, typesOver } from './type-uses.ts'

/** A table whose columns were not seen may have one of the type. */
export function doubtUnseenColumns(type: string, sink: EffectSink): void {
  for (const relation of sink.catalog.relations.values())
    if (relation.kind === 'table' && !relation.columnsKnown)
      sink.unknown(`whether a column of ${relation.name} has the type ${type} is not known`)
}

/** `going` has what goes anyway: relations by their name, types as `type name`. */
export function dropUsesOfType(type: string, going: ReadonlySet<string>, sink: EffectSink): void {
  if (going.has(`type ${type}`)) return
  const goingNow = new Set([...going, `type ${type}`])
  doubtUnseenColumns(type, sink)
  for (const { table, column } of columnsOf(type, sink)) {
    if (going.has(table)) continue
    sink.lock(table, 'AccessExclusiveLock')
    if (sink.existed(table)) sink.lose('column', `${table}.${column}`)
    dropColumnDependents(table, column, true, sink, goingNow)
    sink.change({ kind: 'drop-column', clause: 0, table, name: column, known: sink.table(table)?.columns.get(column) })
  }
  for (const table of tablesOf(type, sink)) {
    if (going.has(table)) continue
    sink.lock(table, 'AccessExclusiveLock')
    if (sink.existed(table)) sink.lose('table', table)
    dropTableDependents(table, new Set([...goingNow, table]), true, sink)
    sink.change({ kind: 'drop-table', name: table, known: sink.table(table) })
  }
  for (const { type: over } of typesOver(type, sink)) {
    if (over.kind === 'composite') {
      dropAttributes(over.name, type, sink)
      continue
    }
    if (over.createdBy !== sink.context.migration) sink.lose('type', over.name)
    dropUsesOfType(over.name, goingNow, sink)
    sink.change({ kind: 'drop-type', name: over.name, known: over })
  }
  dropDefaultsFrom(type, going, sink)
  dropFunctionsOn(type, sink)
}

/** The type stays without them, and the values of it in columns too. */
function dropAttributes(name: string, type: string, sink: EffectSink): void {
  const known = sink.catalog.types.get(name)
  if (known === undefined) return
  for (const attribute of known.attributes)
    if (attribute.type.name === type && known.createdBy !== sink.context.migration)
      sink.lose('column', `${name}.${attribute.name}`)
  const attributes = known.attributes.filter((attribute) => attribute.type.name !== type)
  sink.change({ kind: 'create-type', type: { ...known, attributes } })
}

function dropFunctionsOn(type: string, sink: EffectSink): void {
  for (const { name, bodies } of sink.catalog.functions.values()) {
    for (const { signature, text } of bodies) {
      if (!signature.split(',').some((one) => one === type || one === `${type}[]`)) {
        if (mayGiveBack(type, text, sink))
          sink.unknown(`whether the function ${name}() returns the type ${type}, and goes with it, is not known`)
        continue
      }
      sink.lose('function', name)
      sink.unknown(`which defaults, checks, views and indexes use ${name}() and go with it is not known`)
      sink.change({ kind: 'drop-function', name, signature })
    }
  }
}

/** A body that is kept as text depends on nothing that it names; one that is kept as a tree does. */
function mayGiveBack(type: string, text: string, sink: EffectSink): boolean {
  const plain = withoutSchema(type)
  if (!text.includes(plain)) return false
  let created: ReturnType<typeof createdIn>
  try {
    created = createdIn(text, sink)
  } catch {
    return true
  }
  if (created === undefined || created.sql_body !== undefined) return true
  return [...walk([created.parameters, { returnType: created.returnType }])].some(
    ({ kind, node }) => kind === 'TypeName' && strings((node as { readonly names?: [] }).names).at(-1) === plain,
  )
}

function createdIn(text: string, sink: EffectSink) {
  return as(sink.context.parser.parse(text).stmts?.[0]?.stmt, 'CreateFunctionStmt')
}

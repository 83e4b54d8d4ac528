/** CREATE, ALTER and DROP of types: enums, domains, composites. */

import type { UserType } from '../catalog/model.ts'
import { beside, withoutSchema } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { dropColumnDependents, dropDefaultsFrom } from './dependents.ts'
import { ownFunctionsIn } from './own-code.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, nameParts, rangeVarParts, strings, typeRef } from './tree.ts'

export const createEnum: Handler = (node, sink) => {
  const statement = as(node, 'CreateEnumStmt')
  if (statement === undefined) return
  createType(strings(statement.typeName), { kind: 'enum', labels: strings(statement.vals) }, sink)
}

export const createDomain: Handler = (node, sink) => {
  const statement = as(node, 'CreateDomainStmt')
  if (statement === undefined) return
  const base = statement.typeName === undefined ? undefined : sink.resolveType(typeRef(statement.typeName))
  const constrained = allOf(statement.constraints, 'Constraint').some(
    (one) => one.contype === 'CONSTR_CHECK' || one.contype === 'CONSTR_NOTNULL',
  )
  const runs = [...ownFunctionsIn(statement.constraints, sink)]
  createType(strings(statement.domainname), { kind: 'domain', base, constrained, runs }, sink)
}

export const createComposite: Handler = (node, sink) => {
  const range = as(node, 'CompositeTypeStmt')?.typevar
  const runs = [...ownFunctionsIn(as(node, 'CompositeTypeStmt')?.coldeflist, sink)]
  if (range !== undefined) createType(rangeVarParts(range), { kind: 'composite', runs }, sink)
}

/** A multirange comes with it. */
export const createRange: Handler = (node, sink) => {
  const statement = as(node, 'CreateRangeStmt')
  const parts = strings(statement?.typeName)
  const option = allOf(statement?.params, 'DefElem').find(({ defname }) => defname === 'multirange_type_name')
  const given = nameParts(option?.arg)
  createType(parts, { kind: 'range', runs: [...ownFunctionsIn(statement?.params, sink)] }, sink)
  createType(
    given.length > 0 ? given : [...parts.slice(0, -1), multirangeOf(parts.at(-1) ?? '')],
    { kind: 'range' },
    sink,
  )
}

function multirangeOf(range: string): string {
  return range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`
}

const bare = { labels: [], base: undefined, constrained: false, runs: [] } as const

export function createType(
  parts: readonly string[],
  type: Pick<UserType, 'kind'> & Partial<UserType>,
  sink: EffectSink,
): void {
  const name = sink.newName(parts)
  sink.change({ kind: 'create-type', type: { ...bare, ...type, name, createdBy: sink.context.migration } })
}

/** ADD VALUE and RENAME VALUE touch the catalog only: no relation is locked (measured on 14 to 18). */
export const alterEnum: Handler = (node, sink) => {
  const statement = as(node, 'AlterEnumStmt')
  if (statement === undefined) return
  const type = sink.name(strings(statement.typeName))
  const label = statement.newVal ?? ''
  const { newValNeighbor: neighbour, newValIsAfter: after = false } = statement
  const beside = neighbour === undefined ? undefined : { label: neighbour, after }
  if (statement.oldVal === undefined) sink.change({ kind: 'add-label', type, label, beside })
  else sink.change({ kind: 'rename-label', type, from: statement.oldVal, to: label })
}

/** A new constraint of a domain is checked against every column of it, under SHARE (measured). */
export const alterDomain: Handler = (node, sink) => {
  const statement = as(node, 'AlterDomainStmt')
  if (statement === undefined) return
  const name = sink.name(strings(statement.typeName))
  // `C` adds a constraint, `O` sets NOT NULL, `V` validates; `T` changes the default, `N` drops NOT NULL, `X` drops a constraint.
  const subtype = statement.subtype ?? ''
  const adds = subtype === 'C' && as(statement.def, 'Constraint')?.skip_validation !== true
  if (subtype === 'X') sink.lose('constraint', `${name}.${statement.name ?? ''}`)
  if (subtype === 'T' && statement.def === undefined) sink.lose('default', name)
  const known = sink.catalog.types.get(name)
  if (known !== undefined && (subtype === 'C' || subtype === 'O' || subtype === 'T')) {
    const runs = [...known.runs, ...ownFunctionsIn(statement.def, sink)]
    sink.change({ kind: 'create-type', type: { ...known, constrained: known.constrained || subtype !== 'T', runs } })
  }
  if (!adds && subtype !== 'O' && subtype !== 'V') return
  sink.runFunctions([...(known?.runs ?? []), ...ownFunctionsIn(statement.def, sink)], 'it')
  for (const table of new Set(columnsOf(name, sink).map((one) => one.table))) {
    sink.lock(table, 'ShareLock')
    sink.scan(table)
  }
  if (known === undefined) sink.unknown(`which tables use the domain ${name}, and are read to check it, is not known`)
  doubtUnseenColumns(name, sink)
}

/** A table whose columns were not seen may have one of the type. */
function doubtUnseenColumns(type: string, sink: EffectSink): void {
  for (const relation of sink.catalog.relations.values())
    if (relation.kind === 'table' && !relation.columnsKnown)
      sink.unknown(`whether a column of ${relation.name} has the type ${type} is not known`)
}

export function dropType(parts: readonly string[], cascade: boolean, missingOk: boolean, sink: EffectSink): void {
  const name = sink.name(parts)
  const known = sink.catalog.types.get(name)
  if (missingOk && sink.catalog.complete && known === undefined) return
  if (known?.createdBy !== sink.context.migration) sink.lose('type', name)
  // Without CASCADE the server refuses while a column uses it: nothing but the type can go.
  if (cascade) {
    if (known === undefined) sink.unknown(`which columns use the type ${name} and go with it is not known`)
    dropColumnsOfType(name, new Set(), sink)
  }
  sink.change({ kind: 'drop-type', name, known })
  const multirange = beside(name, multirangeOf(withoutSchema(name)))
  const comesAlong = known?.kind === 'range' ? sink.catalog.types.get(multirange) : undefined
  if (comesAlong !== undefined) sink.change({ kind: 'drop-type', name: multirange, known: comesAlong })
}

/** With CASCADE, those of tables that do not go themselves. */
export function dropColumnsOfType(type: string, going: ReadonlySet<RelationName>, sink: EffectSink): void {
  doubtUnseenColumns(type, sink)
  for (const { table, column } of columnsOf(type, sink)) {
    if (going.has(table)) continue
    sink.lock(table, 'AccessExclusiveLock')
    if (sink.existed(table)) sink.lose('column', `${table}.${column}`)
    dropColumnDependents(table, column, true, sink)
    sink.change({ kind: 'drop-column', clause: 0, table, name: column, known: sink.table(table)?.columns.get(column) })
  }
  for (const other of sink.catalog.types.values()) {
    if (other.kind === 'domain' && other.base?.name === type) {
      if (other.createdBy !== sink.context.migration) sink.lose('type', other.name)
      dropColumnsOfType(other.name, going, sink)
      sink.change({ kind: 'drop-type', name: other.name, known: other })
    } else if (other.kind === 'composite' && other.name !== type && columnsOf(other.name, sink).length > 0)
      sink.unknown(`whether ${other.name} loses an attribute of the type ${type} is not known`)
  }
  dropDefaultsFrom(type, going, sink)
  dropFunctionsOn(type, sink)
}

function dropFunctionsOn(type: string, sink: EffectSink): void {
  for (const { name, bodies } of sink.catalog.functions.values()) {
    for (const { signature, text } of bodies) {
      if (!signature.split(',').some((one) => one === type || one === `${type}[]`)) {
        if (text.includes(withoutSchema(type)))
          sink.unknown(`whether the function ${name}() returns the type ${type}, and goes with it, is not known`)
        continue
      }
      sink.lose('function', name)
      sink.unknown(`which defaults, checks, views and indexes use ${name}() and go with it is not known`)
      sink.change({ kind: 'drop-function', name, signature })
    }
  }
}

export function columnsOf(
  type: string,
  sink: EffectSink,
): readonly { readonly table: RelationName; readonly column: string }[] {
  const found: { table: RelationName; column: string }[] = []
  for (const relation of sink.catalog.relations.values()) {
    if (relation.kind !== 'table') continue
    for (const column of relation.columns.values()) {
      if (column.type?.name === type) found.push({ table: relation.name, column: column.name })
    }
  }
  return found
}

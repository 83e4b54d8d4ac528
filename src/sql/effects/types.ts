/** CREATE, ALTER and DROP of types: enums, domains, composites. */

import type { AlterTableStmt, ColumnDef } from 'libpg-query'
import type { Attribute, UserType } from '../catalog/model.ts'
import { ownFunctionsIn } from './own-code.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, nameParts, rangeVarParts, strings, typeRef } from './tree.ts'
import { doubtUnseenColumns, dropUsesOfType } from './type-drops.ts'
import { tablesOf, usesOfDomain } from './type-uses.ts'

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
  const { typevar: range, coldeflist } = as(node, 'CompositeTypeStmt') ?? {}
  const runs = [...ownFunctionsIn(coldeflist, sink)]
  const attributes = allOf(coldeflist, 'ColumnDef').flatMap((definition) => attributeOf(definition, sink))
  if (range !== undefined) createType(rangeVarParts(range), { kind: 'composite', attributes, runs }, sink)
}

function attributeOf({ colname: name = '', typeName }: ColumnDef, sink: EffectSink): readonly Attribute[] {
  return typeName === undefined ? [] : [{ name, type: sink.resolveType(typeRef(typeName)) }]
}

/** A composite type has no rows of its own; the values in columns of it lose what the type loses, without a lock or a rewrite. */
export function alterCompositeType(type: string, statement: AlterTableStmt, sink: EffectSink): void {
  const known = sink.catalog.types.get(type)
  let attributes = known?.attributes ?? []
  for (const { subtype, name, def, behavior } of allOf(statement.cmds, 'AlterTableCmd')) {
    const definition = as(def, 'ColumnDef')
    if (subtype === 'AT_DropColumn') {
      if (known?.createdBy !== sink.context.migration) sink.lose('column', `${type}.${name ?? ''}`)
      attributes = attributes.filter((one) => one.name !== name)
    } else if (subtype === 'AT_AddColumn' && definition !== undefined) {
      attributes = [...attributes, ...attributeOf(definition, sink)]
    } else {
      if (known?.createdBy !== sink.context.migration)
        sink.unknown(`what becomes of values of the type ${type} is not worked out`)
      const altered = definition === undefined ? [] : attributeOf({ ...definition, colname: name ?? '' }, sink)
      attributes = attributes.flatMap((one) => (one.name === name ? altered : one))
    }
    // With CASCADE the tables that were made of it change with it.
    if (behavior !== 'DROP_CASCADE') continue
    for (const table of tablesOf(type, sink)) {
      sink.lock(table, 'AccessExclusiveLock')
      if (subtype === 'AT_DropColumn' && sink.existed(table)) sink.lose('column', `${table}.${name ?? ''}`)
      sink.unknown(`what becomes of ${table}, which is made of the type ${type}, is not worked out`)
    }
  }
  if (known !== undefined) {
    const runs = [...new Set([...known.runs, ...ownFunctionsIn(statement.cmds, sink)])]
    sink.change({ kind: 'create-type', type: { ...known, attributes, runs } })
  }
}

export function renameAttribute(type: string, from: string, to: string, sink: EffectSink): void {
  const known = sink.catalog.types.get(type)
  if (known === undefined) return
  const attributes = known.attributes.map((one) => (one.name === from ? { ...one, name: to } : one))
  sink.change({ kind: 'create-type', type: { ...known, attributes } })
}

/** A multirange comes with it. */
export const createRange: Handler = (node, sink) => {
  const statement = as(node, 'CreateRangeStmt')
  const parts = strings(statement?.typeName)
  const option = allOf(statement?.params, 'DefElem').find(({ defname }) => defname === 'multirange_type_name')
  const given = nameParts(option?.arg)
  const subtype = as(allOf(statement?.params, 'DefElem').find(({ defname }) => defname === 'subtype')?.arg, 'TypeName')
  const base = subtype === undefined ? undefined : sink.resolveType(typeRef(subtype))
  createType(parts, { kind: 'range', base, runs: [...ownFunctionsIn(statement?.params, sink)] }, sink)
  createType(
    given.length > 0 ? given : [...parts.slice(0, -1), multirangeOf(parts.at(-1) ?? '')],
    { kind: 'range', base: { name: sink.newName(parts), modifiers: [], array: false } },
    sink,
  )
}

function multirangeOf(range: string): string {
  return range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`
}

const bare = { labels: [], base: undefined, attributes: [], constrained: false, runs: [] } as const

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
  const { read, refused } = usesOfDomain(name, sink)
  for (const table of read) {
    sink.lock(table, 'ShareLock')
    sink.scan(table)
  }
  if (refused.length > 0)
    sink.unknown(`PostgreSQL refuses it as long as ${refused.join(', ')} has ${name} inside an array, a row or a range`)
  if (known === undefined) sink.unknown(`which tables use the domain ${name}, and are read to check it, is not known`)
  doubtUnseenColumns(name, sink)
}

export function dropType(parts: readonly string[], cascade: boolean, missingOk: boolean, sink: EffectSink): void {
  const name = sink.name(parts)
  const known = sink.catalog.types.get(name)
  if (missingOk && sink.catalog.complete && known === undefined) return
  if (known?.createdBy !== sink.context.migration) sink.lose('type', name)
  // Without CASCADE the server refuses while a column uses it: nothing but the type can go.
  if (cascade) {
    if (known === undefined) sink.unknown(`which columns use the type ${name} and go with it is not known`)
    dropUsesOfType(name, new Set(), sink)
  }
  sink.change({ kind: 'drop-type', name, known })
  for (const other of sink.catalog.types.values())
    if (other.kind === 'range' && other.base?.name === name && known?.kind === 'range')
      sink.change({ kind: 'drop-type', name: other.name, known: other })
}

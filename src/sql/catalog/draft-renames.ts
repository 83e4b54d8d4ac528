/** A new name, and everything in the catalog that pointed at the old one. */

import type { RelationName } from '../model.ts'
import type { CatalogDraft } from './draft.ts'
import { renameMember } from './extensions.ts'
import type { Column, Relation, TypeRef } from './model.ts'

export function renameColumn(draft: CatalogDraft, name: RelationName, from: string, to: string): void {
  const renamed = (columns: readonly string[]) => columns.map((column) => (column === from ? to : column))
  draft.updateTable(name, (table) => ({
    ...table,
    columns: new Map(
      [...table.columns].map(([key, column]) => (key === from ? [to, { ...column, name: to }] : [key, column])),
    ),
    constraints: table.constraints.map((c) => ({
      ...c,
      columns: renamed(c.columns),
      provesNotNull: renamed(c.provesNotNull),
    })),
  }))
  for (const relation of draft.relations.pointingAt(name)) {
    if (relation.kind === 'index') {
      draft.relations.set(relation.name, { ...relation, columns: renamed(relation.columns) })
    } else if (relation.kind === 'table') {
      draft.relations.set(relation.name, {
        ...relation,
        constraints: relation.constraints.map((c) =>
          c.references?.table === name
            ? { ...c, references: { table: name, columns: renamed(c.references.columns) } }
            : c,
        ),
      })
    } else if (relation.kind === 'sequence' && relation.ownedBy?.column === from) {
      draft.relations.set(relation.name, { ...relation, ownedBy: { table: name, column: to } })
    } else if (relation.kind === 'view' || relation.kind === 'materialized-view') {
      // Of several tables that it reads another may have a column of the old name.
      const mentions = relation.mentions?.has(from) === true ? new Set([...relation.mentions, to]) : relation.mentions
      draft.relations.set(relation.name, { ...relation, mentions })
    }
  }
}

export function renameRelation(draft: CatalogDraft, from: RelationName, to: RelationName): void {
  const relation = draft.relations.get(from)
  if (relation === undefined) return
  const pointing = draft.relations.pointingAt(from).filter((other) => other !== relation)
  const renamed = (name: RelationName) => (name === from ? to : name)
  draft.relations.delete(from)
  draft.relations.set(to, pointingAt({ ...relation, name: to }, renamed))
  for (const other of pointing) draft.relations.set(other.name, pointingAt(other, renamed))
  // Columns and attributes can be of the type of its rows.
  if (relation.kind !== 'index' && relation.kind !== 'sequence') renameTypeInUses(draft, from, to)
  if (draft.parents.has(from)) draft.parents.add(to)
  renameMember(draft, 'relations', from, to)
  if (relation.kind === 'sequence') renameInDefaults(draft, from, to)
  if (relation.kind === 'index') {
    const label = (name: RelationName) => name.slice(name.indexOf('.') + 1)
    draft.updateConstraint(relation.table, label(from), (constraint) => ({ ...constraint, name: label(to) }))
  }
}

function fills({ sequence, defaultUses }: Column, name: RelationName): boolean {
  return sequence === name || defaultUses.includes(name)
}

function renamedIn(names: readonly string[], from: string, to: string): readonly string[] {
  return names.map((name) => (name === from ? to : name))
}

function renameInDefaults(draft: CatalogDraft, from: RelationName, to: RelationName): void {
  for (const [name, relation] of draft.relations) {
    if (relation.kind !== 'table' || !hasColumn(relation.columns, (column) => fills(column, from))) continue
    const columns = [...relation.columns].map(([key, column]) => {
      const sequence = column.sequence === from ? to : column.sequence
      return [key, { ...column, sequence, defaultUses: renamedIn(column.defaultUses, from, to) }] as const
    })
    draft.relations.set(name, { ...relation, columns: new Map(columns) })
  }
}

export function renameType(draft: CatalogDraft, from: string, to: string): void {
  const type = draft.types.get(from)
  if (type !== undefined) {
    draft.types.delete(from)
    draft.types.set(to, { ...type, name: to })
  }
  renameTypeInUses(draft, from, to)
  renameMember(draft, 'types', from, to)
}

function renameTypeInUses(draft: CatalogDraft, from: string, to: string): void {
  const renamed = (ref: TypeRef | undefined) => (ref?.name === from ? { ...ref, name: to } : ref)
  const uses = ({ type, defaultUses }: Column) => type?.name === from || defaultUses.includes(from)
  for (const relation of draft.relations.values()) {
    if (relation.kind !== 'table' || !(relation.ofType === from || hasColumn(relation.columns, uses))) continue
    const columns = new Map<string, Column>()
    for (const [key, column] of relation.columns)
      columns.set(key, {
        ...column,
        type: renamed(column.type),
        defaultUses: renamedIn(column.defaultUses, from, to),
      })
    draft.relations.set(relation.name, {
      ...relation,
      columns,
      ofType: relation.ofType === from ? to : relation.ofType,
    })
  }
  for (const [name, known] of draft.types) {
    if (known.base?.name !== from && !known.attributes.some(({ type }) => type.name === from)) continue
    const attributes = known.attributes.map((one) => ({ ...one, type: renamed(one.type) ?? one.type }))
    draft.types.set(name, { ...known, base: renamed(known.base), attributes })
  }
  for (const [name, known] of draft.functions) {
    if (!known.bodies.some((body) => body.signature.includes(from))) continue
    const bodies = known.bodies.map((body) => ({ ...body, signature: signatureWith(body.signature, from, to) }))
    draft.functions.set(name, { ...known, bodies })
  }
}

function hasColumn(columns: ReadonlyMap<string, Column>, isWanted: (column: Column) => boolean): boolean {
  for (const column of columns.values()) if (isWanted(column)) return true
  return false
}

function signatureWith(signature: string, from: string, to: string): string {
  const renamed = renamedIn(signature.split(','), from, to)
  return renamedIn(renamed, `${from}[]`, `${to}[]`).join()
}

export function renameSchema(draft: CatalogDraft, from: string, to: string): void {
  draft.schemas.delete(from)
  draft.schemas.add(to)
  renameMember(draft, 'schemas', from, to)
  const moved = (name: string) => (name.startsWith(`${from}.`) ? `${to}.${name.slice(from.length + 1)}` : name)
  for (const name of [...draft.relations.keys()]) if (moved(name) !== name) renameRelation(draft, name, moved(name))
  for (const name of [...draft.types.keys()]) if (moved(name) !== name) renameType(draft, name, moved(name))
  for (const name of [...draft.functions.keys()]) if (moved(name) !== name) renameFunction(draft, name, moved(name))
}

/** Of several functions that share the name, which one gets the new name is not told apart: all have both. */
export function renameFunction(draft: CatalogDraft, from: string, to: string): void {
  const alone = (draft.functions.get(from)?.bodies.length ?? 0) <= 1
  nameFunction(draft, from, to, alone ? [to] : [from, to])
  if (alone) draft.functions.delete(from)
}

/** What is known as `from` is known as `names` from here on, and so it is in everything that runs it. */
export function nameFunction(draft: CatalogDraft, from: string, to: string, names: readonly string[]): void {
  const known = draft.functions.get(from)
  const there = draft.functions.get(to)
  if (known !== undefined)
    draft.functions.set(to, { ...known, name: to, bodies: [...(there?.bodies ?? []), ...known.bodies] })
  const renamed = (functions: readonly string[]) =>
    functions.includes(from) ? [...new Set(functions.flatMap((name) => (name === from ? names : [name])))] : functions
  if (draft.hidden.has(from)) draft.hidden.add(to)
  for (const [trigger, runs] of draft.eventTriggers) if (runs === from) draft.eventTriggers.set(trigger, to)
  for (const [name, relation] of draft.relations) {
    if (relation.kind === 'index' || relation.kind === 'sequence') continue
    const triggers = new Map([...relation.triggers].map(([key, one]) => [key, { ...one, runs: renamed(one.runs) }]))
    draft.relations.set(name, { ...relation, triggers, runs: renamed(relation.runs) })
  }
  for (const [name, type] of draft.types) draft.types.set(name, { ...type, runs: renamed(type.runs) })
}

function pointingAt(relation: Relation, renamed: (name: RelationName) => RelationName): Relation {
  switch (relation.kind) {
    case 'index':
      return { ...relation, table: renamed(relation.table) }
    case 'sequence':
      return relation.ownedBy === undefined
        ? relation
        : { ...relation, ownedBy: { ...relation.ownedBy, table: renamed(relation.ownedBy.table) } }
    case 'view':
    case 'materialized-view':
      return { ...relation, reads: relation.reads.map(renamed) }
    case 'table':
      return {
        ...relation,
        parents: relation.parents.map(renamed),
        constraints: relation.constraints.map((constraint) =>
          constraint.references === undefined
            ? constraint
            : { ...constraint, references: { ...constraint.references, table: renamed(constraint.references.table) } },
        ),
      }
  }
}

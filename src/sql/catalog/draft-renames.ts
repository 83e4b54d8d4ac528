/** A new name, and everything in the catalog that pointed at the old one. */

import type { RelationName } from '../model.ts'
import type { CatalogDraft } from './draft.ts'
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
  for (const [other, relation] of draft.relations) {
    if (relation.kind === 'index' && relation.table === name && relation.columns.includes(from)) {
      draft.relations.set(other, { ...relation, columns: renamed(relation.columns) })
    } else if (relation.kind === 'table' && relation.constraints.some((c) => c.references?.table === name)) {
      draft.relations.set(other, {
        ...relation,
        constraints: relation.constraints.map((c) =>
          c.references?.table === name
            ? { ...c, references: { table: name, columns: renamed(c.references.columns) } }
            : c,
        ),
      })
    } else if (relation.kind === 'sequence' && relation.ownedBy?.table === name && relation.ownedBy.column === from) {
      draft.relations.set(other, { ...relation, ownedBy: { table: name, column: to } })
    }
  }
}

export function renameRelation(draft: CatalogDraft, from: RelationName, to: RelationName): void {
  const relation = draft.relations.get(from)
  if (relation === undefined) return
  draft.relations.delete(from)
  draft.relations.set(to, { ...relation, name: to })
  if (draft.parents.has(from)) draft.parents.add(to)
  if (relation.kind === 'index') {
    const label = (name: RelationName) => name.slice(name.indexOf('.') + 1)
    draft.updateConstraint(relation.table, label(from), (constraint) => ({ ...constraint, name: label(to) }))
  }
  const renamed = (name: RelationName) => (name === from ? to : name)
  for (const [name, other] of draft.relations) draft.relations.set(name, pointingAt(other, renamed))
}

export function renameType(draft: CatalogDraft, from: string, to: string): void {
  const type = draft.types.get(from)
  if (type !== undefined) {
    draft.types.delete(from)
    draft.types.set(to, { ...type, name: to })
  }
  const renamed = (ref: TypeRef | undefined) => (ref?.name === from ? { ...ref, name: to } : ref)
  for (const [name, relation] of draft.relations) {
    if (relation.kind !== 'table' || ![...relation.columns.values()].some((column) => column.type?.name === from))
      continue
    const columns = new Map<string, Column>()
    for (const [key, column] of relation.columns) columns.set(key, { ...column, type: renamed(column.type) })
    draft.relations.set(name, { ...relation, columns })
  }
}

export function renameSchema(draft: CatalogDraft, from: string, to: string): void {
  draft.schemas.delete(from)
  draft.schemas.add(to)
  const moved = (name: string) => (name.startsWith(`${from}.`) ? `${to}.${name.slice(from.length + 1)}` : name)
  for (const name of [...draft.relations.keys()]) if (moved(name) !== name) renameRelation(draft, name, moved(name))
  for (const name of [...draft.types.keys()]) if (moved(name) !== name) renameType(draft, name, moved(name))
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

/** What goes from the catalog together with something that is dropped. */

import type { RelationName } from '../model.ts'
import type { CatalogDraft } from './draft.ts'

export function dropTable(draft: CatalogDraft, name: RelationName): void {
  draft.relations.delete(name)
  for (const relation of draft.relations.pointingAt(name)) {
    if (relation.kind === 'index' || relation.kind === 'sequence') draft.relations.delete(relation.name)
    else if (relation.kind === 'table') {
      draft.relations.set(relation.name, {
        ...relation,
        constraints: relation.constraints.filter((constraint) => constraint.references?.table !== name),
      })
    }
  }
}

export function dropColumn(draft: CatalogDraft, name: RelationName, column: string): void {
  draft.updateTable(name, (table) => ({
    ...table,
    columns: new Map([...table.columns].filter(([key]) => key !== column)),
    constraints: table.constraints.filter((constraint) => !constraint.columns.includes(column)),
  }))
  for (const relation of draft.relations.pointingAt(name)) {
    const goesToo =
      (relation.kind === 'index' && relation.columns.includes(column)) ||
      (relation.kind === 'sequence' && relation.ownedBy?.column === column)
    if (goesToo) draft.relations.delete(relation.name)
  }
}

export function dropSchema(draft: CatalogDraft, schema: string): void {
  draft.schemas.delete(schema)
  const inside = (name: string) => name.startsWith(`${schema}.`)
  for (const [name, relation] of [...draft.relations]) {
    if (!inside(name)) continue
    if (relation.kind === 'table') dropTable(draft, name)
    else draft.relations.delete(name)
  }
  for (const name of [...draft.types.keys()]) if (inside(name)) draft.types.delete(name)
  for (const name of [...draft.functions.keys()]) if (inside(name)) draft.functions.delete(name)
}

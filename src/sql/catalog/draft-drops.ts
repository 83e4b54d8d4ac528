/** What goes from the catalog together with something that is dropped. */

import type { RelationName } from '../model.ts'
import type { CatalogDraft } from './draft.ts'

export function dropTable(draft: CatalogDraft, name: RelationName): void {
  draft.relations.delete(name)
  for (const [other, relation] of draft.relations) {
    if (relation.kind === 'index' && relation.table === name) draft.relations.delete(other)
    else if (relation.kind === 'sequence' && relation.ownedBy?.table === name) draft.relations.delete(other)
    else if (relation.kind === 'table' && relation.constraints.some((c) => c.references?.table === name)) {
      draft.relations.set(other, {
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
  for (const [other, relation] of draft.relations) {
    if (relation.kind === 'index' && relation.table === name && relation.columns.includes(column))
      draft.relations.delete(other)
    else if (relation.kind === 'sequence' && relation.ownedBy?.table === name && relation.ownedBy.column === column) {
      draft.relations.delete(other)
    }
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

/** What goes from the catalog together with something that is dropped. */

import type { RelationName } from '../model.ts'
import type { ChangeOf } from './change.ts'
import type { CatalogDraft } from './draft.ts'
import { isSame } from './inheritance.ts'
import { beside } from './names.ts'

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

/** A key of a partition goes with that of the table above, whatever it is called there. */
export function dropConstraint(draft: CatalogDraft, { table, name, known }: ChangeOf<'drop-constraint'>): void {
  const relation = draft.relations.get(table)
  const constraints = relation?.kind === 'table' ? relation.constraints : []
  const gone =
    constraints.find((one) => one.name === name) ??
    constraints.find((one) => known !== undefined && known.kind !== 'check' && isSame(one, known))
  draft.updateTable(table, (from) => ({ ...from, constraints: from.constraints.filter((one) => one !== gone) }))
  draft.relations.delete(beside(table, gone?.name ?? name))
}

/** A partition that is detached keeps everything but the triggers that it had as a partition. */
export function setParents(draft: CatalogDraft, { table, parents }: ChangeOf<'set-parents'>): void {
  draft.updateTable(table, (known) => {
    const left = known.parents
      .filter((parent) => !parents.includes(parent))
      .map((parent) => draft.relations.get(parent))
    const stays = (trigger: string) => !left.some((one) => one?.kind === 'table' && one.triggers.has(trigger))
    return { ...known, parents, triggers: new Map([...known.triggers].filter(([trigger]) => stays(trigger))) }
  })
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

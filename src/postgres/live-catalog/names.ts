/** What relations, columns and types are called: the catalog of the server points at them by number. */

import type { TypeRef } from '../../sql/catalog/model.ts'
import type { RelationName } from '../../sql/model.ts'
import type { Id, LiveRows, TypeUse } from './rows.ts'
import { modifiersOf } from './type-modifiers.ts'

export interface Names {
  /** `undefined` for a relation of PostgreSQL's own. */
  relation(id: Id | null): RelationName | undefined
  /** Zero, which stands for an expression or for the whole row, has no name. */
  columns(relation: Id, numbers: readonly number[] | null): readonly string[]
  type(use: TypeUse): TypeRef
}

export function namesIn(rows: LiveRows): Names {
  const relations = new Map(rows.relations.map((row) => [row.id, row.name]))
  const types = new Map(rows.typeNames.map((row) => [row.id, row]))
  const columns = new Map<Id, Map<number, string>>(rows.relations.map((row) => [row.id, new Map()]))
  for (const row of rows.columns) columns.get(row.relation)?.set(row.number, row.name)
  return {
    relation: (id) => (id === null ? undefined : relations.get(id)),
    columns: (relation, numbers) => (numbers ?? []).flatMap((number) => columns.get(relation)?.get(number) ?? []),
    type: (use) => {
      const { name, array } = types.get(use.type) ?? { name: `type ${use.type}`, array: false }
      return { name, modifiers: modifiersOf(name, use), array }
    },
  }
}

/** The indexes of a table, found without going through the whole catalog for each. */

import type { Catalog, Index } from '../sql/catalog/model.ts'
import type { RelationName } from '../sql/model.ts'

export type IndexesOf = (table: RelationName) => readonly Index[]

/** Sorted by table when first asked for: most migrations never ask. */
export function indexesIn(catalog: Catalog): IndexesOf {
  let byTable: Map<RelationName, Index[]> | undefined
  return (table) => {
    if (byTable === undefined) {
      byTable = new Map()
      for (const relation of catalog.relations.values()) {
        if (relation.kind !== 'index') continue
        const known = byTable.get(relation.table)
        if (known === undefined) byTable.set(relation.table, [relation])
        else known.push(relation)
      }
    }
    return byTable.get(table) ?? []
  }
}

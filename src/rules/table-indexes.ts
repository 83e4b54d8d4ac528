/** The indexes of a table, looked up once for each table: a file can ask for those of one table thousands of times. */

import type { Catalog, Index } from '../sql/catalog/model.ts'
import type { RelationName } from '../sql/model.ts'

export type IndexesOf = (table: RelationName) => readonly Index[]

export function indexesIn(catalog: Catalog): IndexesOf {
  const known = new Map<RelationName, readonly Index[]>()
  return (table) => {
    const before = known.get(table)
    if (before !== undefined) return before
    const found = catalog.relations.pointingAt(table).filter((relation) => relation.kind === 'index')
    known.set(table, found)
    return found
  }
}

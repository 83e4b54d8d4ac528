import type { Index } from '../../sql/catalog/model.ts'
import { groupedBy } from './grouped.ts'
import type { Names } from './names.ts'
import type { Id, IndexRow, LiveRows } from './rows.ts'

export function indexesIn(rows: LiveRows, names: Names): ReadonlyMap<Id, Index> {
  const computed = groupedBy(rows.computed, (row) => row.index)
  const collations = new Map(rows.columns.map((row) => [`${row.relation}.${row.number}`, row.collation]))
  const collatesAsItsColumns = ({ table, columns, collations: own }: IndexRow) =>
    columns.every((column, index) => collations.get(`${table}.${column}`) === own[index])

  return new Map(
    rows.indexes.map((row) => {
      const mentioned = (computed.get(row.id) ?? []).map(({ column }) => column)
      const plain = row.plain && !row.exclusion
      const index: Index = {
        kind: 'index',
        name: names.relation(row.id) ?? '',
        createdBy: undefined,
        table: names.relation(row.table) ?? '',
        columns: [...new Set(names.columns(row.table, [...row.columns, ...mentioned]))],
        unique: row.unique,
        plain,
        btree: plain && row.ordinary && collatesAsItsColumns(row),
      }
      return [row.id, index]
    }),
  )
}

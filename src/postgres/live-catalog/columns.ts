import type { Column } from '../../sql/catalog/model.ts'
import type { Names } from './names.ts'
import type { ColumnRow, Id, LiveRows } from './rows.ts'

export type ColumnOf = (row: ColumnRow) => Column

export function columnsIn(rows: LiveRows, names: Names): ColumnOf {
  const key = (relation: Id | null, column: number | null) => `${relation}.${column}`
  const sequences = new Map<string, string | undefined>()
  for (const row of rows.fills) sequences.set(key(row.relation, row.column), names.relation(row.sequence))
  for (const row of rows.sequences) if (row.identity) sequences.set(key(row.table, row.column), names.relation(row.id))
  const uses = new Map<string, readonly string[]>()
  const use = (column: string, name: string | undefined) => {
    if (name !== undefined) uses.set(column, [...(uses.get(column) ?? []), name])
  }
  for (const row of rows.fills) use(key(row.relation, row.column), names.relation(row.sequence))
  for (const row of rows.defaultTypes)
    use(key(row.relation, row.column), names.type({ type: row.type, typmod: -1, written: null }).name)
  // Since version 18 a column is marked NOT NULL while rows from before may still hold a NULL.
  const unproven = new Set<string>()
  for (const row of rows.constraints)
    if (row.kind === 'n' && !row.validated)
      for (const column of row.columns ?? []) unproven.add(key(row.relation, column))

  return (row) => {
    const { relation, number, name, hasDefault, generated, identity } = row
    return {
      name,
      type: names.type(row),
      notNull: row.notNull && !unproven.has(key(relation, number)),
      hasDefault,
      generated,
      identity,
      sequence: sequences.get(key(relation, number)),
      defaultUses: uses.get(key(relation, number)) ?? [],
      createdBy: undefined,
    }
  }
}

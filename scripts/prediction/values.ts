import type { Column, ForeignKey, Table } from './catalog.ts'
import type { Data } from './points.ts'

/** What is there where NULL is allowed: everything; of the foreign keys only one, as a CHECK may want it; nothing. */
export const densities = ['full', 'one key', 'sparse'] as const
export type Density = (typeof densities)[number]

function isLoose({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.name === name && !column.notNull)
}

/**
 * A value is an expression over the number of its row and nothing else. So the value of a foreign key is the expression of the
 * column that it points to, over the number of the row that it points to: whatever the order of the tables, and for keys of
 * several columns as well.
 */
export class Values {
  readonly #tables: ReadonlyMap<string, Table>
  readonly #rows: ReadonlyMap<string, number>
  readonly #data: Data

  constructor(tables: readonly Table[], rows: ReadonlyMap<string, number>, data: Data) {
    this.#tables = new Map(tables.map((table) => [table.name, table]))
    this.#rows = rows
    this.#data = data
  }

  of(table: Table, column: Column, density: Density): string {
    const value = this.#valueFor(table, column, 'n', 0)
    if (column.notNull) return value
    if (density === 'sparse') return 'NULL'
    const loose = table.foreignKeys.flatMap(({ columns }) => columns).filter((name) => isLoose(table, name))
    if (density === 'one key' && loose.indexOf(column.name) > 0) return 'NULL'
    const leaves = this.#data === 'any' && !column.unique
    return leaves ? `CASE WHEN n % 7 <> 3 THEN ${value} END` : value
  }

  #valueFor(table: Table, column: Column, number: string, depth: number): string {
    // What most columns share decides: a key of two columns holds the one of a single column as well.
    const key = table.foreignKeys
      .filter(({ columns }) => columns.includes(column.name))
      .toSorted((a, b) => b.columns.length - a.columns.length)[0]
    if (key === undefined || depth > 5) return ownValue(column, number, column.unique || this.#data === 'fitting')
    const to = this.#tables.get(key.to)
    const toColumn = to?.columns.find(({ name }) => name === key.toColumns[key.columns.indexOf(column.name)])
    const there = this.#rows.get(key.to) ?? 0
    if (to === undefined || toColumn === undefined || there === 0) return `NULL::${column.type}`
    const value = this.#valueFor(to, toColumn, rowOf(table, key, number, there), depth + 1)
    return `(${value})::${column.type}`
  }
}

/** Of the row that the row of that number points to. Of its own table it is one of before. */
function rowOf(table: Table, key: ForeignKey, number: string, there: number): string {
  if (key.to === table.name) return `(1 + (${number} - 1) / 7)`
  // Different ones for two keys to the same table; each comes to every row of it before it comes to one again.
  const step = [7_919, 104_729, 1_299_709][table.foreignKeys.indexOf(key) % 3]
  return `(1 + (${number} * ${step}) % ${there})`
}

function ownValue({ type, base, labels, isEnum, length }: Column, n: string, different: boolean): string {
  if (type.endsWith('[]')) return `'{}'::${type}`
  if (isEnum) return labels === 0 ? `NULL::${type}` : `(enum_range(NULL::${base}))[1 + (${n} % ${labels})]::${type}`
  return `${plainValue(base, length, n, different)}::${type}`
}

function plainValue(base: string, length: number | null, n: string, different: boolean): string {
  switch (base) {
    case 'text':
    case 'citext':
    case 'character varying':
    case 'character':
      if (length !== null && length < 32) return `left((${n})::text, ${length})`
      if (!different) return `('value ' || ${n} % 997)`
      return `left(repeat(md5((${n})::text), (1 + ${n} % 3)::int), ${length ?? 96})`
    case 'smallint':
      return `(${n} % 30000)`
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
      return different ? `(${n})` : `(${n} % 997)`
    case 'boolean':
      return `(${n} % 2 = 1)`
    case 'uuid':
      return `md5((${n})::text)`
    case 'date':
      return `(date '2000-01-01' + (${n} % 9000)::int)`
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return `(timestamp '2024-01-01' + (${n}) * interval '1 minute')`
    case 'json':
    case 'jsonb':
      return `json_build_object('n', ${n}, 'label', md5((${n})::text))`
    case 'bytea':
      return `decode(md5((${n})::text), 'hex')`
    case 'interval':
      return `((${n} % 900) * interval '1 hour')`
    case 'time without time zone':
      return `(time '00:00' + (${n} % 1440) * interval '1 minute')`
    case 'tsvector':
      return `to_tsvector('simple', md5((${n})::text))`
    case 'inet':
      return `(inet '10.0.0.0' + ${n})`
    default:
      return 'NULL'
  }
}

/** Bytes of a row with what its indexes have of it, roughly. */
export function widthOf({ columns, indexes }: Table): number {
  const widths: Readonly<Record<string, number>> = { text: 72, jsonb: 60, json: 60, uuid: 16, boolean: 1, integer: 4 }
  return columns.reduce((all, { base }) => all + (widths[base] ?? 10), 28) + indexes * 40
}

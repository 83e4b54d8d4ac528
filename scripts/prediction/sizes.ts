import type { Table } from './catalog.ts'
import { widthOf } from './values.ts'

export interface Budget {
  /** Of the largest table. */
  readonly rows: number
  readonly bytes: number
}

/** From a hundred rows on, each size as likely as ten times of it. What the pending migrations name is larger: elsewhere nothing is learned. */
export function sizesOf(
  tables: readonly Table[],
  pendingSql: string,
  empty: ReadonlySet<string>,
  budget: Budget,
  random: () => number,
): ReadonlyMap<string, number> {
  const wanted = tables.map((table) => {
    const named = new RegExp(`\\b${table.plain.replaceAll(/\W/g, '\\$&')}\\b`).test(pendingSql)
    const least = named ? budget.rows / 20 : budget.rows / 2_000
    const most = named ? budget.rows : budget.rows / 40
    const rows = Math.max(10, least * (most / least) ** random())
    return { table, rows: empty.has(table.name) ? 0 : rows }
  })
  const bytes = wanted.reduce((all, { table, rows }) => all + rows * widthOf(table), 0)
  const share = Math.min(1, budget.bytes / Math.max(1, bytes))
  return new Map(wanted.map(({ table, rows }) => [table.name, Math.ceil(rows * share)]))
}

import { quoteIdentifier as q } from '../../../postgres/quoting.ts'
import type { TableObject } from './objects.ts'
import type { UndoLoss } from './undo.ts'

/** What has become of a table or its columns that are there before and after. */
export type Recreated =
  | { readonly kind: 'same' | 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'table' }

/** A column that was added again has another number, a table another oid. One that was built anew by the way up has its rows. */
export function recreated(was: TableObject, is: TableObject, tablesUp: ReadonlySet<string>): Recreated {
  if (!tablesUp.has(is.oid)) return { kind: 'table' }
  if (was.oid !== is.oid) return { kind: 'same', columns: [] }
  const columns = was.columns
    .filter(
      ({ name, number, generated }) =>
        generated === '' && !is.columns.some((one) => one.name === name && one.number === number),
    )
    .map(({ name }) => name)
  return { kind: columns.length === 0 ? 'same' : 'columns', columns }
}

export function tableLoss(name: string, had: number, has: number): UndoLoss {
  const back = has === 0 ? 'comes back empty' : `comes back with ${has} rows`
  return { kind: 'table', name, rows: had, text: `The table ${name} ${back}: it had ${had} rows before the migration.` }
}

/** `values`: rows in which it had one; `same`: what comes back is in all of them what was there. */
export function columnLoss(name: string, values: number, same: boolean): UndoLoss {
  const here = values === 0 ? 'here it had none' : same ? 'here they were all its default' : `${values} rows had one`
  return {
    kind: 'column',
    name,
    rows: same ? 0 : values,
    text: `The column ${name} comes back without its values: ${here}.`,
  }
}

/** In how many rows a column has a value, and in how many one that is not its default. */
export function countValues({ name, expression }: TableObject['columns'][number]): {
  readonly values: string
  readonly others: string
} {
  const column = q(name)
  // A default that is no literal may do something when it is asked for.
  const other = isLiteral(expression) ? `${column}::text IS DISTINCT FROM (${expression})::text` : 'true'
  return { values: `count(${column})::text`, others: `count(${column}) FILTER (WHERE ${other})::text` }
}

/** As `pg_get_expr` writes one: `'x'::text`, `7`, `true`. */
function isLiteral(expression: string | undefined): boolean {
  const text = /^(?:'(?:[^']|'')*'(?:::[\w." ]+(?:\(\d+\))?(?:\[\])?)?|-?[\d.]+|true|false)$/
  return expression !== undefined && text.test(expression)
}

/** `missing`: rows of before that are not there; `surplus`: rows that were not there before. */
export function rowLosses(name: string, missing: number, surplus: number): readonly UndoLoss[] {
  if (missing === 0 && surplus === 0) return []
  if (missing === 0) {
    const text = `${surplus} rows of ${name} that the migration wrote stay there.`
    return [{ kind: 'rows', name, rows: surplus, text }]
  }
  if (surplus === 0) {
    const text = `${missing} rows of ${name} that the migration deleted do not come back.`
    return [{ kind: 'rows', name, rows: missing, text }]
  }
  const text = `${missing} rows of ${name} keep what the migration wrote over their values.`
  return [{ kind: 'values', name, rows: missing, text }]
}

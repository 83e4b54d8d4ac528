import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { type RowColumn, rowHash } from '../../backup/content/decide-row-form.ts'
import type { HashedTable } from '../../backup/content/list-tables.ts'

const batch = 10_000

/**
 * How many rows of the first are not in the second. The servers sort the hashes, and both are walked along together, so that
 * memory does not grow with the table. Each session is in a transaction.
 */
export async function countDiffering(
  was: { readonly session: Session; readonly table: HashedTable },
  is: { readonly session: Session; readonly table: HashedTable },
  columns: readonly RowColumn[],
): Promise<number> {
  const [before, after] = [walk(was.session, was.table, columns), walk(is.session, is.table, columns)]
  let [one, other] = [await next(before), await next(after)]
  let missing = 0
  while (one !== undefined) {
    if (other === undefined || one < other) {
      missing += 1
      one = await next(before)
    } else if (one > other) {
      other = await next(after)
    } else {
      ;[one, other] = [await next(before), await next(after)]
    }
  }
  await before.return(undefined)
  await after.return(undefined)
  return missing
}

async function next(walk: AsyncGenerator<bigint>): Promise<bigint | undefined> {
  const { value, done } = await walk.next()
  return done === true ? undefined : value
}

async function* walk(
  session: Session,
  { schema, name }: HashedTable,
  columns: readonly RowColumn[],
): AsyncGenerator<bigint> {
  const from = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  await session.query(
    `DECLARE airlock_rows NO SCROLL CURSOR FOR SELECT (${rowHash(columns)})::text AS hash FROM ONLY ${from} t ORDER BY (${rowHash(columns)})`,
  )
  try {
    for (;;) {
      const rows = await session.query<{ hash: string }>(`FETCH ${batch} FROM airlock_rows`)
      for (const { hash } of rows) yield BigInt(hash)
      if (rows.length < batch) return
    }
  } finally {
    await session.query('CLOSE airlock_rows')
  }
}

import type { Session } from '../../../ports.ts'
import { parseSwapMark, type SwapMark } from './mark.ts'

export interface EarlierSwap {
  readonly aside: string
  readonly mark: SwapMark
}

/**
 * The swap that gave `database` its name, where this backup was what it brought. A run that was killed after the renames is
 * recognised by that: restoring once more would throw away what was written since.
 */
export async function findEarlierSwap(
  session: Session,
  database: string,
  sha256: string,
): Promise<EarlierSwap | undefined> {
  const rows = await session.query<{ aside: string; comment: string; oid: string }>(
    `SELECT o.datname AS aside, pg_catalog.shobj_description(o.oid, 'pg_database') AS comment, d.oid::text AS oid
       FROM pg_catalog.pg_database o, pg_catalog.pg_database d
      WHERE d.datname = $1 AND o.datname <> $1 AND pg_catalog.shobj_description(o.oid, 'pg_database') LIKE 'airlock swap: %'`,
    [database],
  )
  return rows
    .flatMap(({ aside, comment, oid }) => {
      const mark = parseSwapMark(comment)
      return mark === undefined ? [] : [{ aside, mark, oid: Number(oid) }]
    })
    .find(({ mark, oid }) => mark.name === database && mark.successorOid === oid && mark.sha256 === sha256)
}

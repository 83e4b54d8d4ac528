import { as } from '../../sql/effects/tree.ts'
import type { Statement } from '../../sql/model.ts'
import { type Parser, parseMigration } from '../../sql/parse.ts'
import type { FailedMigration, StoppedState } from './stopped-state.ts'

/** An index that is there and serves nobody, with the statement that takes it away. */
export interface HalfIndex {
  readonly name: string
  readonly drop: string
}

/** New since the run began. As pg_get_indexdef prints them with an empty search path (postgres/catalog.ts). */
export function halfIndexes({ difference }: Pick<StoppedState, 'difference'>): readonly HalfIndex[] {
  return difference.added.flatMap((line) => {
    const [, index, schema] =
      /^index CREATE (?:UNIQUE )?INDEX ("(?:[^"]|"")+"|\S+) ON (?:ONLY )?("(?:[^"]|"")+"|[^\s.]+)\..* invalid$/.exec(
        line,
      ) ?? []
    if (index === undefined || schema === undefined) return []
    const name = index.startsWith('"') ? index.slice(1, -1).replaceAll('""', '"') : index
    return [{ name, drop: `DROP INDEX CONCURRENTLY ${schema}.${index};` }]
  })
}

/** The index that a file begins with building CONCURRENTLY, by the name that it gives. */
export function firstBuilt(parser: Parser, [first]: readonly Pick<Statement, 'sql'>[]): string | undefined {
  if (first === undefined) return undefined
  const parsed = parseMigration(parser, first.sql)
  const node = parsed.kind === 'syntax-error' ? undefined : parsed.statements[0]?.node
  const statement = node === undefined ? undefined : as(node, 'IndexStmt')
  return statement?.concurrent === true && statement.if_not_exists !== true ? statement.idxname : undefined
}

/**
 * All that is left of a file whose first statement built an index that is still not finished: Prisma sent nothing
 * after it. `undefined` where that is not so.
 */
export function onlyHalfIndex(failed: FailedMigration, state: Pick<StoppedState, 'difference'>): HalfIndex | undefined {
  const name = failed.planned?.firstBuilt
  if (name === undefined || failed.refusedWith === undefined || failed.succeeded) return undefined
  const [only, ...others] = halfIndexes(state).filter((index) => index.name === name)
  return others.length === 0 ? only : undefined
}

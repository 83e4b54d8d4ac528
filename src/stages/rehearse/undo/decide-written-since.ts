import { quoteIdentifier as q } from '../../../postgres/quoting.ts'
import { cast } from './decide-columns.ts'
import { type Pairs, pairColumns } from './pairs.ts'
import { retypedIn } from './reverse.ts'
import { pathOf, plainName } from './steps.ts'
import type { WrittenSince } from './undo.ts'

/** What the application writes after the migration and the undo takes away. Counted with the names of after the migration. */
export function decideWrittenSince(pairs: Pairs): readonly WrittenSince[] {
  const enums = new Set([...pairs.types.both.map(({ is }) => is), ...pairs.types.made].map(({ oid }) => oid))
  return [
    ...pairs.tables.made
      .filter(({ partitionBound }) => partitionBound === undefined)
      .map((table) => ({
        what: `rows of ${plainName(table)}, a table that is dropped`,
        sql: `SELECT count(*) FROM ${pathOf(table)}`,
      })),
    ...pairs.tables.both
      .filter(({ is }) => is.parents.length === 0)
      .flatMap((pair) =>
        pairColumns(pair)
          .made.filter(({ generated }) => generated === '')
          .map(({ name }) => ({
            what: `values in ${plainName(pair.is)}.${name}, a column that is dropped`,
            sql: `SELECT count(${q(name)}) FROM ${pathOf(pair.is)}`,
          })),
      ),
    // A value that an enum does not have stops the undo; the others may be cut without a word.
    ...retypedIn(pairs)
      .filter(({ was, is }) => !enums.has(is.typeOid) && !enums.has(was.typeOid) && was.type !== is.type)
      .map(({ table, was, is }) => ({
        what: `values in ${plainName(table.is)}.${is.name} that do not fit into ${was.type}`,
        sql: `SELECT count(*) FROM ${pathOf(table.is)} WHERE (${cast({ was, is }, q(is.name))})::text IS DISTINCT FROM ${q(is.name)}::text`,
      })),
  ]
}

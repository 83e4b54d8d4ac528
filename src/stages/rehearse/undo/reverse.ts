import type { ColumnObject, Objects, TableObject } from './objects.ts'
import { type Pair, type Pairs, pairColumns } from './pairs.ts'
import type { Changing } from './read-dependents.ts'

/** What the reverse SQL is decided from: the state before, the state now with the old names, and what is in the way. */
export interface Difference {
  readonly before: Objects
  readonly now: Objects
  readonly pairs: Pairs
  readonly retyped: readonly RetypedColumn[]
  /** Of types that stay and lose labels, or change otherwise: made anew, and every column goes from one to the other. */
  readonly rebuiltTypes: ReadonlySet<string>
  /** Oids, as they are now, of what has to be dropped and written again around a change. */
  readonly dependents: ReadonlySet<string>
}

export interface RetypedColumn extends Pair<ColumnObject> {
  readonly table: Pair<TableObject>
}

/** Types whose labels or definition are others now. */
export function rebuiltTypesIn(pairs: Pairs): ReadonlySet<string> {
  const changed = pairs.types.both.filter(
    ({ was, is }) =>
      was.definition !== is.definition ||
      was.labels.length !== is.labels.length ||
      was.labels.some(({ label }, index) => is.labels[index]?.label !== label),
  )
  return new Set(changed.map(({ is }) => is.oid))
}

export function retypedIn(pairs: Pairs): readonly RetypedColumn[] {
  const rebuilt = rebuiltTypesIn(pairs)
  const same = new Map(pairs.types.both.map(({ was, is }) => [is.oid, was.oid]))
  return pairs.tables.both
    .filter(({ is }) => is.parents.length === 0)
    .flatMap((table) =>
      pairColumns(table)
        .both.filter(
          ({ was, is }) =>
            was.type !== is.type ||
            was.collation !== is.collation ||
            was.typeOid !== (same.get(is.typeOid) ?? is.typeOid) ||
            rebuilt.has(is.typeOid),
        )
        .map((column) => ({ ...column, table })),
    )
}

/** What has to step aside has to be known before anything is decided. */
export function changingIn(
  pairs: Pairs,
  retyped: readonly RetypedColumn[],
  rebuiltTypes: ReadonlySet<string>,
): readonly Changing[] {
  const whole = (kind: Changing['kind'], oid: string): Changing => ({ kind, oid, column: 0 })
  return [
    ...retyped.map(({ table, is }): Changing => ({ kind: 'relation', oid: table.is.oid, column: is.number })),
    ...[...rebuiltTypes].map((oid) => whole('type', oid)),
    ...pairs.types.made.map(({ oid }) => whole('type', oid)),
    ...pairs.views.both.filter(isOtherView).map(({ is }) => whole('relation', is.oid)),
    ...pairs.views.made.map(({ oid }) => whole('relation', oid)),
    ...pairs.functions.both
      .filter(({ was, is }) => was.result !== is.result)
      .map(({ is }) => whole('function', is.oid)),
  ]
}

export function isOtherView({ was, is }: Pairs['views']['both'][number]): boolean {
  return (
    was.definition !== is.definition || was.materialized !== is.materialized || was.options.join() !== is.options.join()
  )
}

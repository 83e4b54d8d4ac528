import type { ColumnObject, Objects, TableObject, TypeObject } from './objects.ts'

/** An object before the migration and what has become of it. */
export interface Pair<Value> {
  readonly was: Value
  readonly is: Value
}

export interface Matched<Value> {
  readonly both: readonly Pair<Value>[]
  readonly gone: readonly Value[]
  readonly made: readonly Value[]
}

export type Pairs = { readonly [Kind in keyof Objects]: Matched<Objects[Kind][number]> }

/**
 * The oid stays through every ALTER, so a rename is told from a drop and a create without reading any SQL. What was dropped and
 * made again under the same name is one object as well: a table that was built anew and filled, a function with the same arguments.
 */
export function pairUp(before: Objects, after: Objects): Pairs {
  const tables = match(before.tables, after.tables, full)
  // A part belongs to the table that its table has become.
  const tableNow = new Map(tables.both.map(({ was, is }) => [was.oid, is.oid]))
  const viewNow = match(before.views, after.views, full)
  for (const { was, is } of viewNow.both) tableNow.set(was.oid, is.oid)
  const partOf = (table: string, name: string) => `${table} ${name}`
  const parts = <Part extends { readonly oid: string; readonly table: string; readonly name: string }>(
    was: readonly Part[],
    is: readonly Part[],
  ) =>
    match(
      was,
      is,
      ({ table, name }) => partOf(tableNow.get(table) ?? `gone ${table}`, name),
      ({ table, name }) => partOf(table, name),
    )
  return {
    schemas: match(before.schemas, after.schemas, ({ name }) => name),
    extensions: match(before.extensions, after.extensions, ({ name }) => name),
    types: match(
      before.types,
      after.types,
      (type) => `${full(type)} ${type.kind} ${labelsOf(type)} ${type.definition}`,
    ),
    sequences: match(before.sequences, after.sequences, full),
    tables,
    views: viewNow,
    constraints: parts(before.constraints, after.constraints),
    indexes: parts(before.indexes, after.indexes),
    statistics: match(before.statistics, after.statistics, full),
    triggers: parts(before.triggers, after.triggers),
    rules: parts(before.rules, after.rules),
    policies: parts(before.policies, after.policies),
    functions: match(before.functions, after.functions, (one) => `${full(one)}(${one.arguments})`),
  }
}

/**
 * By its number, then by its name: `DROP COLUMN a; ADD COLUMN a` is a column that changed, as long as its values can be told
 * in the type that it had.
 */
export function pairColumns({ was, is }: Pair<TableObject>): Matched<ColumnObject> {
  const keyed = (column: ColumnObject) => ({ ...column, oid: String(column.number) })
  // Of a table that was built anew the numbers say nothing.
  const numbered = was.oid === is.oid
  const { both, gone, made } = match(
    was.columns.map(keyed),
    is.columns.map((column) => (numbered ? keyed(column) : { ...column, oid: `new ${column.number}` })),
    ({ name, type, category, isArray }) =>
      JSON.stringify([name, category, isArray, category === 'U' || category === 'A' ? type : '']),
  )
  return { both, gone, made }
}

export function labelsOf({ labels }: TypeObject): string {
  return JSON.stringify(labels.map(({ label }) => label))
}

function full({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name])
}

function match<Value extends { readonly oid: string }>(
  before: readonly Value[],
  after: readonly Value[],
  keyOf: (was: Value) => string,
  keyNow: (is: Value) => string = keyOf,
): Matched<Value> {
  const left = new Map(after.map((one) => [one.oid, one]))
  const both: Pair<Value>[] = []
  const unmatched: Value[] = []
  for (const was of before) {
    const is = left.get(was.oid)
    if (is === undefined) unmatched.push(was)
    else both.push({ was, is })
    left.delete(was.oid)
  }
  const byKey = new Map([...left.values()].map((one) => [keyNow(one), one]))
  const gone: Value[] = []
  for (const was of unmatched) {
    const is = byKey.get(keyOf(was))
    if (is === undefined) gone.push(was)
    else both.push({ was, is })
    if (is !== undefined) {
      byKey.delete(keyOf(was))
      left.delete(is.oid)
    }
  }
  return { both, gone, made: [...left.values()] }
}

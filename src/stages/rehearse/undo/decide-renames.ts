import { quoteLiteral as literal, quoteIdentifier as q } from '../../../postgres/quoting.ts'
import type { Objects } from './objects.ts'
import { type Pair, type Pairs, pairColumns } from './pairs.ts'

/** Everything with a name that another object can have in its way. */
interface Renamed {
  readonly oid: string
  /** Of the names that must differ: relations, types and the indexes of constraints share those of their schema. */
  readonly space: string
  readonly schema: string
  readonly name: string
  /** Statement up to and including `RENAME`, without the name it gets; `now` is what it is called then. */
  readonly rename: (now: string, to: string) => string
  readonly move?: (now: string, to: string) => string
}

/**
 * Gives every object the name and schema that it had. What the migration made and what is in the way of a name steps aside
 * first; it is dropped later. After these statements names can be compared as they are.
 */
export function decideRenames(before: Objects, pairs: Pairs): readonly string[] {
  const schemas = new Map(pairs.schemas.both.map(({ was, is }) => [is.name, was.name]))
  const schemaNow = (name: string) => schemas.get(name) ?? name
  const aside = new Map<string, Renamed>()
  const wanted = namesWanted(before)
  const statements: string[] = [
    ...pairs.schemas.gone.map(({ name }) => `CREATE SCHEMA ${q(name)}`),
    ...swap(
      pairs.schemas.both.map(({ was, is }) => ({
        from: is.name,
        to: was.name,
        oid: is.oid,
        rename: (now: string, to: string) => `ALTER SCHEMA ${q(now)} RENAME TO ${q(to)}`,
      })),
    ),
  ]
  for (const made of madeThings(pairs)) {
    const schema = schemaNow(made.schema)
    if (wanted.has(key(made.space, schema, made.name))) aside.set(made.oid, { ...made, schema })
  }
  for (const one of aside.values()) statements.push(one.rename(path(one.schema, one.name), temporary(one.oid)))
  const things = survivors(pairs)
  for (const { was, is } of things) {
    const schema = schemaNow(is.schema)
    if (schema === was.schema || is.move === undefined) continue
    statements.push(is.move(path(schema, is.name), was.schema))
  }
  statements.push(
    ...swap(
      things
        .filter(({ is, was }) => is.name !== was.name)
        .map(({ was, is }) => ({
          from: is.name,
          to: was.name,
          oid: is.oid,
          rename: (now: string, to: string) => is.rename(path(was.schema, now), to),
        })),
    ),
    ...pairs.tables.both.flatMap((table) => renamedParts(table, pairs)),
    ...pairs.types.both.flatMap(({ was, is }) =>
      was.labels.flatMap(({ oid, label }) => {
        const now = is.labels.find((other) => other.oid === oid)
        if (now === undefined || now.label === label) return []
        return [`ALTER TYPE ${path(was.schema, was.name)} RENAME VALUE ${literal(now.label)} TO ${literal(label)}`]
      }),
    ),
  )
  return statements
}

interface Change {
  readonly oid: string
  readonly from: string
  readonly to: string
  readonly rename: (now: string, to: string) => string
}

/** Two that change places need a third name. */
function swap(all: readonly Change[]): readonly string[] {
  const changes = all.filter(({ from, to }) => from !== to)
  const taken = new Set(changes.map(({ from }) => from))
  const detours = changes.filter(({ to }) => taken.has(to))
  return [
    ...detours.map(({ from, oid, rename }) => rename(from, temporary(oid))),
    ...changes.filter((one) => !detours.includes(one)).map(({ from, to, rename }) => rename(from, to)),
    ...detours.map(({ oid, to, rename }) => rename(temporary(oid), to)),
  ]
}

function renamedParts({ was, is }: Pair<Objects['tables'][number]>, pairs: Pairs): readonly string[] {
  const table = path(was.schema, was.name)
  const columns = pairColumns({ was, is })
  const wanted = new Set(was.columns.map(({ name }) => name))
  const own = <Part extends { readonly table: string; readonly name: string; readonly oid: string }>(
    both: readonly Pair<Part>[],
    rename: (now: string, to: string) => string,
  ) =>
    swap(
      both
        .filter((pair) => pair.was.table === was.oid)
        .map((pair) => ({ oid: pair.is.oid, from: pair.is.name, to: pair.was.name, rename })),
    )
  return [
    ...columns.made
      .filter(({ name }) => wanted.has(name))
      .map(({ name, number }) => `ALTER TABLE ${table} RENAME COLUMN ${q(name)} TO ${q(temporary(String(number)))}`),
    ...swap(
      columns.both.map((pair) => ({
        oid: String(pair.is.number),
        from: pair.is.name,
        to: pair.was.name,
        rename: (now: string, to: string) => `ALTER TABLE ${table} RENAME COLUMN ${q(now)} TO ${q(to)}`,
      })),
    ),
    ...own(
      pairs.constraints.both.filter((pair) => !pair.is.inherited),
      (now, to) => `ALTER TABLE ${table} RENAME CONSTRAINT ${q(now)} TO ${q(to)}`,
    ),
    ...own(pairs.triggers.both, (now, to) => `ALTER TRIGGER ${q(now)} ON ${table} RENAME TO ${q(to)}`),
    ...own(pairs.policies.both, (now, to) => `ALTER POLICY ${q(now)} ON ${table} RENAME TO ${q(to)}`),
    ...own(pairs.rules.both, (now, to) => `ALTER RULE ${q(now)} ON ${table} RENAME TO ${q(to)}`),
  ]
}

const kinds = {
  tables: 'TABLE',
  views: 'VIEW',
  sequences: 'SEQUENCE',
  indexes: 'INDEX',
  types: 'TYPE',
  statistics: 'STATISTICS',
} as const
type Kind = keyof typeof kinds

function survivors(pairs: Pairs): readonly Pair<Renamed>[] {
  const functions = pairs.functions.both.map(({ was, is }) => ({ was: routine(was), is: routine(is) }))
  return [
    ...(Object.keys(kinds) as Kind[]).flatMap((kind) =>
      pairs[kind].both.map(({ was, is }) => ({ was: thing(kind, was), is: thing(kind, is) })),
    ),
    ...functions,
  ]
}

function madeThings(pairs: Pairs): readonly Renamed[] {
  return [
    ...(Object.keys(kinds) as Kind[]).flatMap((kind) => pairs[kind].made.map((one) => thing(kind, one))),
    ...pairs.constraints.made.filter(isIndexed).map((one) => ({
      ...one,
      space: 'relation',
      rename: (_: string, to: string) => {
        const table = [...pairs.tables.both.map(({ is }) => is), ...pairs.tables.made].find(
          ({ oid }) => oid === one.table,
        )
        return `ALTER TABLE ${path(one.schema, table?.name ?? '')} RENAME CONSTRAINT ${q(one.name)} TO ${q(to)}`
      },
    })),
  ]
}

function isIndexed({ kind }: { readonly kind: string }): boolean {
  return kind === 'p' || kind === 'u' || kind === 'x'
}

function thing(kind: Kind, one: { readonly oid: string; readonly schema: string; readonly name: string }): Renamed {
  const materialized = 'materialized' in one && one.materialized === true
  const domain = 'kind' in one && one.kind === 'domain'
  const what = materialized ? 'MATERIALIZED VIEW' : domain ? 'DOMAIN' : kinds[kind]
  return {
    oid: one.oid,
    space: kind === 'statistics' ? kind : 'relation',
    schema: one.schema,
    name: one.name,
    rename: (now, to) => `ALTER ${what} ${now} RENAME TO ${q(to)}`,
    // An index goes where its table goes, and a sequence with the column that owns it.
    ...(kind === 'indexes' || ('owner' in one && one.owner !== undefined)
      ? {}
      : { move: (now: string, to: string) => `ALTER ${what} ${now} SET SCHEMA ${q(to)}` }),
  }
}

function routine(one: Objects['functions'][number]): Renamed {
  return {
    oid: one.oid,
    space: 'routine',
    schema: one.schema,
    name: one.name,
    rename: (now, to) => `ALTER ROUTINE ${now}(${one.arguments}) RENAME TO ${q(to)}`,
    move: (now, to) => `ALTER ROUTINE ${now}(${one.arguments}) SET SCHEMA ${q(to)}`,
  }
}

function namesWanted(before: Objects): ReadonlySet<string> {
  const relations = [
    ...before.tables,
    ...before.views,
    ...before.sequences,
    ...before.indexes,
    ...before.types,
    ...before.constraints.filter(isIndexed),
  ]
  return new Set([
    ...relations.map(({ schema, name }) => key('relation', schema, name)),
    ...before.statistics.map(({ schema, name }) => key('statistics', schema, name)),
  ])
}

function key(space: string, schema: string, name: string): string {
  return JSON.stringify([space, schema, name])
}

function path(schema: string, name: string): string {
  return `${q(schema)}.${q(name)}`
}

/** Nobody else uses a name like this, and it fits into 63 bytes. */
function temporary(oid: string): string {
  return `airlock_undo_${oid}`
}

import type { Catalog, Column, Constraint, Relation, Table, UserType, View } from '../../src/sql/catalog/model.ts'

/**
 * Where the catalog that a replay of the migrations gives and the one that the server has after running them do not say
 * the same. What the replay cannot know, or keeps to be on the safe side, is no difference:
 * - what extensions bring, the text of functions, and who created what;
 * - NOT NULL constraints, which only version 18 keeps beside the columns;
 * - the columns of a table whose columns are not known, and what may or may not have happened;
 * - more functions that may run and more columns that a view mentions than there are, never fewer;
 * - a constraint that it takes for unproven, because a branch of a DO block added or dropped it.
 */
export function disagreements(
  replayed: Catalog,
  live: Catalog,
  ofExtensions: ReadonlySet<string> = new Set(),
): readonly string[] {
  const found: string[] = []
  const say = (what: string, here: unknown, there: unknown) => {
    const [one, other] = [JSON.stringify(here), JSON.stringify(there)]
    if (one !== other) found.push(`${what}: replayed ${one}, on the server ${other}`)
  }
  const doubted = (name: string) =>
    ofExtensions.has(name) || replayed.uncertain.has(name) || replayed.doubtful.has(name)

  for (const [name, one, other] of both(replayed.relations, live.relations)) {
    if (doubted(name)) continue
    if (one?.kind !== other?.kind) say(name, one?.kind, other?.kind)
    else if (one !== undefined && other !== undefined) relation(one, other)
  }
  for (const [name, one, other] of both(replayed.types, live.types)) {
    if (ofExtensions.has(name)) continue
    say(`type ${name}`, typeShape(one), typeShape(other))
    covers(`type ${name} runs`, one?.runs ?? [], other?.runs ?? [])
  }
  for (const [name, one, other] of both(replayed.functions, live.functions)) {
    const shape = (body: { readonly signature: string; readonly language: string; readonly searchPath: unknown }) =>
      // An aggregate, or a language that is not read: that it is there is all that counts.
      /^(sql|plpgsql)$/.test(body.language)
        ? `${body.signature} ${body.language} ${JSON.stringify(body.searchPath)}`
        : 'unread'
    say(`function ${name} volatility`, one?.volatility, other?.volatility)
    say(`function ${name} bodies`, one?.bodies.map(shape).toSorted(), other?.bodies.map(shape).toSorted())
    const sql = (all: typeof one) =>
      all?.bodies
        .filter((body) => body.language === 'sql')
        .map((body) => body.sql)
        .toSorted()
    say(`function ${name} sql`, sql(one), sql(other))
  }
  covers('hidden', [...replayed.hidden], [...live.hidden])
  covers('parents', [...replayed.parents], [...live.parents])
  say(
    'schemas',
    [...replayed.schemas].toSorted(),
    [...live.schemas].filter((name) => !ofExtensions.has(name)).toSorted(),
  )
  return found

  function covers(what: string, here: readonly string[], there: readonly string[]): void {
    const missing = there.filter((name) => !here.includes(name))
    if (missing.length > 0) found.push(`${what}: the replay lacks ${missing.join(', ')}`)
  }

  function relation(one: Relation, other: Relation): void {
    const { kind, name } = one
    if (kind === 'table' && other.kind === 'table') table(one, other)
    else if (kind === 'sequence' && other.kind === 'sequence') say(`${name} owned by`, one.ownedBy, other.ownedBy)
    else if (kind === 'index' && other.kind === 'index') {
      const columns = (of: typeof one) => (of.plain ? of.columns : of.columns.toSorted())
      const shape = (of: typeof one) => ({
        table: of.table,
        columns: columns(of),
        unique: of.unique,
        plain: of.plain,
        btree: of.btree,
      })
      say(`index ${name}`, shape(one), shape(other))
    } else if (isView(one) && isView(other)) {
      hangingOn(one, other)
      say(`view ${name} reads`, sorted(one.reads), sorted(other.reads))
      if (one.mentions !== undefined) covers(`view ${name} mentions`, [...one.mentions], [...(other.mentions ?? [])])
    }
  }

  function table(one: Table, other: Table): void {
    hangingOn(one, other)
    const flags = ({ partitioned, unlogged, rowSecurity, foreign, ofType }: Table) => ({
      ofType,
      partitioned,
      unlogged,
      rowSecurity,
      foreign,
    })
    say(`table ${one.name}`, flags(one), flags(other))
    say(`table ${one.name} parents`, one.parents, other.parents)
    say(`table ${one.name} policies`, sorted(one.policies), sorted(other.policies))
    for (const [name, here, there] of both(one.columns, other.columns)) {
      const full = `${one.name}.${name}`
      if (replayed.uncertain.has(full) || (here === undefined && !one.columnsKnown)) continue
      say(`column ${full}`, columnShape(here), columnShape(there))
    }
    const constraints = (of: Table) =>
      of.constraints
        .filter(({ kind }) => kind !== 'not-null')
        .map((constraint) => [constraint.name, constraint] as const)
    for (const [name, here, there] of both(new Map(constraints(one)), new Map(constraints(other))))
      if (here?.validated !== false)
        say(`constraint ${one.name}.${name}`, constraintShape(here, replayed), constraintShape(there, live))
  }

  function hangingOn<Relation extends Table | View>(one: Relation, other: Relation): void {
    covers(`${one.name} runs`, one.runs, other.runs)
    say(`${one.name} rules`, sorted(one.rules), sorted(other.rules))
    for (const [name, here, there] of both(one.triggers, other.triggers)) {
      say(`trigger ${one.name}.${name} events`, here?.events.toSorted(), there?.events.toSorted())
      covers(`trigger ${one.name}.${name} runs`, here?.runs ?? [], there?.runs ?? [])
    }
  }
}

function* both<Value>(
  one: ReadonlyMap<string, Value>,
  other: ReadonlyMap<string, Value>,
): Generator<readonly [name: string, one: Value | undefined, other: Value | undefined]> {
  for (const name of new Set([...one.keys(), ...other.keys()])) yield [name, one.get(name), other.get(name)]
}

function isView(relation: Relation): relation is View {
  return relation.kind === 'view' || relation.kind === 'materialized-view'
}

function columnShape(column: Column | undefined): unknown {
  if (column === undefined) return undefined
  const { type, notNull, hasDefault, generated, identity, sequence } = column
  return { type: typeRefShape(type), notNull, hasDefault, generated, identity, sequence }
}

function typeRefShape(type: Column['type']): unknown {
  if (type === undefined) return undefined
  // The server keeps a scale of 0 where none was written.
  const modifiers = type.name === 'numeric' && type.modifiers.length === 1 ? [...type.modifiers, 0] : type.modifiers
  return `${type.name}(${modifiers.join()})${type.array ? '[]' : ''}`
}

function typeShape(type: UserType | undefined): unknown {
  if (type === undefined) return undefined
  const attributes = type.attributes.map((one) => `${one.name} ${typeRefShape(one.type)}`)
  return {
    kind: type.kind,
    labels: type.labels,
    base: typeRefShape(type.base),
    attributes,
    constrained: type.constrained,
  }
}

/** A foreign key without a list of columns points at the primary key. */
function constraintShape(constraint: Constraint | undefined, catalog: Catalog): unknown {
  if (constraint === undefined) return undefined
  const { name: _name, references, columns, ...rest } = constraint
  const target = references === undefined ? undefined : catalog.relations.get(references.table)
  const key = target?.kind === 'table' ? target.constraints.find(({ kind }) => kind === 'primary') : undefined
  const referenced = references?.columns.length === 0 ? (key?.columns ?? []) : references?.columns
  return {
    ...rest,
    columns: constraint.kind === 'check' ? sorted(columns) : columns,
    references: references === undefined ? undefined : { table: references.table, columns: referenced },
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted()
}

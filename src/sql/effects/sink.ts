/** Where the effects of one statement are gathered, and what a handler may ask. */

import type { Node, RangeVar } from 'libpg-query'
import type { Change } from '../catalog/change.ts'
import { descendantsOf } from '../catalog/inheritance.ts'
import type { Catalog, Index, Relation, Table, TypeRef, UserType } from '../catalog/model.ts'
import { freeName, isNameTaken } from '../catalog/names.ts'
import { splitName } from '../identifiers.ts'
import {
  type Effects,
  type Lock,
  type LockMode,
  type Loss,
  type LossKind,
  lockModes,
  type RelationName,
} from '../model.ts'
import type { Parser } from '../parse.ts'
import { isOfServer } from './known-types.ts'
import { rangeVarParts } from './tree.ts'

export interface EffectContext {
  readonly catalog: Catalog
  /** Where unqualified names resolve to, after pg_catalog; `undefined` where that is not known. */
  readonly path: readonly string[] | undefined
  /** What it creates has nobody to block and nothing to lose. */
  readonly migration: string
  /** The statement as written: what PL/pgSQL is read from. */
  readonly text: string
  readonly parser: Parser
  /** The functions whose bodies it stands in, outermost first. */
  readonly within: readonly string[]
}

/** What runs as a part of the statement: the block of a DO, or a function that somebody wrote. */
export type Body =
  | { readonly kind: 'block' }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly because: string
      readonly certain: boolean
    }

export interface Outcome {
  readonly effects: Effects
  readonly changes: readonly Change[]
  /** A block or functions of somebody's own: they have been read, or are the reason why it is unknown. */
  readonly runsCode: boolean
  readonly inner: readonly InnerStatement[]
}

/** One that runs as part of another: in a block, or in the body of a function. */
export interface InnerStatement extends Outcome {
  readonly node: Node
  readonly sql: string
}

export type Handler = (node: Node, sink: EffectSink) => void

const temporarySchema = 'pg_temp'

export class EffectSink {
  readonly context: EffectContext
  readonly #locks = new Map<RelationName, LockMode>()
  readonly #rewrites = new Set<RelationName>()
  readonly #scans = new Set<RelationName>()
  readonly #overwrites = new Set<RelationName>()
  readonly #beyond = new Set<string>()
  readonly #losses = new Map<string, Loss>()
  readonly #reasons: string[] = []
  readonly #changes: Change[] = []
  readonly #created = new Set<RelationName>()
  readonly #claimed = new Set<RelationName>()
  readonly #bodies = new Map<string, Body>()
  readonly #inner: InnerStatement[] = []

  constructor(context: EffectContext) {
    this.context = context
  }

  get catalog(): Catalog {
    return this.context.catalog
  }

  /** The strongest mode per relation counts, as it does in `pg_locks`. */
  lock(relation: RelationName, mode: LockMode): void {
    if (this.catalog.doubtful.has(relation))
      this.unknown(`what ${relation} is like is not certain: a DO block or a function may have changed it`)
    if (!this.existed(relation)) return
    this.#hold(relation, mode)
  }

  #hold(relation: RelationName, mode: LockMode): void {
    const held = this.#locks.get(relation)
    if (held === undefined || lockModes.indexOf(mode) > lockModes.indexOf(held)) this.#locks.set(relation, mode)
  }

  /** Its file is replaced by a new one. A partitioned table has none; its partitions have. */
  rewrite(relation: RelationName): void {
    this.#runWhatHangsOn(relation)
    if (this.existed(relation) && this.table(relation)?.partitioned !== true) this.#rewrites.add(relation)
  }

  /** All of it is read. */
  scan(relation: RelationName): void {
    this.#runWhatHangsOn(relation)
    if (this.existed(relation) && this.table(relation)?.partitioned !== true) this.#scans.add(relation)
  }

  /** Reading all rows to prove a constraint or to build an index evaluates what hangs on them. */
  #runWhatHangsOn(relation: RelationName): void {
    const known = this.relation(relation)
    if (known?.kind === 'table' || known?.kind === 'materialized-view')
      this.runFunctions([...known.runs, ...this.catalog.hidden], `what hangs on ${relation}`)
  }

  /** Rows that are there get other values; what they had is nowhere else. */
  overwrite(relation: RelationName): void {
    if (this.existed(relation)) this.#overwrites.add(relation)
  }

  lose(kind: LossKind, name: string): void {
    this.#losses.set(`${kind} ${name}`, { kind, name })
  }

  /** No transaction takes it back. */
  reachBeyond(call: string): void {
    this.#beyond.add(call)
  }

  unknown(reason: string): void {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason)
  }

  change(change: Change): void {
    if (change.kind === 'create-table') this.#created.add(change.table.name)
    if (change.kind === 'create-view') this.#created.add(change.view.name)
    this.#changes.push(change)
  }

  /** To be looked into once the statement itself has been. */
  run(body: Body): void {
    const key = body.kind === 'call' ? body.name : ''
    if (!this.#bodies.has(key)) this.#bodies.set(key, body)
  }

  /** `caller` as in "… calls the function f()". Whether all of it runs, nobody knows. */
  runFunctions(names: Iterable<string>, caller: string): void {
    for (const name of names)
      this.run({
        kind: 'call',
        name,
        because: `${caller} calls the function ${splitName(name).name}()`,
        certain: false,
      })
  }

  contain(statement: InnerStatement): void {
    this.#inner.push(statement)
  }

  get bodies(): readonly Body[] {
    return [...this.#bodies.values()]
  }

  /** The effects of a statement inside this one, with its own idea of what existed before. */
  absorb(effects: Effects, where: string): void {
    for (const { relation, mode } of effects.locks) this.#hold(relation, mode)
    for (const relation of effects.rewrites) this.#rewrites.add(relation)
    for (const relation of effects.scans) this.#scans.add(relation)
    for (const relation of effects.overwrites) this.#overwrites.add(relation)
    for (const { kind, name } of effects.loses) this.lose(kind, name)
    for (const call of effects.beyond) this.#beyond.add(call)
    if (effects.unknown) this.unknown(`${where}: ${effects.unknownBecause ?? 'no reason was recorded'}`)
  }

  outcome(): Outcome {
    const locks: Lock[] = [...this.#locks].map(([relation, mode]) => ({ relation, mode }))
    return {
      effects: {
        locks,
        rewrites: [...this.#rewrites],
        scans: [...this.#scans],
        overwrites: [...this.#overwrites],
        loses: [...this.#losses.values()],
        beyond: [...this.#beyond],
        unknown: this.#reasons.length > 0,
        unknownBecause: this.#reasons.length > 0 ? this.#reasons.join('; ') : undefined,
      },
      changes: this.#changes,
      runsCode: this.#bodies.size > 0,
      inner: this.#inner,
    }
  }

  /** Whether others may be using it: it was there before the migration, or nobody knows. System catalogs do not count. */
  existed(relation: RelationName): boolean {
    if (this.#created.has(relation)) return false
    if (/^(pg_catalog|information_schema|pg_toast|pg_temp)\./.test(relation)) return false
    const known = this.catalog.relations.get(relation)
    return known?.createdBy !== this.context.migration || this.catalog.doubtful.has(relation)
  }

  /** `schema.name` of what is written as one or two parts. Temporary tables shadow all others, as on the server. */
  name(parts: readonly string[]): RelationName {
    const last = parts.at(-1) ?? ''
    if (parts.length > 1) return this.newName(parts)
    const { relations, types, functions, uncertain, doubtful } = this.catalog
    const inPath = [temporarySchema, ...(this.context.path ?? [])].map((schema) => `${schema}.${last}`)
    const known = inPath.filter((name) => relations.has(name))
    const named = [...new Set([...known, ...inPath.filter((name) => types.has(name) || functions.has(name))])]
    const [first, second] = named
    if (first === undefined) return last.startsWith('pg_') ? `pg_catalog.${last}` : this.newName(parts)
    // A temporary table goes with its transaction, what a branch creates may not be there, and a function is no table.
    const sure = known.includes(first) && !first.startsWith(`${temporarySchema}.`) && !uncertain.has(first)
    if (second !== undefined && (!sure || doubtful.has(first) || !known.includes(second)))
      this.unknown(`whether ${last} is ${first} or ${second} is not certain`)
    return first
  }

  /** Of something that is being created: it comes first in the search path, whatever else has that name. */
  newName(parts: readonly string[]): RelationName {
    const last = parts.at(-1) ?? ''
    const schema = parts.at(-2)
    if (parts.some((part) => part.includes('.')))
      this.unknown(`names with a dot in them, like that of ${last}, are not told apart from a schema and a name`)
    if (schema !== undefined) return `${schema}.${last}`
    const { path } = this.context
    if (path !== undefined) return `${path[0] ?? 'pg_catalog'}.${last}`
    this.unknown('in which schema it looks is not known: the search path was changed')
    // Not to be taken for one that is known: nothing can have this name.
    return `?.${last}`
  }

  /** What the server calls something beside the table that nobody gave a name. */
  freeName(table: RelationName, columns: readonly string[], label: string): RelationName {
    return this.claim(
      freeName(table, columns, label, (name) => this.#claimed.has(name) || isNameTaken(this.catalog, name)),
    )
  }

  /** From here on the statement takes the name for something. */
  claim(name: RelationName): RelationName {
    this.#claimed.add(name)
    return name
  }

  relationOf(range: RangeVar | undefined): RelationName {
    if (range?.relpersistence === 't') return `${temporarySchema}.${range.relname ?? ''}`
    return this.name(range === undefined ? [''] : rangeVarParts(range))
  }

  newRelation(range: RangeVar | undefined): RelationName {
    if (range?.relpersistence === 't') return `${temporarySchema}.${range.relname ?? ''}`
    return this.newName(range === undefined ? [''] : rangeVarParts(range))
  }

  /** Functions of somebody's own that a name may mean: several where it is not known which schema comes first. */
  functionsNamed(parts: readonly string[]): readonly string[] {
    const last = parts.at(-1) ?? ''
    const { functions } = this.catalog
    const schemas = parts.length > 1 ? parts.slice(-2, -1) : this.context.path && ['pg_catalog', ...this.context.path]
    if (schemas !== undefined) return schemas.map((schema) => `${schema}.${last}`).filter((name) => functions.has(name))
    return [...functions.keys()].filter((name) => splitName(name).name === last)
  }

  relation(name: RelationName): Relation | undefined {
    return this.catalog.relations.get(name)
  }

  table(name: RelationName): Table | undefined {
    const relation = this.catalog.relations.get(name)
    return relation?.kind === 'table' ? relation : undefined
  }

  /** It is in there whatever branch was taken: `IF NOT EXISTS` does nothing. */
  certainlyPresent(name: RelationName): boolean {
    return this.catalog.relations.has(name) && !this.catalog.uncertain.has(name) && !this.catalog.doubtful.has(name)
  }

  /** The catalog is whole and it is not in there: `IF EXISTS` does nothing. */
  certainlyAbsent(name: RelationName): boolean {
    return this.catalog.complete && !this.catalog.relations.has(name) && !this.catalog.doubtful.has(name)
  }

  /** A type with the name the catalog has for it, where it has one. */
  resolveType(type: TypeRef): TypeRef {
    if (type.name.includes('.') || isOfServer(type.name)) return type
    const schema = this.context.path?.find((one) => this.#isType(`${one}.${type.name}`))
    return schema === undefined ? type : { ...type, name: `${schema}.${type.name}` }
  }

  /** The rows of a table or a view have a type, named like it. */
  #isType(name: string): boolean {
    const kind = this.catalog.relations.get(name)?.kind
    return this.catalog.types.has(name) || (kind !== undefined && kind !== 'index' && kind !== 'sequence')
  }

  /** Every table is a type too: that of its rows. */
  tableOfType(name: string): Table | undefined {
    const names = name.includes('.') ? [name] : (this.context.path ?? []).map((schema) => `${schema}.${name}`)
    return names.map((one) => this.table(one)).find((table) => table !== undefined)
  }

  userType(type: TypeRef): UserType | undefined {
    return this.catalog.types.get(this.resolveType(type).name)
  }

  /** Tables whose parent, or parent's parent, it is; a lock on a parent nearly always means the children too. */
  descendants(name: RelationName): readonly RelationName[] {
    return descendantsOf(this.catalog, name)
  }

  /** Foreign keys of other tables that point at this one. */
  referencing(
    name: RelationName,
  ): readonly { readonly table: Table; readonly constraint: Table['constraints'][number] }[] {
    const found: { table: Table; constraint: Table['constraints'][number] }[] = []
    for (const relation of this.catalog.relations.pointingAt(name)) {
      if (relation.kind !== 'table') continue
      for (const constraint of relation.constraints) {
        if (constraint.references?.table === name) found.push({ table: relation, constraint })
      }
    }
    return found
  }

  indexesOf(table: RelationName): readonly Index[] {
    return this.catalog.relations.pointingAt(table).filter((relation) => relation.kind === 'index')
  }
}

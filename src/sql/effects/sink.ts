/** Where the effects of one statement are gathered, and what a handler may ask. */

import type { Node, RangeVar } from 'libpg-query'
import type { Change } from '../catalog/change.ts'
import type { Catalog, Index, Relation, Table, TypeRef, UserType } from '../catalog/model.ts'
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
import { rangeVarParts } from './tree.ts'

export interface EffectContext {
  readonly catalog: Catalog
  /** Where unqualified names resolve to. */
  readonly schema: string
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
}

export type Handler = (node: Node, sink: EffectSink) => void

const temporarySchema = 'pg_temp'

export class EffectSink {
  readonly context: EffectContext
  readonly #locks = new Map<RelationName, LockMode>()
  readonly #rewrites = new Set<RelationName>()
  readonly #scans = new Set<RelationName>()
  readonly #losses = new Map<string, Loss>()
  readonly #reasons: string[] = []
  readonly #changes: Change[] = []
  readonly #created = new Set<RelationName>()
  readonly #bodies: Body[] = []

  constructor(context: EffectContext) {
    this.context = context
  }

  get catalog(): Catalog {
    return this.context.catalog
  }

  /** The strongest mode per relation counts, as it does in `pg_locks`. */
  lock(relation: RelationName, mode: LockMode): void {
    if (!this.existed(relation)) return
    if (this.catalog.doubtful.has(relation))
      this.unknown(`what ${relation} is like is not certain: a DO block or a function may have changed it`)
    this.#hold(relation, mode)
  }

  #hold(relation: RelationName, mode: LockMode): void {
    const held = this.#locks.get(relation)
    if (held === undefined || lockModes.indexOf(mode) > lockModes.indexOf(held)) this.#locks.set(relation, mode)
  }

  /** Its file is replaced by a new one. A partitioned table has none; its partitions have. */
  rewrite(relation: RelationName): void {
    if (this.existed(relation) && this.table(relation)?.partitioned !== true) this.#rewrites.add(relation)
  }

  /** All of it is read. */
  scan(relation: RelationName): void {
    if (this.existed(relation) && this.table(relation)?.partitioned !== true) this.#scans.add(relation)
  }

  lose(kind: LossKind, name: string): void {
    this.#losses.set(`${kind} ${name}`, { kind, name })
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
    if (body.kind === 'call' && this.#bodies.some((one) => one.kind === 'call' && one.name === body.name)) return
    this.#bodies.push(body)
  }

  get bodies(): readonly Body[] {
    return this.#bodies
  }

  /** The effects of a statement inside this one, with its own idea of what existed before. */
  absorb(effects: Effects, where: string): void {
    for (const { relation, mode } of effects.locks) this.#hold(relation, mode)
    for (const relation of effects.rewrites) this.#rewrites.add(relation)
    for (const relation of effects.scans) this.#scans.add(relation)
    for (const { kind, name } of effects.loses) this.lose(kind, name)
    if (effects.unknown) this.unknown(`${where}: ${effects.unknownBecause ?? 'no reason was recorded'}`)
  }

  outcome(): Outcome {
    const locks: Lock[] = [...this.#locks].map(([relation, mode]) => ({ relation, mode }))
    return {
      effects: {
        locks,
        rewrites: [...this.#rewrites],
        scans: [...this.#scans],
        loses: [...this.#losses.values()],
        unknown: this.#reasons.length > 0,
        unknownBecause: this.#reasons.length > 0 ? this.#reasons.join('; ') : undefined,
      },
      changes: this.#changes,
    }
  }

  /** Whether others may be using it: it was there before the migration, or nobody knows. System catalogs do not count. */
  existed(relation: RelationName): boolean {
    if (this.#created.has(relation)) return false
    if (/^(pg_catalog|information_schema|pg_toast|pg_temp)\./.test(relation)) return false
    const known = this.catalog.relations.get(relation)
    return known === undefined ? true : known.createdBy !== this.context.migration
  }

  /** `schema.name` of what is written as one or two parts. Temporary tables shadow all others, as on the server. */
  name(parts: readonly string[]): RelationName {
    const last = parts.at(-1) ?? ''
    const schema = parts.at(-2)
    if (schema !== undefined) return `${schema}.${last}`
    const temporary = `${temporarySchema}.${last}`
    if (this.catalog.relations.has(temporary)) return temporary
    const here = `${this.context.schema}.${last}`
    return last.startsWith('pg_') && !this.catalog.relations.has(here) ? `pg_catalog.${last}` : here
  }

  relationOf(range: RangeVar | undefined): RelationName {
    if (range === undefined) return this.name([''])
    if (range.relpersistence === 't') return `${temporarySchema}.${range.relname ?? ''}`
    return this.name(rangeVarParts(range))
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
    if (type.name.includes('.')) return type
    const here = `${this.context.schema}.${type.name}`
    return this.catalog.types.has(here) ? { ...type, name: here } : type
  }

  userType(type: TypeRef): UserType | undefined {
    return this.catalog.types.get(this.resolveType(type).name)
  }

  /** Tables whose parent, or parent's parent, it is; a lock on a parent nearly always means the children too. */
  descendants(name: RelationName): readonly RelationName[] {
    if (!this.catalog.parents.has(name)) return []
    const found: RelationName[] = []
    const queue = [name]
    while (queue.length > 0) {
      const parent = queue.pop() ?? ''
      for (const relation of this.catalog.relations.values()) {
        if (relation.kind !== 'table' || !relation.parents.includes(parent) || found.includes(relation.name)) continue
        found.push(relation.name)
        queue.push(relation.name)
      }
    }
    return found
  }

  /** Foreign keys of other tables that point at this one. */
  referencing(
    name: RelationName,
  ): readonly { readonly table: Table; readonly constraint: Table['constraints'][number] }[] {
    const found: { table: Table; constraint: Table['constraints'][number] }[] = []
    for (const relation of this.catalog.relations.values()) {
      if (relation.kind !== 'table') continue
      for (const constraint of relation.constraints) {
        if (constraint.references?.table === name) found.push({ table: relation, constraint })
      }
    }
    return found
  }

  indexesOf(table: RelationName): readonly Index[] {
    const found: Index[] = []
    for (const relation of this.catalog.relations.values()) {
      if (relation.kind === 'index' && relation.table === table) found.push(relation)
    }
    return found
  }
}

/** What the names in a statement mean, and what is known about what has them. */

import type { RangeVar } from 'libpg-query'
import { descendantsOf } from '../catalog/inheritance.ts'
import type { Catalog, Index, Relation, Table, TypeRef, UserType } from '../catalog/model.ts'
import { freeName, isNameTaken } from '../catalog/names.ts'
import { splitName } from '../identifiers.ts'
import type { RelationName } from '../model.ts'
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

const temporarySchema = 'pg_temp'

export abstract class Names {
  readonly context: EffectContext
  #claimed: Set<RelationName> | undefined

  constructor(context: EffectContext) {
    this.context = context
  }

  get catalog(): Catalog {
    return this.context.catalog
  }

  /** Some part of the effect cannot be told. */
  abstract unknown(reason: string): void

  /** `schema.name` of what is written as one or two parts. Temporary tables shadow all others, as on the server. */
  name(parts: readonly string[]): RelationName {
    const last = parts.at(-1) ?? ''
    if (parts.length > 1) return this.newName(parts)
    const { relations, types, functions, uncertain, doubtful } = this.catalog
    const inPath = [`${temporarySchema}.${last}`]
    for (const schema of this.context.path ?? []) inPath.push(`${schema}.${last}`)
    const known = inPath.filter((name) => relations.has(name))
    const named = new Set(known)
    for (const name of inPath) if (types.has(name) || functions.has(name)) named.add(name)
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
      freeName(table, columns, label, (name) => this.#claimed?.has(name) === true || isNameTaken(this.catalog, name)),
    )
  }

  /** From here on the statement takes the name for something. */
  claim(name: RelationName): RelationName {
    this.#claimed ??= new Set()
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
    if (name.includes('.')) return this.table(name)
    for (const schema of this.context.path ?? []) {
      const table = this.table(`${schema}.${name}`)
      if (table !== undefined) return table
    }
    return undefined
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

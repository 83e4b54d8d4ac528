/**
 * What is known about the database before a statement: built by replaying migrations, or handed in from a live catalog.
 * What is not in here may exist all the same; `complete` says whether it may.
 */

import type { RelationName } from '../model.ts'
import { type ReadonlyRelations, Relations } from './relations.ts'

/** A type as the grammar names it: `int4`, `varchar`, or `schema.name` for one that somebody created. */
export interface TypeRef {
  readonly name: string
  readonly modifiers: readonly number[]
  readonly array: boolean
}

export interface Column {
  readonly name: string
  readonly type: TypeRef | undefined
  readonly notNull: boolean
  readonly hasDefault: boolean
  readonly generated: boolean
  readonly identity: boolean
  /** The sequence that fills it: a serial or an identity column, or `nextval` in its default. */
  readonly sequence: RelationName | undefined
  /** Types and sequences that its default names, and with which it goes. */
  readonly defaultUses: readonly string[]
  /** The migration that added it; `undefined` for one that came with a live catalog. */
  readonly createdBy: string | undefined
}

export type ConstraintKind = 'primary' | 'unique' | 'foreign' | 'check' | 'exclusion' | 'not-null'

export interface Constraint {
  readonly name: string
  readonly kind: ConstraintKind
  readonly columns: readonly string[]
  readonly references: { readonly table: RelationName; readonly columns: readonly string[] } | undefined
  /** Whether deleting or changing the referenced key writes into this table (CASCADE, SET NULL, SET DEFAULT). */
  readonly writesOnDelete: boolean
  readonly writesOnUpdate: boolean
  /** ON DELETE CASCADE: rows of this table go with the rows they reference. */
  readonly deletesRows: boolean
  readonly validated: boolean
  /** For a CHECK of the form `column IS NOT NULL`: SET NOT NULL trusts it and does not scan. */
  readonly provesNotNull: readonly string[]
}

export const writeEvents = ['insert', 'update', 'delete', 'truncate'] as const
export type WriteEvent = (typeof writeEvents)[number]

export interface Trigger {
  /** One of a partitioned table is on its partitions too. */
  readonly forEachRow: boolean
  readonly events: readonly WriteEvent[]
  /** Its function, and those that its condition calls. */
  readonly runs: readonly string[]
}

interface Named {
  readonly name: RelationName
  /** The migration that created it; `undefined` for one that came with a live catalog. */
  readonly createdBy: string | undefined
}

export interface Table extends Named {
  readonly kind: 'table'
  readonly partitioned: boolean
  readonly unlogged: boolean
  /** Row level security is enabled; policies alone do nothing. */
  readonly rowSecurity: boolean
  readonly foreign: boolean
  /** The composite type that it was made `OF`, and with which it goes. */
  readonly ofType: string | undefined
  readonly columns: ReadonlyMap<string, Column>
  /** False where columns came from something not seen (`LIKE`, `INHERITS`, `AS SELECT`). */
  readonly columnsKnown: boolean
  readonly constraints: readonly Constraint[]
  readonly parents: readonly RelationName[]
  /** The rows that fit no other partition are in it: whatever comes or goes beside it locks it. */
  readonly defaultPartition: boolean
  readonly triggers: ReadonlyMap<string, Trigger>
  readonly policies: readonly string[]
  readonly rules: readonly string[]
  /**
   * Functions that are not PostgreSQL's own and that writing a row runs without being asked: behind defaults, generated
   * columns, checks, index expressions and policies. What may have been dropped since stays in here.
   */
  readonly runs: readonly string[]
}

export interface View extends Named {
  readonly kind: 'view' | 'materialized-view'
  readonly reads: readonly RelationName[]
  /** Column names that the query mentions anywhere; `undefined` when it says `*` or the query was not seen. */
  readonly mentions: ReadonlySet<string> | undefined
  readonly triggers: ReadonlyMap<string, Trigger>
  /** Without the one that makes it a view. */
  readonly rules: readonly string[]
  /** Functions that are not PostgreSQL's own and that reading it runs. */
  readonly runs: readonly string[]
}

export interface Index extends Named {
  readonly kind: 'index'
  readonly table: RelationName
  readonly columns: readonly string[]
  readonly unique: boolean
  /** Plain columns only: no expression and no WHERE, which a type change would drag along. */
  readonly plain: boolean
  /** A btree of plain columns in the default order, so that a longer one that begins with the same columns answers the same queries. */
  readonly btree: boolean
}

export interface Sequence extends Named {
  readonly kind: 'sequence'
  readonly ownedBy: { readonly table: RelationName; readonly column: string } | undefined
}

export type Relation = Table | View | Index | Sequence

export interface Attribute {
  readonly name: string
  readonly type: TypeRef
}

export interface UserType {
  readonly kind: 'enum' | 'composite' | 'domain' | 'range' | 'base'
  readonly name: string
  readonly labels: readonly string[]
  /** The type beneath a domain or a range; that of a multirange is its range. */
  readonly base: TypeRef | undefined
  /** Of a composite type. */
  readonly attributes: readonly Attribute[]
  /** Whether the values of a domain are checked. */
  readonly constrained: boolean
  /** Functions that are not PostgreSQL's own and that its checks run. */
  readonly runs: readonly string[]
  readonly createdBy: string | undefined
}

export type Volatility = 'immutable' | 'stable' | 'volatile'

/** One of the functions that share a name. */
export interface FunctionBody {
  /** What tells it from the others: the types of what goes in, `int4,public.mood,text[]`. */
  readonly signature: string
  readonly language: string
  /** The whole statement that created it. */
  readonly text: string
  /** The statements of an SQL function written as a string. */
  readonly sql: string | undefined
  /** `SET search_path` of its own, `$user` as it is written; else that of whoever calls it counts. */
  readonly searchPath: readonly string[] | undefined
}

export interface UserFunction {
  readonly name: string
  readonly volatility: Volatility
  /** Empty where they were not seen. */
  readonly bodies: readonly FunctionBody[]
  readonly createdBy: string | undefined
}

/** One that is installed, and what goes with it: what it brought, and what somebody added by ALTER EXTENSION. */
export interface Extension {
  readonly name: string
  /** The schema of its objects, with which it goes. */
  readonly schema: string | undefined
  /** Extensions without which it cannot be. */
  readonly requires: readonly string[]
  readonly relations: readonly RelationName[]
  readonly types: readonly string[]
  readonly schemas: readonly string[]
  /** False where only what was added is known, not what it brought. */
  readonly complete: boolean
}

export interface Catalog {
  /** True when everything that exists is in here: an empty database replayed from its first migration, or a live catalog. */
  readonly complete: boolean
  readonly relations: ReadonlyRelations
  readonly types: ReadonlyMap<string, UserType>
  readonly functions: ReadonlyMap<string, UserFunction>
  /** Functions behind operators and casts that somebody made: an expression can run them without naming them. */
  readonly hidden: ReadonlySet<string>
  readonly schemas: ReadonlySet<string>
  readonly extensions: ReadonlyMap<string, Extension>
  /** By their name, the function of each: it runs with statements that change the schema. */
  readonly eventTriggers: ReadonlyMap<string, string>
  /** Tables that ever had a partition or an inheriting table: the others need no search for children. */
  readonly parents: ReadonlySet<RelationName>
  /** Relations, and columns as `table.column`, that are in here but may be missing: `IF NOT EXISTS` may well create them. */
  readonly uncertain: ReadonlySet<string>
  /** Relations that may have been renamed, replaced or changed in ways nobody can tell: to touch one is unknown. */
  readonly doubtful: ReadonlySet<RelationName>
}

/** Nothing is known and anything may exist. */
export const unknownCatalog: Catalog = emptyCatalogThat(false)
/** Nothing exists: the state before the first migration of a history that starts from an empty database. */
export const emptyCatalog: Catalog = emptyCatalogThat(true)

function emptyCatalogThat(complete: boolean): Catalog {
  return {
    complete,
    relations: new Relations(),
    types: new Map(),
    functions: new Map(),
    hidden: new Set(),
    schemas: new Set(['public']),
    extensions: new Map(),
    eventTriggers: new Map(),
    parents: new Set(),
    uncertain: new Set(),
    doubtful: new Set(),
  }
}

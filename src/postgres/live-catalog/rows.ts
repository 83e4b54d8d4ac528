/** What the server answers, as plain data: relations and types by their object identifier, columns by their number. */

/** An `oid`. Relations of PostgreSQL's own are not in `relations`, but others may point at them. */
export type Id = number

export interface TypeNameRow {
  readonly id: Id
  /** `schema.name`, of the element where it is an array; without a schema where it is PostgreSQL's own. */
  readonly name: string
  readonly array: boolean
}

/** A type with its modifier as the server keeps it: -1 is none. */
export interface TypeUse {
  readonly type: Id
  readonly typmod: number
  /** `public.vector(3)`: only where the type is not PostgreSQL's own and has a modifier. */
  readonly written: string | null
}

export interface RelationRow {
  readonly id: Id
  /** False where only its name and its columns were asked for, because something else points at it. */
  readonly whole: boolean
  /** `schema.name` */
  readonly name: string
  /** `pg_class.relkind`: r, p, f for tables, v, m for views, i, I for indexes, S for sequences. */
  readonly kind: 'r' | 'p' | 'f' | 'v' | 'm' | 'i' | 'I' | 'S'
  readonly unlogged: boolean
  readonly rowSecurity: boolean
  readonly defaultPartition: boolean
  /** The composite type that it was made of. */
  readonly ofType: Id | null
}

export interface ColumnRow extends TypeUse {
  readonly relation: Id
  readonly number: number
  readonly name: string
  /** `pg_collation.oid`, 0 where the type has none. */
  readonly collation: Id
  readonly notNull: boolean
  readonly hasDefault: boolean
  readonly generated: boolean
  readonly identity: boolean
}

export interface ConstraintRow {
  readonly relation: Id
  readonly name: string
  /** `pg_constraint.contype` */
  readonly kind: 'p' | 'u' | 'f' | 'c' | 'x' | 'n'
  readonly columns: readonly number[] | null
  /** Behind it, 0 where there is none. */
  readonly index: Id
  readonly references: Id | null
  readonly referencedColumns: readonly number[] | null
  /** `confdeltype` and `confupdtype`: c, n and d write. */
  readonly onDelete: string
  readonly onUpdate: string
  readonly validated: boolean
  /** Of a CHECK that tests for NULL. */
  readonly expression: string | null
}

export interface IndexRow {
  readonly id: Id
  readonly table: Id
  /** Zero stands for an expression. */
  readonly columns: readonly number[]
  readonly unique: boolean
  readonly exclusion: boolean
  readonly plain: boolean
  /** A btree with nothing said about order, operator class or further columns. */
  readonly ordinary: boolean
  readonly collations: readonly Id[]
}

/** A column in the expressions or the WHERE of an index. */
export interface ComputedRow {
  readonly index: Id
  readonly column: number
}

export interface TriggerRow {
  readonly relation: Id
  readonly name: string
  /** `pg_trigger.tgtype`, a set of bits. */
  readonly type: number
  readonly function: string
}

/** A policy, or a rule that is not the one behind a view. */
export interface AttachmentRow {
  readonly relation: Id
  readonly kind: 'policy' | 'rule'
  readonly name: string
}

export interface SequenceRow {
  readonly id: Id
  readonly table: Id | null
  readonly column: number | null
  readonly identity: boolean
}

/** A sequence that the default of a column names. */
export interface FillRow {
  readonly relation: Id
  readonly column: number
  readonly sequence: Id
}

/** A type of somebody's own that the default of a column names. */
export interface DefaultTypeRow {
  readonly relation: Id
  readonly column: number
  readonly type: Id
}

export interface InheritanceRow {
  readonly relation: Id
  readonly parent: Id
}

/** One for each column a view reads, and one with column 0 for each relation. */
export interface ReadRow {
  readonly view: Id
  readonly relation: Id
  readonly column: number
}

/** A function, and what there is to tell whether it can do anything. */
export interface FunctionUse {
  readonly function: string
  readonly ofExtension: boolean
  readonly immutable: boolean
  /** It comes with PostgreSQL and is not immutable. */
  readonly ofServer: boolean
}

/** Behind something that hangs on a relation, on one of its triggers, or on a type. */
export interface RunRow extends FunctionUse {
  /** `null` or 0 where it hangs on none. */
  readonly relation: Id | null
  readonly trigger: string | null
  readonly type: Id | null
}

export interface TypeRow {
  readonly id: Id
  /** `pg_type.typtype` */
  readonly kind: 'e' | 'c' | 'd' | 'r' | 'm' | 'b'
  readonly labels: readonly string[]
  /** Of a domain or a range; the base of a multirange is its range. */
  readonly base: TypeUse | null
  /** Of a composite type. */
  readonly attributes: readonly (TypeUse & { readonly name: string })[]
  readonly constrained: boolean
}

export interface FunctionRow {
  readonly name: string
  /** `pg_proc.provolatile`; of an aggregate it says nothing about the functions that it calls. */
  readonly volatility: 'i' | 's' | 'v'
  readonly language: string
  readonly arguments: readonly Id[]
  /** `null` for an aggregate, which has no body. */
  readonly text: string | null
  readonly sql: string | null
  readonly settings: readonly string[] | null
}

export interface ExtensionRow {
  readonly name: string
  readonly schema: string
  readonly requires: readonly string[]
  readonly relations: readonly Id[]
  readonly types: readonly Id[]
  readonly schemas: readonly string[]
}

export interface LiveRows {
  readonly schemas: readonly { readonly name: string }[]
  readonly typeNames: readonly TypeNameRow[]
  readonly relations: readonly RelationRow[]
  readonly columns: readonly ColumnRow[]
  readonly constraints: readonly ConstraintRow[]
  readonly indexes: readonly IndexRow[]
  readonly computed: readonly ComputedRow[]
  readonly triggers: readonly TriggerRow[]
  readonly attachments: readonly AttachmentRow[]
  readonly sequences: readonly SequenceRow[]
  readonly fills: readonly FillRow[]
  readonly defaultTypes: readonly DefaultTypeRow[]
  readonly inheritance: readonly InheritanceRow[]
  /** `schema.name` of whatever has something below it. */
  readonly parents: readonly { readonly name: string }[]
  readonly reads: readonly ReadRow[]
  readonly runs: readonly RunRow[]
  readonly types: readonly TypeRow[]
  readonly functions: readonly FunctionRow[]
  readonly hidden: readonly FunctionUse[]
  readonly extensions: readonly ExtensionRow[]
  readonly eventTriggers: readonly { readonly name: string; readonly function: string }[]
}

/** What the catalog says of each object, with what is needed to write it again. Data only; every name is whole. */

export interface Named {
  readonly oid: string
  readonly schema: string
  readonly name: string
}

export interface TypeObject extends Named {
  readonly kind: 'enum' | 'domain' | 'composite' | 'other'
  readonly labels: readonly { readonly oid: string; readonly label: string }[]
  /** Of a domain: what follows `AS`. */
  readonly definition: string
}

export interface SequenceObject extends Named {
  /** What follows the name in CREATE SEQUENCE. */
  readonly definition: string
  readonly owner: { readonly table: string; readonly column: number; readonly identity: boolean } | undefined
}

export interface ColumnObject {
  readonly number: number
  readonly name: string
  readonly type: string
  /** Of the element, where it is an array. */
  readonly typeOid: string
  readonly isArray: boolean
  /** `pg_type.typcategory` */
  readonly category: string
  readonly collation: string | undefined
  readonly notNull: boolean
  readonly expression: string | undefined
  /** `s` stored, `v` virtual, empty for a default. */
  readonly generated: string
  /** `a` always, `d` by default, or empty. */
  readonly identity: string
}

export interface TableObject extends Named {
  /** Of `pg_class.relkind`: r, p, f. */
  readonly kind: string
  readonly unlogged: boolean
  readonly rowSecurity: boolean
  readonly forced: boolean
  readonly options: readonly string[]
  readonly replicaIdentity: string
  readonly replicaIndex: string | undefined
  readonly partitionKey: string | undefined
  readonly partitionBound: string | undefined
  readonly parents: readonly string[]
  readonly columns: readonly ColumnObject[]
}

export interface ViewObject extends Named {
  readonly materialized: boolean
  readonly definition: string
  readonly options: readonly string[]
}

/** Of a table or a view. `definition` is what the server writes. */
export interface PartObject extends Named {
  readonly table: string
  readonly definition: string
  /** Made and dropped with that of a parent. */
  readonly inherited: boolean
}

export interface ConstraintObject extends PartObject {
  /** Of `pg_constraint.contype`: p, u, x, c, f, t. */
  readonly kind: string
}

export interface TriggerObject extends PartObject {
  readonly enabled: string
}

export interface FunctionObject extends Named {
  readonly arguments: string
  /** undefined of an aggregate, which the server does not write. */
  readonly definition: string | undefined
  readonly result: string
}

export interface ExtensionObject extends Named {
  readonly version: string
}

export interface Objects {
  readonly schemas: readonly Named[]
  readonly extensions: readonly ExtensionObject[]
  readonly types: readonly TypeObject[]
  readonly sequences: readonly SequenceObject[]
  readonly tables: readonly TableObject[]
  readonly views: readonly ViewObject[]
  readonly constraints: readonly ConstraintObject[]
  readonly indexes: readonly PartObject[]
  readonly statistics: readonly PartObject[]
  readonly triggers: readonly TriggerObject[]
  readonly rules: readonly PartObject[]
  readonly policies: readonly PartObject[]
  readonly functions: readonly FunctionObject[]
}

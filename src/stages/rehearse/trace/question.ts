/** Which rows stand in the way of a statement, as a question that a server can answer. Data only. */

export interface TableName {
  readonly schema: string | undefined
  readonly name: string
}

export type Question =
  /** `keys` are SQL; so is `where`. */
  | {
      readonly kind: 'duplicates'
      readonly table: TableName
      readonly keys: readonly string[]
      readonly where: string | undefined
      readonly nullsNotDistinct: boolean
    }
  | { readonly kind: 'rows'; readonly table: TableName; readonly where: string | undefined; readonly say: Sentence }
  | {
      readonly kind: 'orphans'
      readonly table: TableName
      readonly columns: readonly string[]
      readonly to: TableName
      /** Of its primary key, where none are named. */
      readonly toColumns: readonly string[]
      readonly matchFull: boolean
      readonly constraint: string
    }
  | {
      readonly kind: 'conflicts'
      readonly table: TableName
      readonly keys: readonly { readonly sql: string; readonly operator: string }[]
      readonly where: string | undefined
      readonly constraint: string
    }
  /** Values that do not become what they are to be. Of several columns it may be any. */
  | {
      readonly kind: 'conversions'
      readonly table: TableName
      readonly conversions: readonly Conversion[]
      readonly where: string | undefined
    }
  /** A constraint that is there: the catalog says what it is. `deleted`: rows of the other table that are to go, and that it is about. */
  | {
      readonly kind: 'constraint'
      readonly table: TableName
      readonly name: string
      readonly deleted: { readonly where: string | undefined } | undefined
    }
  | { readonly kind: 'none'; readonly because: string; readonly cause: string; readonly find?: string }

export interface Conversion {
  readonly column: string
  /** As the statement has it; undefined where it is the column's own. */
  readonly type: string | undefined
  /** The expression that makes the new value. */
  readonly sql: string
  /** Its words, and no more, are a cast of the column to text and from there to the type. */
  readonly plain: boolean
}

/** `{rows} have no value in "email"`, with the rows and the table put in front. */
export interface Sentence {
  readonly one: string
  readonly many: string
}

/**
 * What a statement changes in the catalog, as data. Rules read these too, so each carries what somebody would want to know
 * about the change and `clause`: which command of an ALTER TABLE it came from, counted from 0.
 */

import type { RelationName } from '../model.ts'
import type {
  Column,
  Constraint,
  Extension,
  Index,
  Sequence,
  Table,
  Trigger,
  TypeRef,
  UserFunction,
  UserType,
  View,
} from './model.ts'

/** How the type of a column changes, as far as that can be told; see effects/type-change.ts. */
export interface TypeChange {
  readonly from: TypeRef | undefined
  readonly to: TypeRef
  readonly rewrites: boolean
  readonly loses: boolean
  readonly mayFail: boolean
  /** Why it cannot be told, where it cannot; the rest is then the worst that is plausible. */
  readonly doubt: string | undefined
}

export interface ExtensionMember {
  readonly kind: 'relations' | 'types' | 'schemas'
  readonly name: string
}

export type DefaultKind = 'none' | 'constant' | 'volatile' | 'generated' | 'sequence'

export type Change =
  | { readonly kind: 'create-table'; readonly table: Table; readonly ifNotExists: boolean }
  | { readonly kind: 'drop-table'; readonly name: RelationName; readonly known: Table | undefined }
  | { readonly kind: 'rename-table'; readonly from: RelationName; readonly to: RelationName }
  | {
      readonly kind: 'add-column'
      readonly clause: number
      readonly table: RelationName
      readonly column: Column
      readonly filledBy: DefaultKind
      /** Tables below, to which the same happens. */
      readonly reaches: readonly RelationName[]
    }
  | {
      readonly kind: 'drop-column'
      readonly clause: number
      readonly table: RelationName
      readonly name: string
      readonly known: Column | undefined
    }
  | {
      readonly kind: 'rename-column'
      readonly table: RelationName
      readonly from: string
      readonly to: string
    }
  | {
      readonly kind: 'alter-column'
      readonly clause: number
      readonly table: RelationName
      readonly name: string
      readonly known: Column | undefined
      readonly set: Partial<
        Pick<Column, 'type' | 'notNull' | 'hasDefault' | 'generated' | 'identity' | 'sequence' | 'defaultUses'>
      >
      readonly typeChange: TypeChange | undefined
      /** SET NOT NULL that has to read the whole table; `undefined` for anything else. */
      readonly scans: boolean | undefined
      /** Tables below, to which the same happens. */
      readonly reaches: readonly RelationName[]
    }
  | {
      readonly kind: 'add-constraint'
      readonly clause: number
      readonly table: RelationName
      readonly constraint: Constraint
      /** An existing index becomes the constraint: nothing is built. */
      readonly usingIndex: RelationName | undefined
      /** Tables below, to which the same happens. */
      readonly reaches: readonly RelationName[]
    }
  | {
      readonly kind: 'drop-constraint'
      readonly clause: number
      readonly table: RelationName
      readonly name: string
      readonly known: Constraint | undefined
    }
  | { readonly kind: 'rename-constraint'; readonly table: RelationName; readonly from: string; readonly to: string }
  | {
      readonly kind: 'validate-constraint'
      readonly clause: number
      readonly table: RelationName
      readonly name: string
      /** Tables below, to which the same happens. */
      readonly reaches: readonly RelationName[]
    }
  | {
      readonly kind: 'table-flag'
      readonly table: RelationName
      readonly set: Partial<Pick<Table, 'unlogged' | 'rowSecurity' | 'defaultPartition'>>
    }
  | { readonly kind: 'set-parents'; readonly table: RelationName; readonly parents: readonly RelationName[] }
  | {
      readonly kind: 'create-index'
      readonly index: Index
      readonly concurrently: boolean
      readonly ifNotExists: boolean
      /** Tables below, to which the same happens. */
      readonly reaches: readonly RelationName[]
    }
  | {
      readonly kind: 'drop-index'
      readonly name: RelationName
      readonly known: Index | undefined
      readonly concurrently: boolean
    }
  | { readonly kind: 'rename-index'; readonly from: RelationName; readonly to: RelationName }
  | { readonly kind: 'create-view'; readonly view: View }
  | { readonly kind: 'drop-view'; readonly name: RelationName }
  | { readonly kind: 'rename-view'; readonly from: RelationName; readonly to: RelationName }
  | { readonly kind: 'create-sequence'; readonly sequence: Sequence }
  | { readonly kind: 'drop-sequence'; readonly name: RelationName }
  | { readonly kind: 'rename-sequence'; readonly from: RelationName; readonly to: RelationName }
  | { readonly kind: 'create-type'; readonly type: UserType }
  | {
      readonly kind: 'add-label'
      readonly type: string
      readonly label: string
      /** Last where there is none. */
      readonly beside: { readonly label: string; readonly after: boolean } | undefined
    }
  | { readonly kind: 'rename-label'; readonly type: string; readonly from: string; readonly to: string }
  | { readonly kind: 'drop-type'; readonly name: string; readonly known: UserType | undefined }
  | { readonly kind: 'rename-type'; readonly from: string; readonly to: string }
  | { readonly kind: 'create-function'; readonly function: UserFunction; readonly replaces: boolean }
  /** Without a signature it is the only one of its name. */
  | { readonly kind: 'drop-function'; readonly name: string; readonly signature: string | undefined }
  | { readonly kind: 'rename-function'; readonly from: string; readonly to: string }
  | { readonly kind: 'add-trigger'; readonly table: RelationName; readonly name: string; readonly trigger: Trigger }
  | { readonly kind: 'drop-trigger'; readonly table: RelationName; readonly name: string }
  | {
      readonly kind: 'add-policy' | 'drop-policy' | 'add-rule' | 'drop-rule'
      readonly table: RelationName
      readonly name: string
    }
  /** Something that hangs on a relation, or on every expression, runs functions of somebody's own; see `runs` and `hidden`. */
  | { readonly kind: 'runs'; readonly relation: RelationName; readonly functions: readonly string[] }
  | { readonly kind: 'hides'; readonly functions: readonly string[] }
  | { readonly kind: 'create-schema' | 'drop-schema'; readonly name: string }
  | { readonly kind: 'rename-schema'; readonly from: string; readonly to: string }
  | { readonly kind: 'create-event-trigger'; readonly name: string; readonly runs: string }
  | { readonly kind: 'drop-event-trigger'; readonly name: string }
  | { readonly kind: 'create-extension'; readonly extension: Extension }
  | { readonly kind: 'drop-extension'; readonly name: string }
  /** From here on it goes with the extension, or no longer does. */
  | {
      readonly kind: 'join-extension' | 'leave-extension'
      readonly extension: string
      readonly member: ExtensionMember
    }
  /** Where unqualified names resolve to from here on; `undefined` where that cannot be told. */
  | { readonly kind: 'search-path'; readonly path: readonly string[] | undefined }
  /** In a branch, a loop or behind an exception handler of a body: it may or may not happen. See draft-uncertain.ts. */
  | { readonly kind: 'uncertain'; readonly change: Change }

export type ChangeKind = Change['kind']
export type ChangeOf<K extends ChangeKind> = Extract<Change, { readonly kind: K }>

/** The change itself, whether it is certain or not. */
export function certainly(change: Change): Change {
  return change.kind === 'uncertain' ? certainly(change.change) : change
}

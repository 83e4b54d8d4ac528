/** The way back of one migration: reverse SQL, and what was seen when it was run. Data only. */

/** Where the SQL comes from. */
export type UndoOrigin =
  | { readonly kind: 'own'; readonly file: string }
  /** Written from what the catalog said before and after the migration. */
  | { readonly kind: 'generated' }

export const undoLossKinds = ['column', 'table', 'rows', 'values'] as const
export type UndoLossKind = (typeof undoLossKinds)[number]

/** What comes back empty, differently or not at all. */
export interface UndoLoss {
  readonly kind: UndoLossKind
  /** `schema.table` or `schema.table.column`, without quotes. */
  readonly name: string
  /** Rows of the database that it was tried on; null where they could not be counted, and why is in the text. */
  readonly rows: number | null
  readonly text: string
}

/** Written after the migration and gone with the undo: to be counted in production when it is about to be run. */
export interface WrittenSince {
  readonly what: string
  readonly sql: string
}

interface Written {
  readonly origin: UndoOrigin
  /** The whole file, in one transaction where it is generated. Empty where nothing has to be taken back. */
  readonly sql: string
  readonly checked: readonly string[]
  readonly notChecked: readonly string[]
  readonly writtenSince: readonly WrittenSince[]
}

export type Undo =
  /** Up, down: the same catalog and the same rows; up again: the catalog of the first up. */
  | (Written & { readonly kind: 'proven'; readonly loses: readonly never[] })
  /** The catalog is the same again, what is in `loses` is not. */
  | (Written & { readonly kind: 'lossy'; readonly loses: readonly UndoLoss[] })
  | { readonly kind: 'impossible'; readonly origin: UndoOrigin; readonly because: string }
  /** It was run and the outcome is not the state before, or it could not be run. */
  | { readonly kind: 'not-proven'; readonly origin: UndoOrigin; readonly because: string; readonly sql: string }

/** Of one of the migrations that were rehearsed. */
export type RehearsedUndo = Undo & { readonly migration: string }

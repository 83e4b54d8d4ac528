/** What a database contains, small enough for a manifest, so that two databases can be compared. Plain JSON. */

/** Names the way rows are hashed. Hashes of two ways must not be compared. */
export const contentMethod = 'rows-1'

export type TableContent =
  | {
      readonly kind: 'read'
      readonly schema: string
      readonly name: string
      readonly rows: number
      /** The sum of the hashes of all rows, in decimal digits: the same in whatever order the rows lie. */
      readonly hash: string
    }
  | { readonly kind: 'not-read'; readonly schema: string; readonly name: string; readonly because: string }

export interface SequencePosition {
  readonly lastValue: string
  /** false: `lastValue` itself is the next value. */
  readonly isCalled: boolean
}

/** Sequences are no part of a snapshot (manual, 9.17): known is only where they were before and after the dump. */
export type SequenceContent =
  | {
      readonly kind: 'read'
      readonly schema: string
      readonly name: string
      readonly ascending: boolean
      readonly cycles: boolean
      readonly from: SequencePosition
      readonly to: SequencePosition
    }
  | { readonly kind: 'not-read'; readonly schema: string; readonly name: string; readonly because: string }

export type LargeObjectContent =
  | { readonly kind: 'read'; readonly count: number; readonly hash: string }
  | { readonly kind: 'not-read'; readonly because: string }

export interface DatabaseContent {
  readonly method: typeof contentMethod
  /** A row's text may look different in another major, so hashes are compared within one. */
  readonly serverMajor: number
  readonly tables: readonly TableContent[]
  readonly sequences: readonly SequenceContent[]
  readonly largeObjects: LargeObjectContent
  /** What no hash can say anything about, each with the reason. */
  readonly notComparable: readonly string[]
}

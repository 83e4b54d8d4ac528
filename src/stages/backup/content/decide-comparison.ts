import { quoteIdentifier } from '../../../postgres/quoting.ts'
import type { DatabaseContent, LargeObjectContent, SequenceContent, SequencePosition, TableContent } from './content.ts'

export type ContentDifference =
  | { readonly kind: 'missing'; readonly object: 'table' | 'sequence'; readonly name: string }
  | { readonly kind: 'surplus'; readonly object: 'table' | 'sequence'; readonly name: string }
  | { readonly kind: 'rows'; readonly name: string; readonly source: number; readonly copy: number }
  /** As many rows, and not the same ones. */
  | { readonly kind: 'content'; readonly name: string; readonly rows: number }
  | { readonly kind: 'sequence'; readonly name: string; readonly source: string; readonly copy: string }
  | { readonly kind: 'large-objects'; readonly source: number; readonly copy: number }

export interface ContentComparison {
  readonly tables: number
  readonly rows: number
  readonly sequences: number
  readonly largeObjects: number
  readonly differences: readonly ContentDifference[]
  /** What should have been compared and was not, with the reason: as long as there is any, the copy is not compared. */
  readonly notRead: readonly string[]
  /** What cannot be compared by its nature. */
  readonly notComparable: readonly string[]
}

export function isEqual(comparison: ContentComparison): boolean {
  return comparison.differences.length === 0 && comparison.notRead.length === 0
}

interface Named {
  readonly schema: string
  readonly name: string
}

const nameOf = ({ schema, name }: Named) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`

export function compareContent(source: DatabaseContent, copy: DatabaseContent): ContentComparison {
  const notComparable = [...new Set([...source.notComparable, ...copy.notComparable])].toSorted()
  if (source.method !== copy.method || source.serverMajor !== copy.serverMajor) {
    const ways = `${source.method} of PostgreSQL ${source.serverMajor} and ${copy.method} of ${copy.serverMajor}`
    const notRead = [`the content: hashes of different ways cannot be compared (${ways})`]
    return { tables: 0, rows: 0, sequences: 0, largeObjects: 0, differences: [], notRead, notComparable }
  }
  const tables = inPairs('table', source.tables, copy.tables)
  const sequences = inPairs('sequence', source.sequences, copy.sequences)
  const results = [
    ...tables.pairs.map(([a, b]) => compareTable(a, b)),
    ...sequences.pairs.map(([a, b]) => compareSequence(a, b)),
    compareLargeObjects(source.largeObjects, copy.largeObjects),
  ]
  return {
    tables: tables.pairs.length,
    rows: source.tables.reduce((sum, table) => sum + (table.kind === 'read' ? table.rows : 0), 0),
    sequences: sequences.pairs.length,
    largeObjects: source.largeObjects.kind === 'read' ? source.largeObjects.count : 0,
    differences: [
      ...tables.alone,
      ...sequences.alone,
      ...results.flatMap((result) => (result.kind === 'different' ? [result.difference] : [])),
    ],
    notRead: results.flatMap((result) => (result.kind === 'not-read' ? [result.what] : [])),
    notComparable,
  }
}

type Compared =
  | { readonly kind: 'equal' }
  | { readonly kind: 'different'; readonly difference: ContentDifference }
  | { readonly kind: 'not-read'; readonly what: string }

const equal: Compared = { kind: 'equal' }

function inPairs<Value extends Named>(object: 'table' | 'sequence', source: readonly Value[], copy: readonly Value[]) {
  const copies = new Map(copy.map((one) => [nameOf(one), one]))
  const pairs: (readonly [Value, Value])[] = []
  const alone: ContentDifference[] = []
  for (const one of source) {
    const name = nameOf(one)
    const other = copies.get(name)
    if (other === undefined) alone.push({ kind: 'missing', object, name })
    else pairs.push([one, other])
    copies.delete(name)
  }
  for (const name of copies.keys()) alone.push({ kind: 'surplus', object, name })
  return { pairs, alone }
}

function compareTable(source: TableContent, copy: TableContent): Compared {
  const name = nameOf(source)
  if (source.kind === 'not-read') return { kind: 'not-read', what: `${name} in the source: ${source.because}` }
  if (copy.kind === 'not-read') return { kind: 'not-read', what: `${name} in the copy: ${copy.because}` }
  if (source.rows !== copy.rows) {
    return { kind: 'different', difference: { kind: 'rows', name, source: source.rows, copy: copy.rows } }
  }
  if (source.hash !== copy.hash) {
    return { kind: 'different', difference: { kind: 'content', name, rows: source.rows } }
  }
  return equal
}

function compareSequence(source: SequenceContent, copy: SequenceContent): Compared {
  const name = nameOf(source)
  if (source.kind === 'not-read') return { kind: 'not-read', what: `${name} in the source: ${source.because}` }
  if (copy.kind === 'not-read') return { kind: 'not-read', what: `${name} in the copy: ${copy.because}` }
  const { from, to, ascending } = source
  const up = (a: SequencePosition, b: SequencePosition) =>
    ascending ? isNotAfter(a, b) : a.lastValue === b.lastValue ? isNotAfter(a, b) : !isNotAfter(a, b)
  if (!up(from, to)) {
    // It was set back, or began anew: any position may have been right when the dump read it.
    return { kind: 'not-read', what: `${name}: it was moved back while the dump was made` }
  }
  if (up(from, copy.to) && up(copy.to, to)) return equal
  const said =
    from.lastValue === to.lastValue && from.isCalled === to.isCalled ? say(from) : `${say(from)} to ${say(to)}`
  return { kind: 'different', difference: { kind: 'sequence', name, source: said, copy: say(copy.to) } }
}

/** In ascending order; of equal values the one that is not called yet comes first. */
function isNotAfter(a: SequencePosition, b: SequencePosition): boolean {
  const [left, right] = [BigInt(a.lastValue), BigInt(b.lastValue)]
  return left < right || (left === right && (!a.isCalled || b.isCalled))
}

function say({ lastValue, isCalled }: SequencePosition): string {
  return isCalled ? lastValue : `before ${lastValue}`
}

function compareLargeObjects(source: LargeObjectContent, copy: LargeObjectContent): Compared {
  if (source.kind === 'not-read') return { kind: 'not-read', what: `large objects in the source: ${source.because}` }
  if (copy.kind === 'not-read') return { kind: 'not-read', what: `large objects in the copy: ${copy.because}` }
  if (source.count === copy.count && source.hash === copy.hash) return equal
  return { kind: 'different', difference: { kind: 'large-objects', source: source.count, copy: copy.count } }
}

/** What was read before the dump and what was read after it, in one. A sequence that is in one only cannot be placed. */
export function spanSequences(
  before: readonly SequenceContent[],
  after: readonly SequenceContent[],
): readonly SequenceContent[] {
  const later = new Map(after.map((one) => [nameOf(one), one]))
  const spanned = before.map((one): SequenceContent => {
    const other = later.get(nameOf(one))
    later.delete(nameOf(one))
    const { schema, name } = one
    if (other === undefined)
      return { kind: 'not-read', schema, name, because: 'it was dropped while the dump was made' }
    if (one.kind === 'not-read') return one
    if (other.kind === 'not-read') return other
    return { ...one, to: other.to }
  })
  const made = [...later.values()].map(
    ({ schema, name }): SequenceContent => ({
      kind: 'not-read',
      schema,
      name,
      because: 'it was created while the dump was made',
    }),
  )
  return [...spanned, ...made]
}

export function sayDifference(difference: ContentDifference): string {
  switch (difference.kind) {
    case 'missing':
      return `${difference.name}: the ${difference.object} is not in the copy`
    case 'surplus':
      return `${difference.name}: the ${difference.object} is in the copy only`
    case 'rows':
      return `${difference.name}: ${difference.source} rows in the source, ${difference.copy} in the copy`
    case 'content':
      return `${difference.name}: ${difference.rows} rows in both, and not the same ones`
    case 'sequence':
      return `${difference.name}: the sequence stands at ${difference.source} in the source, at ${difference.copy} in the copy`
    case 'large-objects':
      return `large objects: ${difference.source} in the source, ${difference.copy} in the copy, and not the same`
  }
}

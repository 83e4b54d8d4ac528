/** What of a statement's time comes from the rows that it goes through, and how many of them production has. */

import type { Effects, RelationName, Statement } from '../../../sql/model.ts'
import type { TableSize } from '../../plan/sizes.ts'
import type { StatementTrace } from '../trace/trace.ts'
import type { RehearsalMode } from './estimate.ts'
import { exactly, type Range } from './range.ts'
import { worksOnRows } from './row-work.ts'

/** Of a table that the migrations made and put nothing into: the pages that a B-tree or GIN index begins with. */
const emptyIndexBytes = 2 * 8_192

export type Sizes = ReadonlyMap<RelationName, TableSize>

export interface BothSizes {
  /** For every relation of `relationsOf`: one that is absent does not exist there before the migrations. */
  readonly production: Sizes
  readonly copy: Sizes
}

export type Work =
  | { readonly kind: 'constant' }
  | {
      readonly kind: 'grows'
      /** Production's amount of work, in times of the copy's. */
      readonly ratio: Range
      readonly readMegabytes: number
      /** What production writes, and the copy did not have to: WAL, and files that are made safe at once. */
      readonly writeMegabytes: Range
      /** Each is waited for. */
      readonly filesMadeSafe: number
      readonly buildsIndex: boolean
    }
  | { readonly kind: 'unknown'; readonly because: string }

export interface StatementOnCopy {
  readonly trace: StatementTrace
  /** `undefined`: the plan has no such statement, so nothing is known about it but what was seen. */
  readonly planned: Statement | undefined
}

export function workOf({ trace, planned }: StatementOnCopy, mode: RehearsalMode, sizes: BothSizes): Work {
  // It gives the table a new, empty file, and the old one is not read.
  if (trace.kind === 'TruncateStmt') return { kind: 'constant' }
  const effects: Pick<Effects, 'scans' | 'rewrites' | 'unknown'> = planned?.effects ?? unplanned
  const rewritten = new Set([...trace.rewrites, ...effects.rewrites])
  const built = trace.indexes.filter(
    ({ relation, bytes }) => sizeOf(relation, sizes) !== undefined || bytes > emptyIndexBytes,
  )
  const indexed = new Set(built.map(({ relation }) => relation))
  const through = new Set([...trace.scans, ...effects.scans, ...rewritten, ...indexed])
  const onRows = worksOnRows(trace.kind, planned)
  if (mode === 'schema') {
    const inProduction = [...through].filter((relation) => sizes.production.has(relation))
    if (onRows) return { kind: 'unknown', because: 'it works on rows, and the copy has none' }
    if (effects.unknown) return { kind: 'unknown', because: 'what it does cannot be told, and the copy has no rows' }
    const [first] = inProduction
    return first === undefined
      ? { kind: 'constant' }
      : { kind: 'unknown', because: `it goes through ${first}, which is empty on the copy` }
  }
  if (onRows) for (const { relation, mode: held } of trace.locks) if (held === 'RowExclusiveLock') through.add(relation)
  if (onRows) for (const { relation } of planned?.effects.locks ?? []) through.add(relation)
  if (through.size === 0 && !onRows) return { kind: 'constant' }

  const megabytesOf = (relations: Iterable<RelationName>) =>
    [...relations].reduce((all, relation) => all + megabytes(sizeOf(relation, sizes)?.bytes ?? 0), 0)
  const ratio = ratioOf([...through], sizes)
  const newFiles = megabytesOf(rewritten) + built.reduce((all, { bytes }) => all + megabytes(bytes), 0) * ratio.likely
  const wal = megabytes(trace.walBytes) * ratio.likely
  // After a checkpoint the first change of a page writes all of it (full_page_writes), which the copy has off.
  const wholePages = onRows ? Math.min(megabytesOf(through), ((trace.rows ?? 0) * ratio.likely * 8) / 1_024) : 0
  return {
    kind: 'grows',
    ratio,
    readMegabytes: megabytesOf(through),
    writeMegabytes: {
      low: newFiles,
      likely: 2 * newFiles + wal + wholePages,
      high: 2 * newFiles + 2 * wal + 2 * wholePages,
    },
    filesMadeSafe: rewritten.size + built.length,
    buildsIndex: built.length > 0,
  }
}

const unplanned = { scans: [], rewrites: [], unknown: true } as const

function sizeOf(relation: RelationName, { production, copy }: BothSizes): TableSize | undefined {
  return production.get(relation) ?? copy.get(relation)
}

/** Rows that are gone leave bytes behind until VACUUM, in production and not in a restored copy: reading them takes time, sorting does not. */
function ratioOf(relations: readonly RelationName[], { production, copy }: BothSizes): Range {
  let ours = { bytes: 0, rows: 0 }
  let theirs = { bytes: 0, rows: 0 }
  let counted = true
  for (const relation of relations) {
    const there = production.get(relation)
    const here = copy.get(relation)
    if (there === undefined || here === undefined || here.bytes === 0) continue
    counted &&= there.rows !== null && here.rows !== null && here.rows > 0
    theirs = { bytes: theirs.bytes + there.bytes, rows: theirs.rows + (there.rows ?? 0) }
    ours = { bytes: ours.bytes + here.bytes, rows: ours.rows + (here.rows ?? 0) }
  }
  if (ours.bytes === 0) return exactly(1)
  const byBytes = theirs.bytes / ours.bytes
  const byRows = counted && ours.rows > 0 ? theirs.rows / ours.rows : byBytes
  // Both servers only estimate their rows; and below some pages a file's size says nothing.
  const [low, high] = [Math.min(byBytes, byRows, 1), Math.max(byBytes, byRows, 1)]
  return { low, likely: Math.sqrt(Math.max(byRows, 0.01) * Math.max(byBytes, 0.01)), high }
}

function megabytes(bytes: number): number {
  return bytes / 1_048_576
}

/** A deploy along its time: when whom each table makes wait. Drawn by its neighbours as Mermaid, as SVG and as text. */

import type { RelationName } from '../sql/model.ts'
import {
  type Blocking,
  blockings,
  type DeployEstimate,
  type Duration,
  type FileEstimate,
} from '../stages/rehearse/estimate/estimate.ts'
import type { Range } from '../stages/rehearse/estimate/range.ts'

export interface Interval {
  readonly startMs: number
  readonly endMs: number
  readonly blocks: Exclude<Blocking, 'nothing'>
  /** How long it may last; the drawing shows the likely value. */
  readonly held: Range
  /** Where the lock is taken: `1_init:12`. */
  readonly place: string
}

export interface TimelineRow {
  readonly relation: RelationName
  /** One after the other; between them nobody waits. */
  readonly intervals: readonly Interval[]
}

export interface TimelineFile {
  readonly migration: string
  readonly startMs: number
  readonly endMs: number
  /** Where its statements begin. */
  readonly starts: readonly number[]
}

export interface Timeline {
  readonly totalMs: number
  readonly files: readonly TimelineFile[]
  /** Those who make others wait longest first. */
  readonly rows: readonly TimelineRow[]
  /** Statements whose time is not known take no room in the drawing. */
  readonly unknown: number
  /** Locks that block somebody for a time that is not known. */
  readonly notDrawn: readonly { readonly relation: RelationName; readonly blocks: Blocking; readonly place: string }[]
}

interface Piece extends Interval {
  readonly relation: RelationName
}

export function timelineOf(estimate: DeployEstimate): Timeline {
  const files: TimelineFile[] = []
  const pieces: Piece[] = []
  const notDrawn: Timeline['notDrawn'][number][] = []
  let now = 0
  for (const file of estimate.files) {
    const startMs = now
    const own = file.statements.reduce((all, { duration }) => all + likelyOf(duration), 0)
    now += Math.max(0, file.total.ms.likely - own) / 2
    const starts: number[] = []
    for (const { duration, locks, line } of file.statements) {
      starts.push(now)
      for (const { relation, blocks, held } of locks) {
        if (blocks === 'nothing') continue
        const place = `${file.migration}:${line}`
        if (held.kind === 'unknown') notDrawn.push({ relation, blocks, place })
        else pieces.push({ relation, blocks, place, held: held.ms, startMs: now, endMs: now + held.ms.likely })
      }
      now += likelyOf(duration)
    }
    now = Math.max(now, startMs + file.total.ms.likely)
    files.push({ migration: file.migration, startMs, endMs: now, starts })
  }
  const relations = [...new Set(pieces.map(({ relation }) => relation))]
  const rows = relations.map((relation) => ({
    relation,
    intervals: strongestFirst(pieces.filter((piece) => piece.relation === relation)),
  }))
  return {
    totalMs: now,
    files,
    rows: rows.toSorted((a, b) => weightOf(b) - weightOf(a)),
    unknown: estimate.files.reduce((all, file) => all + unknownIn(file), 0),
    notDrawn,
  }
}

/** What a reader looks for first: who waits for long, and readers before writers. */
export function weightOf({ intervals }: Pick<TimelineRow, 'intervals'>): number {
  return intervals.reduce((all, one) => all + heaviness(one), 0)
}

export function heaviness({ startMs, endMs, blocks }: Interval): number {
  return (endMs - startMs) * blockings.indexOf(blocks)
}

/** At each moment the strongest of the locks counts; what is left of a weaker one is drawn before and behind it. */
function strongestFirst(pieces: readonly Piece[]): readonly Interval[] {
  const edges = [...new Set(pieces.flatMap(({ startMs, endMs }) => [startMs, endMs]))].toSorted((a, b) => a - b)
  const drawn: Interval[] = []
  for (const [at, startMs] of edges.entries()) {
    const endMs = edges[at + 1]
    const [strongest] = pieces
      .filter((piece) => piece.startMs <= startMs && startMs < piece.endMs)
      .toSorted((a, b) => blockings.indexOf(b.blocks) - blockings.indexOf(a.blocks) || a.startMs - b.startMs)
    if (endMs === undefined || strongest === undefined) continue
    const last = drawn.at(-1)
    const { blocks, held, place } = strongest
    if (last?.endMs === startMs && last.place === place && last.blocks === blocks) {
      drawn[drawn.length - 1] = { ...last, endMs }
    } else drawn.push({ startMs, endMs, blocks, held, place })
  }
  return drawn
}

function likelyOf(duration: Duration): number {
  return duration.kind === 'range' ? duration.ms.likely : 0
}

function unknownIn({ statements }: FileEstimate): number {
  return statements.filter(({ duration }) => duration.kind === 'unknown').length
}

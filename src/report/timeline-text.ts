/** For the terminal: a row of letters for each table. */

import { quotedRelation } from '../sql/identifiers.ts'
import { type Blocking, blockings } from '../stages/rehearse/estimate/estimate.ts'
import { printable, textWidth } from './findings-width.ts'
import { oneLine } from './markdown-text.ts'
import { rangeText, waitWords } from './rehearsal-words.ts'
import { heaviness, type Timeline, type TimelineRow } from './timeline.ts'
import { formatMs, plural } from './words.ts'

const columns = 48
const mostRows = 12

const letters: Readonly<Record<Blocking, string>> = {
  nothing: '.',
  'same-rows': 'r',
  writes: 'w',
  'writes-and-row-locks': 'w',
  'reads-and-writes': 'A',
}

export function textTimeline(timeline: Timeline, schema: string): readonly string[] {
  const shown = timeline.rows.slice(0, mostRows)
  if (shown.length === 0) return []
  const names = shown.map(({ relation }) => printable(oneLine(quotedRelation(relation, schema))))
  const width = Math.max(...names.map(textWidth))
  const pad = (name: string) => name + ' '.repeat(width - textWidth(name))
  const end = formatMs(timeline.totalMs)
  const left = timeline.rows.length - shown.length
  return [
    `${pad('')}  0${end.padStart(columns - 1)}`,
    ...shown.map((row, at) => `${pad(names[at] ?? '')}  ${lettersOf(row, timeline.totalMs)}  ${heaviestOf(row)}`),
    ...(left > 0 ? [`${plural(left, 'more table')} with shorter waits`] : []),
    '(A: all wait, w: writes wait, r: writes to the same rows wait, .: nobody waits)',
  ]
}

function lettersOf({ intervals }: TimelineRow, totalMs: number): string {
  const perColumn = Math.max(totalMs, 1) / columns
  return Array.from({ length: columns }, (_, at) => {
    // What is shorter than a column is seen all the same.
    const here = intervals.filter(
      ({ startMs, endMs }) => startMs < (at + 1) * perColumn && (endMs > at * perColumn || startMs >= at * perColumn),
    )
    const strongest = Math.max(0, ...here.map(({ blocks }) => blockings.indexOf(blocks)))
    return letters[blockings[strongest] ?? 'nothing']
  }).join('')
}

function heaviestOf({ intervals }: TimelineRow): string {
  const [first] = intervals.toSorted((a, b) => heaviness(b) - heaviness(a))
  if (first === undefined) return ''
  const more = intervals.length > 1 ? `, and ${plural(intervals.length - 1, 'time')} more` : ''
  return `${waitWords[first.blocks]} ${rangeText(first.held)}${more}`
}

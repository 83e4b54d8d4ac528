/** As a Mermaid chart, which GitHub draws in summaries and comments. https://mermaid.js.org/syntax/gantt.html */

import { quotedRelation } from '../sql/identifiers.ts'
import { printable, textWidth } from './findings-width.ts'
import { fenced, oneLine } from './markdown-text.ts'
import { rangeText, unnoticedMs, waitWords } from './rehearsal-words.ts'
import { heaviness, type Interval, type Timeline } from './timeline.ts'
import { plural } from './words.ts'

/** Mermaid refuses charts of more than 50,000 characters (`maxTextSize`), and readers give up long before. */
const mostIntervals = 30
const mostFiles = 20
const mostNameCharacters = 36

/** `undefined` where nobody would notice a wait: an empty chart says nothing. */
export function mermaidTimeline(timeline: Timeline, schema: string): string | undefined {
  const all = timeline.rows.flatMap(({ relation, intervals }) =>
    intervals.map((one) => ({ name: cut(quotedRelation(relation, schema)), one })),
  )
  const noticed = all.filter(({ one }) => one.held.high > unnoticedMs)
  if (noticed.length === 0) return undefined
  const heaviest = new Set(noticed.toSorted((a, b) => heaviness(b.one) - heaviness(a.one)).slice(0, mostIntervals))
  const kept = noticed.filter((each) => heaviest.has(each))
  const names = [...new Set(kept.map(({ name }) => name))]
  const lines = [
    `%%{init: {"gantt": {"leftPadding": ${paddingFor(names)}}}}%%`,
    'gantt',
    // Parsed and shown in the reader's own time zone, so that every zone sees the deploy begin at 0.
    '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    `  axisFormat ${axisOf(timeline.totalMs)}`,
    '  todayMarker off',
    '  section migrations',
    ...timeline.files
      .slice(0, mostFiles)
      .map(({ migration, startMs, endMs }) => task(`runs ${cut(migration)}`, '', startMs, endMs)),
    ...names.flatMap((name) => [
      `  section ${escaped(name)}`,
      ...kept
        .filter((each) => each.name === name)
        .map(({ one }) => task(`${waitWords[one.blocks]} ${rangeText(one.held)}`, tagOf(one), one.startMs, one.endMs)),
    ]),
  ]
  const rest = [
    ...notDrawn(all.length - kept.length, 'shorter wait'),
    ...notDrawn(timeline.files.length - mostFiles, 'later migration'),
  ]
  return [fenced(lines.join('\n'), 'mermaid'), ...(rest.length > 0 ? [rest.join(' ')] : [])].join('\n\n')
}

function notDrawn(count: number, what: string): string[] {
  return count > 0 ? [`${plural(count, what)} ${count === 1 ? 'is' : 'are'} not drawn.`] : []
}

/** Names stand left of the chart and would run into it. */
function paddingFor(names: readonly string[]): number {
  return Math.max(90, 24 + 7 * Math.max(...names.map(textWidth)))
}

/** Red is left to the worst. Mermaid's other marks, `active` and `done`, are written dark on dark in its dark theme (11.x). */
function tagOf({ blocks }: Interval): string {
  return blocks === 'reads-and-writes' ? 'crit, ' : ''
}

function task(text: string, tag: string, startMs: number, endMs: number): string {
  return `    ${escaped(text)} :${tag}${clock(startMs)}, ${clock(Math.max(endMs, startMs + 1))}`
}

function clock(ms: number): string {
  // A chart of more than a day would begin at 0 again; the date goes on.
  return new Date(Date.UTC(2000, 0, 1) + Math.round(ms)).toISOString().replace('T', ' ').replace('Z', '')
}

function axisOf(totalMs: number): string {
  if (totalMs < 2_000) return '%S.%L s'
  if (totalMs < 60_000) return '%-S s'
  return totalMs < 3_600_000 ? '%-M min %S s' : '%-H h %M min'
}

function cut(name: string): string {
  const shown = [...oneLine(printable(name))]
  return (shown.length > mostNameCharacters ? [...shown.slice(0, mostNameCharacters - 1), '…'] : shown).join('')
}

/** What would end a name or begin something else: as entities of Mermaid, `#58;`. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N} ._,()…-]/gu, (char) => `#${char.codePointAt(0)};`)
}

/**
 * As SVG: no script, nothing fetched, readable on white and on black. Who waits is told by colour, by pattern and in words.
 * Colours of Okabe and Ito, which people with any kind of colour blindness tell apart: https://jfly.uni-koeln.de/color/
 */

import { quotedRelation } from '../sql/identifiers.ts'
import { charWidth, printable, textWidth } from './findings-width.ts'
import { oneLine } from './markdown-text.ts'
import { markup } from './markup-text.ts'
import { rangeText, waitWords } from './rehearsal-words.ts'
import { heaviness, type Interval, type Timeline, type TimelineFile, type TimelineRow } from './timeline.ts'
import { tickStep, tickText } from './timeline-ticks.ts'
import { formatMs, plural } from './words.ts'

const mostRows = 40
const rowHeight = 26
const barHeight = 16
const labelWidth = 230
const axisWidth = 520
const noteWidth = 330
const width = labelWidth + axisWidth + noteWidth
/** Of what lasts shorter than a pixel. */
const leastWidth = 2
/** What fits at 12 px, where a column is about 7 px wide. */
const labelColumns = 30
const noteColumns = 50

const classes: Readonly<Record<Interval['blocks'], string>> = {
  'same-rows': 'rows',
  writes: 'writes',
  'writes-and-row-locks': 'writes',
  'reads-and-writes': 'all',
}

const shortWords: Readonly<Record<Interval['blocks'], string>> = {
  'same-rows': 'same rows',
  writes: 'writes',
  'writes-and-row-locks': 'writes',
  'reads-and-writes': 'reads and writes',
}

const legend = [
  ['all', 'reads and writes wait'],
  ['writes', 'writes wait'],
  ['rows', 'writes to the same rows wait'],
] as const

const style = `
.airlock-timeline { --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --file: #eaeef2; --all: #d55e00; --writes: #0072b2; --rows: #8a9199;
  color-scheme: light dark; font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  .airlock-timeline { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --file: #2a313c; --all: #e8772e; --writes: #56b4e9; --rows: #9aa1a9; }
}
.airlock-timeline text { fill: var(--ink); }
.airlock-timeline .soft { fill: var(--soft); }
.airlock-timeline .line { stroke: var(--line); }
.airlock-timeline .file { fill: var(--file); stroke: var(--line); }
.airlock-timeline .statement { stroke: var(--soft); }
.airlock-timeline .all { fill: var(--all); }
.airlock-timeline .writes { fill: var(--writes); }
.airlock-timeline .rows { fill: none; stroke: var(--rows); stroke-width: 2; }
.airlock-timeline .stripes { stroke: #fff; stroke-opacity: .55; stroke-width: 2; }`

export function svgTimeline(timeline: Timeline, schema: string): string {
  const rows = timeline.rows.slice(0, mostRows)
  const left = timeline.rows.length - rows.length
  const top = 52
  const bottom = top + (rows.length + 1) * rowHeight
  const height = bottom + 34 + (left > 0 ? 18 : 0)
  const x = (ms: number) => labelWidth + (ms / Math.max(timeline.totalMs, 1)) * axisWidth
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="airlock-timeline" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="airlock-timeline-title airlock-timeline-text">`,
    `<title id="airlock-timeline-title">Who waits for which table while the migrations run</title>`,
    `<desc id="airlock-timeline-text">${markup(describe(timeline, schema))}</desc>`,
    `<style>${style}\n</style>`,
    '<defs><pattern id="airlock-stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="stripes" x1="1" y1="0" x2="1" y2="8"/></pattern></defs>',
    ...legendAt(16),
    ...ticks(timeline.totalMs, x, { top, bottom }),
    text(0, top + 17, 'migrations'),
    ...timeline.files.flatMap((file) => fileBand(file, x, top)),
    ...rows.flatMap((row, at) => rowAt(row, x, top + (at + 1) * rowHeight, schema)),
    ...(left > 0 ? [text(0, height - 8, `${plural(left, 'more table')} with shorter waits`, 'soft')] : []),
    '</svg>',
  ].join('\n')
}

function legendAt(y: number): string[] {
  let x = labelWidth
  return legend.flatMap(([kind, words]) => {
    const at = x
    x += 34 + textWidth(words) * 6.4
    return [...bar(kind, at, y - 10, 18), text(at + 24, y, words)]
  })
}

function ticks(totalMs: number, x: (ms: number) => number, { top, bottom }: { top: number; bottom: number }): string[] {
  const step = tickStep(totalMs)
  const lines: string[] = []
  for (let ms = 0; ms <= totalMs; ms += step) {
    const at = round(x(ms))
    lines.push(`<line class="line" x1="${at}" y1="${top - 4}" x2="${at}" y2="${bottom}"/>`)
    lines.push(`<text class="soft" x="${at}" y="${top - 10}" text-anchor="middle">${tickText(ms)}</text>`)
  }
  return lines
}

function fileBand(
  { migration, startMs, endMs, starts }: TimelineFile,
  x: (ms: number) => number,
  top: number,
): string[] {
  const [from, to] = [x(startMs), Math.max(x(endMs), x(startMs) + leastWidth)]
  const fits = Math.floor((to - from - 8) / 7)
  const statements = starts.map((ms) => {
    const at = round(x(ms))
    return `<line class="statement" x1="${at}" y1="${top + 4}" x2="${at}" y2="${top + 8}"/>`
  })
  return [
    `<g><title>${markup(`${migration}: ${plural(starts.length, 'statement')}, about ${formatMs(endMs - startMs)}`)}</title>`,
    `<rect class="file" x="${round(from)}" y="${top + 4}" width="${round(to - from)}" height="${barHeight}"/>`,
    ...statements,
    ...(fits >= Math.min(12, textWidth(migration)) ? [text(from + 4, top + 17, cut(migration, fits))] : []),
    '</g>',
  ]
}

function rowAt({ relation, intervals }: TimelineRow, x: (ms: number) => number, y: number, schema: string): string[] {
  const name = quotedRelation(relation, schema)
  const [longest] = intervals.toSorted((a, b) => heaviness(b) - heaviness(a))
  const more = intervals.length > 1 ? `, +${intervals.length - 1}` : ''
  const note = longest === undefined ? '' : `${shortWords[longest.blocks]}: ${rangeText(longest.held)}${more}`
  return [
    `<g><title>${markup(name)}</title>`,
    `<line class="line" x1="${labelWidth}" y1="${y + 12}" x2="${labelWidth + axisWidth}" y2="${y + 12}"/>`,
    text(0, y + 16, cut(name, labelColumns)),
    ...intervals.flatMap((one) => [
      `<g><title>${markup(`${name}: ${waitWords[one.blocks]} ${rangeText(one.held)}, from ${one.place}`)}</title>`,
      ...bar(classes[one.blocks], x(one.startMs), y + 4, Math.max(leastWidth, x(one.endMs) - x(one.startMs))),
      '</g>',
    ]),
    text(labelWidth + axisWidth + 10, y + 16, cut(note, noteColumns), 'soft'),
    '</g>',
  ]
}

function bar(kind: string, x: number, y: number, wide: number): string[] {
  const place = `x="${round(x)}" y="${y}" width="${round(wide)}" height="${barHeight}"`
  if (kind === 'rows')
    return [
      `<rect class="rows" x="${round(x + 1)}" y="${y + 1}" width="${round(Math.max(1, wide - 2))}" height="${barHeight - 2}"/>`,
    ]
  const stripes = kind === 'all' ? [`<rect fill="url(#airlock-stripes)" ${place}/>`] : []
  return [`<rect class="${kind}" ${place}/>`, ...stripes]
}

/** What the picture shows, for those who cannot see it. */
function describe(timeline: Timeline, schema: string): string {
  const rows = timeline.rows.slice(0, mostRows).map(({ relation, intervals }) => {
    const waits = intervals.map(
      (one) => `from ${formatMs(one.startMs)} to ${formatMs(one.endMs)} ${waitWords[one.blocks]}`,
    )
    return `${quotedRelation(relation, schema)}: ${waits.join(', ')}.`
  })
  const left = timeline.rows.length - rows.length
  const rest = left > 0 ? [`${plural(left, 'more table')} with shorter waits.`] : []
  return [
    `${plural(timeline.files.length, 'migration')} in about ${formatMs(timeline.totalMs)}.`,
    ...rows,
    ...rest,
  ].join(' ')
}

function text(x: number, y: number, words: string, className?: string): string {
  return `<text${className === undefined ? '' : ` class="${className}"`} x="${round(x)}" y="${round(y)}">${markup(words)}</text>`
}

function cut(words: string, columns: number): string {
  const shown = oneLine(printable(words))
  if (textWidth(shown) <= columns) return shown
  let kept = ''
  let used = 1
  for (const char of shown) {
    used += charWidth(char)
    if (used > columns) break
    kept += char
  }
  return `${kept}…`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** A rehearsal on a page of its own: one file, no script, nothing fetched. */

import type { FileEstimate, StatementEstimate } from '../stages/rehearse/estimate/estimate.ts'
import type { StoppedTrace } from '../stages/rehearse/trace/trace.ts'
import { markup } from './markup-text.ts'
import { halfwayRows } from './rehearsal-halfway.ts'
import {
  dataChecksIn,
  heaviestOf,
  notObservedIn,
  type RehearsalSection,
  statementsOf,
  verdictOf,
} from './rehearsal-section.ts'
import { inProduction, notRunText, whoWaits } from './rehearsal-statement.ts'
import { undoRows, undoSummary } from './rehearsal-undo.ts'
import { totalText } from './rehearsal-words.ts'
import { timelineOf } from './timeline.ts'
import { svgTimeline } from './timeline-svg.ts'
import { formatMs, plural } from './words.ts'

/** A page can be long, and a browser shows it all the same; a file of some megabytes is for nobody. */
const mostStatements = 500
const mostSqlCharacters = 2_000

const style = `
:root { color-scheme: light dark; --line: #d1d9e0; --soft: #59636e; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #9198a1; } body { background: #0d1117; color: #f0f6fc; } }
body { font: 14px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; max-width: 1120px; margin: 24px auto; padding: 0 16px; }
.verdict { font-size: 18px; font-weight: 600; }
.wide { overflow-x: auto; }
.wide svg { max-width: 100%; height: auto; min-width: 760px; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 6px 8px; text-align: left; vertical-align: top; }
td.number { text-align: right; white-space: nowrap; }
pre, code { font: 12px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.soft { color: var(--soft); }`

export function rehearsalHtml(section: RehearsalSection): string {
  const { estimate, schema, trace, disagreements, undo, halfway, notChecked } = section
  const [verdict = '', ...more] = verdictOf(section)
  const timeline = timelineOf(estimate)
  const shown = new Set(heaviestOf(statementsOf(estimate), mostStatements))
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    // Should anything in it ever look like a script or a picture, the browser leaves it alone.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Rehearsal</title>',
    `<style>${style}\n</style>`,
    '</head>',
    '<body>',
    '<h1>Rehearsal</h1>',
    `<p class="verdict">${markup(verdict)}</p>`,
    ...more.map((sentence) => `<p>${markup(sentence)}</p>`),
    ...(trace.stopped === undefined ? [] : stoppedAt(trace.stopped)),
    ...list(
      'The copy did something else than the text says',
      disagreements.map((one) => `${one.migration}:${one.line} ${one.text}`),
    ),
    ...(timeline.rows.length === 0
      ? []
      : ['<h2>Who waits when</h2>', `<div class="wide">${svgTimeline(timeline, schema)}</div>`]),
    ...estimate.files.flatMap((file) => fileTable(file, shown, section)),
    ...(estimate.notRun === 0 ? [] : [`<p>${markup(notRunText(estimate.notRun))}</p>`]),
    ...list('What the data says', dataChecksIn(section)),
    ...waysBack(undo),
    ...endings(halfway),
    ...list('Not observed', notObservedIn(section)),
    ...list('Not checked', notChecked),
    '<p class="soft">Nine of ten real times are meant to lie within their range. A statement that waits for its own lock makes those behind it wait as well.</p>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function stoppedAt({ migration, line, sql, sqlState, message, offending, find }: StoppedTrace): string[] {
  const state = sqlState === undefined ? '' : ` (SQLSTATE ${sqlState})`
  const rows =
    offending.kind === 'counted'
      ? `${plural(offending.rows, 'row')} ${offending.rows === 1 ? 'stands' : 'stand'} in the way.`
      : `Rows that stand in the way were not counted: ${offending.because}`
  return [
    `<p><code>${markup(`${migration}:${line}`)}</code>: ${markup(`${message}${state}`)}</p>`,
    `<pre>${markup(cut(sql))}</pre>`,
    `<p>${markup(rows)}</p>`,
    ...(find === undefined ? [] : ['<p>To find them:</p>', `<pre>${markup(find)}</pre>`]),
  ]
}

function fileTable(file: FileEstimate, shown: ReadonlySet<StatementEstimate>, section: RehearsalSection): string[] {
  const rows = file.statements.filter((statement) => shown.has(statement))
  const left = file.statements.length - rows.length
  const head = ['statement', 'line', 'on the copy', 'in production', 'who waits', 'rows'].map(
    (name) => `<th scope="col">${name}</th>`,
  )
  return [
    `<h2>${markup(file.migration)}</h2>`,
    `<p>${formatMs(file.copyMs)} on the copy, ${markup(totalText(file.total))} in production</p>`,
    `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>`,
    ...rows.map((statement) => row(statement, section)),
    '</tbody></table></div>',
    ...(left === 0 ? [] : [`<p>${plural(left, 'more statement')}, none of them longer than those shown.</p>`]),
  ]
}

function row(statement: StatementEstimate, { plan, schema }: RehearsalSection): string {
  const sql = plan
    .find(({ name }) => name === statement.migration)
    ?.statements.find(({ index }) => index === statement.index)?.sql
  const cells = [
    `<td><code>${markup(cut(sql ?? statement.kind))}</code></td>`,
    `<td class="number">${statement.line}</td>`,
    `<td class="number">${formatMs(statement.copyMs)}</td>`,
    `<td>${markup(inProduction(statement))}</td>`,
    `<td>${markup(whoWaits(statement.locks, schema))}</td>`,
    `<td class="number">${statement.rows ?? ''}</td>`,
  ]
  return `<tr>${cells.join('')}</tr>`
}

function endings(halfway: RehearsalSection['halfway']): string[] {
  if (halfway.length === 0) return []
  const head = ['migration', 'what is in force then', 'the next deploy'].map((name) => `<th scope="col">${name}</th>`)
  const rows = halfwayRows(halfway).map(
    ({ migration, inForce, next }) =>
      `<tr><td><code>${markup(migration)}</code></td><td>${markup(inForce)}</td><td>${markup(next)}</td></tr>`,
  )
  return [
    '<h2>If the deploy ends inside of a migration</h2>',
    `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div>',
  ]
}

function waysBack(undo: RehearsalSection['undo']): string[] {
  if (undo.length === 0) return []
  const head = ['migration', 'way back', 'what does not come back'].map((name) => `<th scope="col">${name}</th>`)
  const rows = undoRows(undo).map(({ migration, answer, detail }, at) => {
    const one = undo[at]
    const sql = one !== undefined && 'sql' in one ? one.sql.trim() : ''
    const shown = sql === '' ? '' : `<details><summary>SQL</summary><pre>${markup(cut(sql))}</pre></details>`
    return `<tr><td><code>${markup(migration)}</code></td><td>${markup(answer)}</td><td>${markup(detail)}${shown}</td></tr>`
  })
  return [
    '<h2>The way back</h2>',
    `<p>${markup(undoSummary(undo))}</p>`,
    `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div>',
  ]
}

function list(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  return [`<h2>${heading}</h2>`, '<ul>', ...lines.map((line) => `<li>${markup(line)}</li>`), '</ul>']
}

function cut(sql: string): string {
  const characters = [...sql]
  return characters.length > mostSqlCharacters ? `${characters.slice(0, mostSqlCharacters).join('')}…` : sql
}

/** The section about a rehearsal in the job summary, the report file and a comment. */

import type { FileEstimate, StatementEstimate } from '../stages/rehearse/estimate/estimate.ts'
import type { StoppedTrace } from '../stages/rehearse/trace/trace.ts'
import { cell, code, codeCell, fenced, line, table } from './markdown-text.ts'
import { halfwayRows } from './rehearsal-halfway.ts'
import {
  dataChecksIn,
  heaviestOf,
  notObservedIn,
  type RehearsalSection,
  type ShownFile,
  statementsOf,
  verdictOf,
} from './rehearsal-section.ts'
import { inProduction, notRunText, whoWaits } from './rehearsal-statement.ts'
import { undoRows, undoSummary } from './rehearsal-undo.ts'
import { totalText } from './rehearsal-words.ts'
import { timelineOf } from './timeline.ts'
import { mermaidTimeline } from './timeline-mermaid.ts'
import { formatMs, plural } from './words.ts'

/** A comment holds 65,536 characters, and the findings stand in it as well. */
const mostStatements = 60
const mostLines = 20
const mostSqlCharacters = 70

export function rehearsalMarkdown(section: RehearsalSection): string {
  const { estimate, plan, schema, trace, disagreements, undo, halfway, notChecked } = section
  const [verdict = '', ...more] = verdictOf(section)
  const shown = new Set(heaviestOf(statementsOf(estimate), mostStatements))
  return [
    '### Rehearsal',
    `**${line(verdict)}**`,
    ...more.map(line),
    ...(trace.stopped === undefined ? [] : stoppedAt(trace.stopped)),
    ...part(
      'The copy did something else than the text says',
      disagreements.map((one) => `${one.migration}:${one.line} ${one.text}`),
    ),
    mermaidTimeline(timelineOf(estimate), schema) ?? '',
    ...estimate.files.map((file) => fileTable(file, shown, { plan, schema })),
    notRunText(estimate.notRun),
    ...part('What the data says', dataChecksIn(section)),
    ...waysBack(undo),
    ...endings(halfway),
    ...part('Not observed', notObservedIn(section)),
    ...part('Not checked', notChecked),
    '<sub>Nine of ten real times are meant to lie within their range. A statement that waits for its own lock makes those behind it wait as well.</sub>',
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}

function stoppedAt({ migration, line: at, sql, sqlState, message, offending, find }: StoppedTrace): string[] {
  const state = sqlState === undefined ? '' : ` (SQLSTATE ${sqlState})`
  return [
    `${code(`${migration}:${at}`)}: ${line(message)}${line(state)}`,
    fenced(cut(sql, 2_000), 'sql'),
    offending.kind === 'counted'
      ? `${plural(offending.rows, 'row')} ${offending.rows === 1 ? 'stands' : 'stand'} in the way.`
      : `Rows that stand in the way were not counted: ${line(offending.because)}`,
    ...(find === undefined ? [] : ['To find them:', fenced(find, 'sql')]),
  ]
}

interface Around {
  readonly plan: readonly ShownFile[]
  readonly schema: string
}

function fileTable(file: FileEstimate, shown: ReadonlySet<StatementEstimate>, around: Around): string {
  const rows = file.statements.filter((statement) => shown.has(statement))
  const left = file.statements.length - rows.length
  const heading = `${code(file.migration)}: ${formatMs(file.copyMs)} on the copy, ${totalText(file.total)} in production`
  const head = ['statement', 'line', 'on the copy', 'in production', 'who waits', 'rows']
  return [
    heading,
    ...(rows.length === 0
      ? []
      : [
          table(
            head,
            rows.map((statement) => row(statement, around)),
          ),
        ]),
    ...(left === 0 ? [] : [`${plural(left, 'more statement')}, none of them longer than those shown.`]),
  ].join('\n\n')
}

function row(statement: StatementEstimate, { plan, schema }: Around): string[] {
  const sql = plan
    .find(({ name }) => name === statement.migration)
    ?.statements.find(({ index }) => index === statement.index)?.sql
  return [
    codeCell(cut(sql ?? statement.kind, mostSqlCharacters)),
    String(statement.line),
    formatMs(statement.copyMs),
    cell(inProduction(statement)),
    cell(whoWaits(statement.locks, schema)),
    statement.rows === null ? '' : String(statement.rows),
  ]
}

function part(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const left = lines.length - mostLines
  const rest = left > 0 ? [`- and ${left} more`] : []
  return [`#### ${heading}`, [...lines.slice(0, mostLines).map((one) => `- ${line(one)}`), ...rest].join('\n')]
}

function endings(halfway: RehearsalSection['halfway']): string[] {
  const rows = halfwayRows(halfway).map(({ migration, inForce, next }) => [
    codeCell(migration),
    cell(inForce),
    cell(next),
  ])
  if (rows.length === 0) return []
  const left = rows.length - mostStatements
  return [
    '#### If the deploy ends inside of a migration',
    table(['migration', 'what is in force then', 'the next deploy'], rows.slice(0, mostStatements)),
    ...(left > 0 ? [`${plural(left, 'more state')}: see the result.`] : []),
  ]
}

function waysBack(undo: RehearsalSection['undo']): string[] {
  if (undo.length === 0) return []
  const rows = undoRows(undo).map(({ migration, answer, detail }) => [codeCell(migration), cell(answer), cell(detail)])
  const left = rows.length - mostStatements
  return [
    '#### The way back',
    undoSummary(undo),
    table(['migration', 'way back', 'what does not come back'], rows.slice(0, mostStatements)),
    ...(left > 0 ? [`${plural(left, 'more migration')}: see the result.`] : []),
  ]
}

function cut(sql: string, most: number): string {
  const characters = [...sql.trim()]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : sql.trim()
}

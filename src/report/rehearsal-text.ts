/** What the terminal prints about a rehearsal. */

import { printable } from './findings-width.ts'
import { oneLine } from './markdown-text.ts'
import { halfwayRows, halfwaySentence } from './rehearsal-halfway.ts'
import {
  dataChecksIn,
  heaviestOf,
  notObservedIn,
  type RehearsalSection,
  statementsOf,
  verdictOf,
} from './rehearsal-section.ts'
import { inProduction, notRunText, whoWaits } from './rehearsal-statement.ts'
import { undoRows } from './rehearsal-undo.ts'
import { timelineOf } from './timeline.ts'
import { textTimeline } from './timeline-text.ts'
import { formatMs, plural } from './words.ts'

const mostStatements = 12
const mostLines = 10

export function rehearsalText(section: RehearsalSection): string {
  const { estimate, schema, trace, disagreements, undo, halfway, notChecked } = section
  const statements = statementsOf(estimate)
  const shown = heaviestOf(statements, mostStatements)
  const left = statements.length - shown.length
  const { stopped } = trace
  return [
    ...verdictOf(section).map((sentence) => `rehearsal: ${sentence}`),
    ...(stopped === undefined
      ? []
      : [
          `${stopped.migration}:${stopped.line}  ${oneLine(stopped.message)}${stopped.sqlState === undefined ? '' : ` (SQLSTATE ${stopped.sqlState})`}`,
          ...(stopped.offending.kind === 'counted' ? [] : [`not counted: ${stopped.offending.because}`]),
          ...(stopped.find === undefined ? [] : ['to find them:', indent(stopped.find)]),
        ]),
    ...list(
      'the copy disagrees',
      disagreements.map((one) => `${one.migration}:${one.line} ${one.text}`),
    ),
    ...textTimeline(timelineOf(estimate), schema),
    ...shown.flatMap((one) => [
      `${one.migration}:${one.line}  ${formatMs(one.copyMs)} on the copy, in production ${inProduction(one)}`,
      indent(`waits: ${whoWaits(one.locks, schema)}${one.rows === null ? '' : `; ${plural(one.rows, 'row')}`}`),
    ]),
    ...(left === 0 ? [] : [`${plural(left, 'more statement')}, none of them longer`]),
    ...(estimate.notRun === 0 ? [] : [notRunText(estimate.notRun)]),
    ...list('data', dataChecksIn(section)),
    ...list(
      'way back',
      undoRows(undo).map(({ migration, answer, detail }) => `${migration}: ${answer}. ${detail}`),
    ),
    ...list('if it ends half-way', halfwayRows(halfway).map(halfwaySentence)),
    ...list('not observed', notObservedIn(section)),
    ...list('not checked', notChecked),
  ]
    .map(printable)
    .join('\n')
    .concat('\n')
}

function list(what: string, lines: readonly string[]): string[] {
  const left = lines.length - mostLines
  return [...lines.slice(0, mostLines), ...(left > 0 ? [`and ${left} more`] : [])].map(
    (one) => `${what}: ${oneLine(one)}`,
  )
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}

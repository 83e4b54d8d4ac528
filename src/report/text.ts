import type { Outcome, RunResult } from '../result.ts'
import { printable } from './findings-width.ts'
import { headlineOf, targetOf } from './headline.ts'
import { oneLine } from './markdown-text.ts'
import { migrationState } from './migration-state.ts'
import { sectionOf } from './rehearsal-section.ts'
import { rehearsalText } from './rehearsal-text.ts'
import { formatBytes, plural } from './words.ts'

/** What the terminal prints at the end. The stages were shown while they ran; here is what came of them. */

export interface TextStyle {
  readonly colour: boolean
  /** Prints one finding with its source line and caret. */
  readonly finding: (finding: RunResult['findings'][number]) => string
}

const colours: Record<Outcome, number> = {
  clear: 32,
  applied: 32,
  'nothing-pending': 32,
  done: 32,
  'needs-approval': 33,
  blocked: 33,
  refused: 33,
  recovered: 33,
  'needs-human': 31,
  failed: 31,
}

export function textReport(result: RunResult, style: TextStyle): string {
  const target = targetOf(result)
  const headline = paint(headlineOf(result), colours[result.outcome], style)
  return [
    ...findingLines(result, style),
    ...allowedLines(result, style),
    ...rehearsalLines(result),
    ...migrationLines(result),
    `${result.command}: ${headline}${target === '' ? '' : `  ${paint(target, 2, style)}`}`,
    ...(result.reason === '' ? [] : [indent(printable(result.reason))]),
    ...failureLines(result),
    ...result.notices.map((notice) => indent(`note     ${printable(notice)}`)),
    ...(result.backup === undefined
      ? []
      : [
          indent(
            `backup   ${printable(result.backup.manifest)} (${formatBytes(result.backup.bytes)}, tier ${result.backup.tier})`,
          ),
        ]),
    ...undoLines(result),
    ...(result.digest === undefined ? [] : [indent(`digest   ${result.digest}`)]),
    ...(result.next.length === 0 ? [] : ['', 'Next:', ...result.next.map((step) => indent(printable(step)))]),
    '',
  ].join('\n')
}

/** Before a decision every finding is read; once the plan was applied, a repetition would bury what came of it. */
function findingLines({ outcome, findings }: RunResult, style: TextStyle): string[] {
  const decided = outcome === 'applied' || outcome === 'recovered' || outcome === 'needs-human'
  return decided ? [] : findings.map((finding) => `${style.finding(finding)}\n`)
}

/** Nothing that somebody silenced disappears: the reason is there for whoever reads the result. */
function allowedLines({ allowed }: RunResult, style: TextStyle): string[] {
  if (allowed.length === 0) return []
  const lines = allowed.flatMap(({ rule, file, line, message, reason }) => [
    `${paint(`allowed[${rule}]`, 36, style)}: ${printable(message)}`,
    indent(`because ${printable(reason)}`),
    indent(paint(`--> ${printable(file)}:${line}`, 2, style)),
  ])
  return [...lines, '']
}

function migrationLines(result: RunResult): string[] {
  const lines = result.migrations.map((migration) => {
    const execution = migration.atomic ? 'all or nothing' : 'statement by statement'
    const state = result.command === 'check' ? '' : `${migrationState(result, migration.name)}  `
    return `  ${state}${printable(oneLine(migration.name))}  (${migration.stage}, ${plural(migration.statements.length, 'statement')}, ${execution})`
  })
  return lines.length === 0 ? [] : [...lines, '']
}

function rehearsalLines(result: RunResult): string[] {
  const section = sectionOf(result)
  return section === undefined ? [] : [rehearsalText(section)]
}

function failureLines({ failure }: RunResult): string[] {
  return failure === undefined
    ? []
    : [
        indent(printable(`${failure.code}: ${failure.what}`)),
        ...(failure.why === '' ? [] : [indent(printable(failure.why))]),
      ]
}

function undoLines({ undo }: RunResult): string[] {
  return undo === undefined || undo.sql.trim() === '' ? [] : ['', printable(undo.sql.trimEnd())]
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}

function paint(text: string, code: number, style: TextStyle): string {
  return style.colour ? `\u001b[${code}m${text}\u001b[0m` : text
}

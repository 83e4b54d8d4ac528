/** A finding for people at a terminal: what is wrong, the line it is about, why, and what to write instead. */

import type { Finding, Severity } from '../rules/finding.ts'
import { tokens } from '../sql/lexer.ts'
import { charWidth, printable, textWidth, wrapped } from './findings-width.ts'

export interface FindingStyle {
  readonly colour: boolean
  /** Columns of the terminal. Prose is wrapped and the source line is cut to it; SQL to paste never is. */
  readonly width: number
}

/** Where the line of a finding comes from; a SourceText is one. */
export interface SourceLines {
  readonly lineText: (line: number) => string
}

type Colour = 'red' | 'yellow' | 'cyan' | 'dim' | 'bold'
const codes: Readonly<Record<Colour, number>> = { red: 31, yellow: 33, cyan: 36, dim: 2, bold: 1 }
const colourOf: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', notice: 'cyan' }
const narrowest = 40

/** Without a source, for a file that cannot be read any more, the place is named and the line left out. */
export function findingText(finding: Finding, source: SourceLines | undefined, style: FindingStyle): string {
  const width = Math.max(style.width, narrowest)
  const paint = (text: string, ...colours: readonly Colour[]) => painted(text, colours, style)
  const gutter = ' '.repeat(String(finding.line).length)
  const bar = paint('|', 'dim')
  const head = `${finding.severity}[${finding.rule}]`
  const [first = '', ...rest] = wrapped(printable(`${head}: ${finding.message}`), width)
  const section = (title: string, lines: readonly string[]) => [
    `${gutter} ${paint('=', 'dim')} ${paint(`${title}:`, 'bold')}`,
    ...lines.map((line) => `${gutter}   ${line}`),
  ]
  return [
    first.startsWith(head)
      ? `${paint(head, colourOf[finding.severity], 'bold')}${paint(first.slice(head.length), 'bold')}`
      : first,
    ...rest.map((line) => paint(line, 'bold')),
    `${gutter}${paint('-->', 'dim')} ${printable(finding.file)}:${finding.line}:${finding.column}`,
    ...excerpt(finding, source, width - gutter.length - 3).map((line, index) => {
      const margin = index === 1 ? paint(String(finding.line), 'dim') : gutter
      return `${margin} ${bar}${line === '' ? '' : ` ${index === 2 ? paint(line, colourOf[finding.severity]) : line}`}`
    }),
    ...section('why', wrapped(printable(finding.why), width - gutter.length - 3)),
    ...section('instead', printable(finding.instead).split('\n')),
    `${gutter} ${paint('=', 'dim')} ${paint(finding.docs, 'dim')}`,
  ].join('\n')
}

/** An empty line, the source line, and the carets under it. */
function excerpt(finding: Finding, source: SourceLines | undefined, width: number): readonly string[] {
  if (source === undefined) return []
  const line = source.lineText(finding.line)
  if (line.trim() === '') return []
  const chars = [...line]
  const from = Math.min(finding.column - 1, chars.length)
  const to = Math.max(endOfClause(line, chars.slice(0, from).join('').length, chars), from + 1)
  const shown = cut(chars, from, to, width)
  const before = shown.before + printable(chars.slice(shown.start, from).join('').replaceAll('\t', ' '))
  const marked = printable(chars.slice(from, shown.end).join('').replaceAll('\t', ' '))
  const after =
    printable(chars.slice(Math.max(shown.end, from), shown.last).join('').replaceAll('\t', ' ')) + shown.after
  return [
    '',
    `${before}${marked}${after}`,
    `${' '.repeat(textWidth(before))}${'^'.repeat(Math.max(1, textWidth(marked)))}`,
  ]
}

/** The carets stand under the rest of the clause, to the comma or semicolon that ends it or to the end of the line. */
function endOfClause(line: string, offset: number, chars: readonly string[]): number {
  let depth = 0
  let end = offset
  for (const token of tokens(line, offset)) {
    const symbol = token.kind === 'symbol' ? line.charAt(token.start) : ''
    if (symbol === '(') depth += 1
    if (symbol === ')') depth -= 1
    if (depth < 0 || (depth === 0 && (symbol === ',' || symbol === ';'))) break
    end = token.end
  }
  return Math.min([...line.slice(0, end)].length, chars.length)
}

interface Cut {
  readonly start: number
  readonly end: number
  readonly last: number
  readonly before: string
  readonly after: string
}

/** A window of the line that has the marked part in it, with an ellipsis where something was left out. */
function cut(chars: readonly string[], from: number, to: number, width: number): Cut {
  if (textWidth(chars.join('')) <= width) return { start: 0, end: to, last: chars.length, before: '', after: '' }
  const widthAt = (index: number) => charWidth(chars[index] ?? '')
  let start = from
  for (let room = Math.floor(width / 3); start > 0 && widthAt(start - 1) <= room; start -= 1) room -= widthAt(start - 1)
  const before = start > 0 ? '…' : ''
  let last = start
  for (let room = width - before.length - 1; last < chars.length && widthAt(last) <= room; last += 1)
    room -= widthAt(last)
  return { start, end: Math.min(to, last), last, before, after: last < chars.length ? '…' : '' }
}

function painted(text: string, colours: readonly Colour[], style: FindingStyle): string {
  if (!style.colour || text === '') return text
  return `\u001b[${colours.map((colour) => codes[colour]).join(';')}m${text}\u001b[0m`
}

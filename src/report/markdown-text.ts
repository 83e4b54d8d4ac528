import { printable } from './findings-width.ts'

/**
 * Text that others wrote, inside Markdown: names of migrations, tables and columns, SQL, output of Prisma. Whoever writes a
 * migration must not be able to write the report about it.
 */

/** A separator that shows nothing; after it a mark no longer begins what it would begin. */
const nothing = '\u200b'

/** What makes a line more than text: headings, quotes, lists, rulers, tables, fences. https://github.github.com/gfm/ */
const lineMarks = /^(\s*)(?=[#>|=+*-]|`{3}|~{3}|\d+[.)])/gm

/** Text of one or more lines. No markup, no link, no image, and nobody is mentioned. */
export function prose(text: string): string {
  return html(clean(text))
    .replaceAll('@', `@${nothing}`)
    .replaceAll(/\](?=[([:])/g, `]${nothing}`)
    .replaceAll(lineMarks, `$1${nothing}`)
}

/** For headings, list items and table cells, which a line break would end. */
export function line(text: string): string {
  return prose(oneLine(text))
}

export function cell(text: string): string {
  return line(text).replaceAll('|', '\\|')
}

/** A code span, whatever is in it. In a table GFM looks for pipes before it looks for code. */
export function code(text: string): string {
  const shown = oneLine(clean(text))
  const fence = '`'.repeat(longestRun(shown) + 1)
  const space = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${space}${shown}${space}${fence}`
}

export function codeCell(text: string): string {
  return code(text).replaceAll('|', '\\|')
}

export function quote(text: string): string {
  return prose(text)
    .split('\n')
    .map((one) => `> ${one}`)
    .join('\n')
}

export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(2, longestRun(text)) + 1)
  return `${fence}${language}\n${clean(text)}\n${fence}`
}

/** Of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [row(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(row)].join('\n')
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ')
}

function clean(text: string): string {
  return printable(text.replaceAll('\r\n', '\n'))
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length))
}

import { describe, expect, it } from 'vitest'
import { findingText } from '../../src/report/findings-text.ts'
import { textWidth } from '../../src/report/findings-width.ts'
import type { Finding } from '../../src/rules/finding.ts'
import { sourceText } from '../../src/sql/source-text.ts'

const finding: Finding = {
  rule: 'ban-drop-column',
  severity: 'error',
  migration: '2_drop',
  file: 'prisma/migrations/2_drop/migration.sql',
  line: 2,
  column: 20,
  message: 'Drops the column "email" of "User": what is in it is deleted in every row.',
  why: 'Only a backup brings the values back.',
  instead: 'ALTER TABLE "User" RENAME COLUMN "email" TO "email_unused";',
  docs: 'docs/rules/ban-drop-column.md',
}
const source = sourceText('-- AlterTable\nALTER TABLE "User" DROP COLUMN "email", ADD COLUMN "a" INT;\n')
const plain = { colour: false, width: 80 }

/** The source line and the carets below it. */
function excerptOf(text: string): readonly [string, string] {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => /\^/.test(line))
  return [lines[at - 1] ?? '', lines[at] ?? '']
}

describe('a finding at the terminal', () => {
  it('has its place, its line with carets under the clause, why and instead', () => {
    expect(findingText(finding, source, plain)).toBe(
      [
        'error[ban-drop-column]: Drops the column "email" of "User": what is in it is',
        'deleted in every row.',
        ' --> prisma/migrations/2_drop/migration.sql:2:20',
        '  |',
        '2 | ALTER TABLE "User" DROP COLUMN "email", ADD COLUMN "a" INT;',
        '  |                    ^^^^^^^^^^^^^^^^^^^',
        '  = why:',
        '    Only a backup brings the values back.',
        '  = instead:',
        '    ALTER TABLE "User" RENAME COLUMN "email" TO "email_unused";',
        '  = docs/rules/ban-drop-column.md',
      ].join('\n'),
    )
  })

  it('has colours only where they are wanted, and the same text beneath', () => {
    const coloured = findingText(finding, source, { colour: true, width: 80 })
    expect(coloured).toContain('\u001b[31;1merror[ban-drop-column]\u001b[0m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is removed.
    expect(coloured.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(findingText(finding, source, plain))
    expect(findingText(finding, source, plain)).not.toContain('\u001b')
  })

  it('names the place alone when the file cannot be read any more', () => {
    const text = findingText(finding, undefined, plain)
    expect(text).toContain(':2:20')
    expect(text).not.toContain('^')
  })

  it.each([20, 60, 80, 120, 200])('keeps prose and source within %i columns, and SQL to paste on its line', (width) => {
    const long = sourceText(
      `\n${'ALTER TABLE "Übergröße😀" '.repeat(20)}DROP COLUMN "email"${', ADD COLUMN "日本語" INT'.repeat(20)};`,
    )
    const column = [...long.lineText(2)].join('').indexOf('DROP COLUMN')
    const at = { ...finding, column: [...long.lineText(2).slice(0, column)].length + 1, instead: 'S'.repeat(300) }
    const text = findingText(at, long, { colour: false, width })
    const [line, carets] = excerptOf(text)
    for (const one of text.split('\n').filter((other) => !other.includes('SSS') && !other.includes('-->'))) {
      expect(textWidth(one)).toBeLessThanOrEqual(Math.max(width, 40))
    }
    expect(text).toContain('S'.repeat(300))
    expect(line).toContain('DROP COLUMN')
    expect(carets.indexOf('^')).toBe(textWidth(line.slice(0, line.indexOf('DROP COLUMN'))))
  })

  it('puts the carets under characters that are two columns wide, after tabs too', () => {
    const wide = sourceText('\n\tCOMMENT ON TABLE "日本語😀" IS \'x\', DROP COLUMN "語";')
    const text = wide.lineText(2)
    const [line, carets] = excerptOf(
      findingText({ ...finding, column: [...text.slice(0, text.indexOf('DROP'))].length + 1 }, wide, plain),
    )
    expect(carets.indexOf('^')).toBe(textWidth(line.slice(0, line.indexOf('DROP'))))
    expect(textWidth(carets.trim().replaceAll(/[^^]/g, ''))).toBe(textWidth('DROP COLUMN "語"'))
  })

  it('shows one caret at a column beyond the line', () => {
    expect(excerptOf(findingText({ ...finding, column: 500 }, source, plain))[1]).toMatch(/ \^$/)
  })

  it('lets no escape sequence of a migration reach the terminal', () => {
    const hostile = sourceText('\nALTER TABLE "\u001b]0;gone\u0007\u009b2J" DROP COLUMN "a\u202e";')
    const text = findingText(
      {
        ...finding,
        message: 'Drops "\u001b[2J".',
        why: '\u001b[31mred.',
        instead: '\u001b[0m',
        file: 'a\u001b[2J.sql',
      },
      hostile,
      plain,
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  it('reads a Windows file without a carriage return at the end of the line', () => {
    const text = findingText(finding, sourceText('-- x\r\nALTER TABLE "User" DROP COLUMN "email";\r\n'), plain)
    expect(text).not.toContain('\r')
    expect(text).not.toContain('\ufffd')
  })
})

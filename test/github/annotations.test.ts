import { describe, expect, test } from 'vitest'
import { annotateFailure, annotateFindings, toWorkflowCommand } from '../../src/github/annotations.ts'
import { quoteForLog } from '../../src/github/log-text.ts'
import type { Finding, Severity } from '../../src/rules/finding.ts'

const finding = (severity: Severity, message = 'Dropping "User"."email" loses it.'): Finding => ({
  rule: 'ban-drop-column',
  severity,
  migration: '20260101000000_drop',
  file: 'prisma/migrations/20260101000000_drop/migration.sql',
  line: 3,
  column: 1,
  message,
  why: 'Why.',
  instead: 'SELECT 1;\nSELECT 2;',
  docs: 'https://example.com',
})

describe('a finding as a workflow command', () => {
  test('names file, line and rule, and keeps its lines', () => {
    expect(annotateFindings([finding('error')])).toEqual([
      '::error file=prisma/migrations/20260101000000_drop/migration.sql,line=3,col=1,title=Airlock%3A ban-drop-column::Dropping "User"."email" loses it.%0A%0AWhy.%0A%0AInstead:%0ASELECT 1;%0ASELECT 2;',
    ])
  })

  test('cannot start a command of its own, or end its properties', () => {
    const hostile = 'x\n::add-mask::y\r\n%0A::error::z'
    const [command = ''] = annotateFindings([{ ...finding('warning', hostile), file: 'a,line=9::b%c\nd' }])
    expect(command.split('\n')).toHaveLength(1)
    expect(command).toContain('file=a%2Cline=9%3A%3Ab%25c%0Ad,line=3')
    expect(command).toContain('x%0A::add-mask::y%0D%0A%250A::error::z')
  })

  test.each([
    ['warning', 10],
    ['notice', 10],
    ['error', 9],
  ] as const)('of severity %s comes at most %i times, the last one counting the rest', (severity, most) => {
    const exactly = annotateFindings(Array(most).fill(finding(severity)))
    expect(exactly).toHaveLength(most)
    expect(exactly.some((command) => command.includes('more'))).toBe(false)
    const tooMany = annotateFindings(Array(most + 5).fill(finding(severity)))
    expect(tooMany).toHaveLength(most)
    expect(tooMany.at(-1)).toContain(`6 more of ${most + 5} findings`)
  })

  test('is cut at what GitHub keeps', () => {
    const command = toWorkflowCommand({ severity: 'notice', title: 't'.repeat(999), message: 'm'.repeat(9_999) })
    expect(command).toBe(`::notice title=${'t'.repeat(254)}…::${'m'.repeat(4_095)}…`)
  })

  test('a failure is one error with its next steps', () => {
    expect(annotateFailure({ code: 'URL.EMPTY', what: 'It is empty.', why: 'Nobody set it.', next: ['Set it.'] })).toBe(
      '::error title=Airlock%3A URL.EMPTY::It is empty.%0ANobody set it.%0A- Set it.',
    )
  })
})

describe('text of others in the log', () => {
  test.each(['::error::x', '  ::add-mask::x', '\t::stop-commands::x', '##[error]x', 'before ##[add-mask]x'])(
    '%j is no command any more',
    (line) => {
      for (const quoted of quoteForLog(`SELECT 1;\r\n${line}\rlast`).split('\n')) {
        expect(quoted.trimStart().startsWith('::')).toBe(false)
        expect(quoted).not.toContain('##[')
      }
    },
  )

  test('is otherwise as it was', () => {
    expect(quoteForLog("SELECT 'a'::text;\n-- ## [x]")).toBe("  SELECT 'a'::text;\n  -- ## [x]")
  })
})

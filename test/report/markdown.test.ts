import { describe, expect, test } from 'vitest'
import { markdownReport } from '../../src/report/markdown.ts'
import type { RunResult } from '../../src/result.ts'

const result: RunResult = {
  schemaVersion: 1,
  command: 'deploy',
  outcome: 'refused',
  reasonCode: 'approval_missing',
  reason: 'One statement needs approval.\n1_drop:1 loses column public.User.phone',
  environment: 'production',
  target: { host: 'db.internal', database: 'shop' },
  digest: 'sha256:abc',
  migrations: [],
  applied: [],
  findings: [],
  allowed: [],
  stages: [{ name: 'rehearse', outcome: 'skipped', ms: 0, summary: 'not checked: not in this release', detail: {} }],
  notices: [],
  next: ['Read the plan.', 'airlock deploy --approve sha256:abc'],
  startedAt: '2026-11-20T12:00:00.000Z',
  ms: 1_234,
}

const finding: RunResult['findings'][number] = {
  rule: 'ban-drop-column',
  severity: 'error',
  migration: '1_drop',
  file: 'prisma/migrations/1_drop/migration.sql',
  line: 1,
  column: 1,
  message: 'Drops phone.',
  why: 'It is gone.',
  instead: 'SELECT 1;',
  docs: 'https://example.test/rule',
}

test('a person finds outcome, target, reason, next step and digest, in this order', () => {
  const report = markdownReport(result)
  const found = [
    'refused, nothing was changed',
    'shop on db.internal (production)',
    'One statement',
    'loses column',
    'Read the plan.',
    '```sh\nairlock deploy --approve sha256:abc\n```',
    'sha256:abc`',
  ]
  const places = found.map((text) => report.indexOf(text))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})

test('a stage that did not run is not checked, never passed', () => {
  expect(markdownReport(result)).toContain('| rehearse | not checked |')
})

describe('what others wrote stays text', () => {
  test.each([
    ['<img src=x onerror=alert(1)>', '&lt;img'],
    ['@everyone look', '@\u200beveryone'],
    ['</details><script>', '&lt;/details&gt;'],
  ])('%s in a message', (message, expected) => {
    const report = markdownReport({ ...result, findings: [{ ...finding, message, why: message }] })
    expect(report).toContain(expected)
    expect(report).not.toContain(message)
  })

  test('a fence inside SQL does not end the code block', () => {
    const report = markdownReport({ ...result, findings: [{ ...finding, instead: "SELECT '```';\n# not a heading" }] })
    expect(report).toContain("````sql\nSELECT '```';\n# not a heading\n````")
  })

  test.each([
    ['a heading', 'x\n\n# Airlock deploy: applied'],
    ['a ruler under a line', 'x\nAirlock deploy: applied\n==='],
    ['a table', 'x\n\n| a | b |\n|---|---|\n| c | d |'],
    ['a fence', 'x\n```\ny'],
    ['a list', 'x\n- approved'],
    ['an image', '![seal](https://evil.test/seal.png)'],
    ['a link', '[approved](https://evil.test)'],
    ['a link by name', '[approved][1]\n\n[1]: https://evil.test'],
    ['a comment that hides the rest', '<!-- x'],
    ['the end of a code span', '1_a` **approved** `'],
  ])('%s in names and messages is none', (_what, text) => {
    const effects = {
      locks: [],
      rewrites: [],
      scans: [],
      loses: [{ kind: 'table', name: text }],
      unknown: false,
    } as const
    const statements = [{ index: 0, line: 1, kind: 'SelectStmt', sql: 'SELECT 1', effects }]
    const report = markdownReport({
      ...result,
      reason: `Not this.\n${text}`,
      failure: { code: 'SQL.SYNTAX', what: text, why: text, next: [] },
      findings: [{ ...finding, message: text, why: text, file: text }],
      allowed: [{ rule: 'r', severity: 'error', migration: '1', file: text, line: 1, message: text, reason: text }],
      migrations: [{ name: text, checksum: '', atomic: true, stage: 'expand', statements }],
      stages: [{ name: 'apply', outcome: 'fail', ms: 1, summary: text, detail: {} }],
      next: [text],
    })
    const outside = report
      .replaceAll(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '')
      .replaceAll(/(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)/g, '')
    const own =
      /^(?:## Airlock deploy: refused|### (?:Next|Findings|Allowed|Migrations|Stages)$|#### error: |- allowed: |\| )/
    for (const one of outside.split('\n'))
      if (!own.test(one)) expect(one).not.toMatch(/^ {0,3}(?:[#>=|-][^ ]|[#-] |`{3})/)
    expect(outside).not.toMatch(/\]\((?!https:\/\/example\.test)|\]\[|^\[1\]:|<!--|\*\*approved/m)
  })

  test('what turns the direction of writing or steers a terminal is shown as what it is', () => {
    const name = '1_\u202egnp\u001b[2K'
    const report = markdownReport({ ...result, reason: `${name}\n${name}`, findings: [{ ...finding, instead: name }] })
    for (const character of ['\u202e', '\u001b']) expect(report).not.toContain(character)
    expect(report).toContain('1_\ufffdgnp')
  })

  test('lines of SQL that end as on Windows stay lines', () => {
    const report = markdownReport({ ...result, findings: [{ ...finding, instead: 'SELECT 1;\r\nSELECT 2;' }] })
    expect(report).toContain('SELECT 1;\nSELECT 2;')
  })

  test('a pipe or a line break does not break a table', () => {
    const stage = { name: 'apply', outcome: 'fail', ms: 1, summary: 'a | b\nc', detail: {} } as const
    expect(markdownReport({ ...result, stages: [stage] })).toContain('| apply | **fail** | 1 ms | a \\| b c |')
  })
})

test('five hundred findings and a very long migration stay within what a summary holds, and what was left out is counted', () => {
  const sql = 'SELECT 1 '.repeat(600_000)
  const effects = { locks: [], rewrites: [], scans: [], loses: [], unknown: false }
  const report = markdownReport({
    ...result,
    findings: Array.from({ length: 500 }, () => finding),
    migrations: [
      {
        name: '1_big',
        checksum: '',
        atomic: true,
        stage: 'expand',
        statements: [{ index: 0, line: 1, kind: 'SelectStmt', sql, effects }],
      },
    ],
  })
  expect(Buffer.byteLength(report)).toBeLessThan(1024 * 1024)
  expect(report).toContain('400 more findings in the JSON report')
  expect(report).toContain('cut here')
})

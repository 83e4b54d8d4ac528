import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatOutputs, writeOutputs } from '../../src/github/outputs.ts'
import { resultOutput } from '../../src/github/result-output.ts'
import { boundMarkdown, summaryBytes, writeSummary } from '../../src/github/summary.ts'
import type { RunResult } from '../../src/result.ts'
import { readOutputs } from './composite.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'airlock-github-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('outputs', () => {
  test('arrive as they are, with several lines and look-alikes of the format', () => {
    const file = join(folder, 'output')
    const values = { outcome: 'applied', reason: 'ignored', result: 'a\nb<<EOF\nEOF\nname=value', digest: '' }
    expect(writeOutputs(file, values)).toEqual({ kind: 'written' })
    expect(readOutputs(file)).toEqual({ outcome: 'applied', result: 'a\nb<<EOF\nEOF\nname=value', digest: '' })
  })

  test('a delimiter cannot be guessed: it differs from run to run', () => {
    const delimiter = (name: string) => {
      writeOutputs(join(folder, name), { outcome: 'done' })
      return /<<(.+)/.exec(readFileSync(join(folder, name), 'utf8'))?.[1]
    }
    expect(delimiter('a')).not.toBe(delimiter('b'))
    expect(delimiter('a')).toMatch(/^airlock-[0-9a-f-]{36}$/)
  })

  test('a value that contains the delimiter is refused', () => {
    expect(() => formatOutputs({ report: 'x\nEND\noutcome=applied' }, 'END')).toThrow('output report')
  })

  test.each([undefined, '', '/nowhere/at/all'])('are reported as not written where the file is %j', (file) => {
    expect(writeOutputs(file, { outcome: 'done' })).toMatchObject({ kind: 'not-written' })
  })
})

describe('the summary', () => {
  const report = 'https://example.com/run'

  test('is written below what the step wrote before', () => {
    const file = join(folder, 'summary')
    writeFileSync(file, 'before\n')
    expect(writeSummary(file, '# After', report)).toEqual({ kind: 'written' })
    expect(readFileSync(file, 'utf8')).toBe('before\n# After\n')
  })

  test('stays within 1 MiB together with what is there already, and says that it was cut', () => {
    const file = join(folder, 'summary')
    writeFileSync(file, 'x'.repeat(500_000))
    const written = writeSummary(file, 'a line with ünicode\n'.repeat(60_000), report)
    expect(written.kind).toBe('cut')
    const text = readFileSync(file)
    expect(text.length).toBeLessThanOrEqual(summaryBytes)
    expect(text.length).toBeGreaterThan(summaryBytes - 2_000)
    expect(text.toString()).toMatch(/a line with ünicode\n+\*\*The summary ends here.*https:\/\/example\.com\/run\n$/s)
  })

  test('closes the code block and the details that the cut left open', () => {
    const markdown = `<details>\n<summary>x</summary>\n\n\`\`\`\`sql\n\`\`\`\n${'SELECT 1;\n'.repeat(1_000)}\`\`\`\`\n</details>`
    expect(boundMarkdown(markdown, 2_000, report)).toMatch(/SELECT 1;\n````\n<\/details>\n\n\*\*The summary ends/)
  })

  test('leaves what fits alone', () => {
    expect(boundMarkdown('# Report\n', 9, report)).toBe('# Report\n')
  })

  test('is not begun where no room is left for it', () => {
    const file = join(folder, 'summary')
    writeFileSync(file, 'x'.repeat(summaryBytes - 10))
    expect(writeSummary(file, '# Report', report)).toMatchObject({ kind: 'written' })
    expect(writeSummary(file, '# Report', report)).toMatchObject({ kind: 'not-written' })
  })

  test.each([undefined, '', '/nowhere/at/all'])('is reported as not written where the file is %j', (file) => {
    expect(writeSummary(file, 'x', report)).toMatchObject({ kind: 'not-written' })
  })
})

describe('the result as an output', () => {
  const statement = { index: 0, line: 1, kind: 'AlterTableStmt', sql: 'x'.repeat(1_000) }
  const effects = { locks: [], rewrites: [], scans: [], loses: [], unknown: false }
  const migration = (name: string) => ({
    name,
    checksum: 'c',
    atomic: true,
    stage: 'expand' as const,
    statements: Array.from({ length: 10 }, () => ({ ...statement, effects })),
  })
  const result: RunResult = {
    schemaVersion: 1,
    command: 'plan',
    outcome: 'clear',
    reasonCode: 'clear',
    reason: 'r',
    digest: 'sha256:d',
    migrations: [migration('a'), migration('b')],
    applied: [],
    findings: [],
    allowed: [],
    stages: [],
    notices: [],
    next: [],
    startedAt: 's',
    ms: 1,
  }

  test('is the whole JSON where it fits', () => {
    expect(JSON.parse(resultOutput(result))).toEqual(result)
  })

  test('drops SQL first and names what it left out', () => {
    const cut = JSON.parse(resultOutput(result, 10_000))
    expect(cut.truncated).toEqual(['migrations.statements.sql'])
    expect(cut.migrations[1].statements[9]).toMatchObject({ sql: '', kind: 'AlterTableStmt', effects })
  })

  test.each([5_000, 1_000, 600, 300, 150])('fits into %i bytes and keeps command, outcome and digest', (limit) => {
    const text = resultOutput(
      { ...result, migrations: Array.from({ length: 300 }, (_, i) => migration(`m${i}`)) },
      limit,
    )
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit === 150 ? 200 : limit)
    expect(JSON.parse(text)).toMatchObject({ command: 'plan', outcome: 'clear', digest: 'sha256:d' })
    expect(JSON.parse(text).truncated.length).toBeGreaterThan(0)
  })
})

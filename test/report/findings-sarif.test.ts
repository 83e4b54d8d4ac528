import { describe, expect, it } from 'vitest'
import { findingsSarif } from '../../src/report/findings-sarif.ts'
import { rules } from '../../src/rules/index.ts'
import { lastOf } from '../sql/history.ts'

const { findings } = lastOf([
  'DROP TABLE "Größe", app.b;\nALTER TABLE "User" ADD COLUMN a INT,\n  DROP COLUMN b;\nCREATE INDEX i ON "User" (a);',
])
const log = JSON.parse(findingsSarif(findings, rules, '1.2.3'))
const [run] = log.runs

describe('findings as SARIF', () => {
  it('are a 2.1.0 log of one run by one tool', () => {
    expect(findings.length).toBeGreaterThan(3)
    expect(log).toMatchObject({
      version: '2.1.0',
      $schema: expect.stringMatching(/^https:.*sarif-schema-2\.1\.0\.json$/),
    })
    expect(log.runs).toHaveLength(1)
    expect(run.tool.driver).toMatchObject({ name: 'Airlock', semanticVersion: '1.2.3' })
  })

  it('say for each what, where and how bad', () => {
    expect(run.results).toHaveLength(findings.length)
    for (const [index, finding] of findings.entries()) {
      const result = run.results[index]
      expect(result.ruleId).toBe(finding.rule)
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(finding.rule)
      expect(result.level).toBe({ error: 'error', warning: 'warning', notice: 'note' }[finding.severity])
      expect(result.message.text).toContain(finding.message)
      expect(result.message.text).toContain(finding.instead)
      expect(result.locations[0].physicalLocation).toEqual({
        artifactLocation: { uri: finding.file, uriBaseId: '%SRCROOT%' },
        region: { startLine: finding.line, startColumn: finding.column },
      })
    }
    expect(run.columnKind).toBe('unicodeCodePoints')
  })

  it('describe the rules they come from, and only those, with absolute links', () => {
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id)
    expect(ids).toEqual(rules.map((rule) => rule.id).filter((id) => findings.some((finding) => finding.rule === id)))
    for (const rule of run.tool.driver.rules) {
      expect(rule.help.markdown).toContain('```sql')
      expect(new URL(rule.helpUri).protocol).toBe('https:')
    }
  })

  it('keep their fingerprint when lines move, and differ from one another', () => {
    const moved = JSON.parse(
      findingsSarif(
        findings.map((finding) => ({ ...finding, line: finding.line + 3 })),
        rules,
        '1.2.3',
      ),
    )
    const prints = (of: typeof run) =>
      of.results.map((result: { partialFingerprints: object }) => JSON.stringify(result.partialFingerprints))
    expect(prints(moved.runs[0])).toEqual(prints(run))
    expect(new Set(prints(run)).size).toBe(findings.length)
  })

  it('name files by a relative URI, whatever is in the path', () => {
    const [first] = findings
    if (first === undefined) throw new Error('there are no findings')
    const uriOf = (file: string) =>
      JSON.parse(findingsSarif([{ ...first, file }], rules, '1')).runs[0].results[0].locations[0].physicalLocation
        .artifactLocation.uri
    expect(uriOf('./prisma/migrations/1 größe#?/migration.sql')).toBe(
      'prisma/migrations/1%20gr%C3%B6%C3%9Fe%23%3F/migration.sql',
    )
    expect(uriOf('prisma\\migrations\\1\\migration.sql')).toBe('prisma/migrations/1/migration.sql')
  })

  it('are an empty list when there is nothing to say', () => {
    expect(JSON.parse(findingsSarif([], rules, '1')).runs[0]).toMatchObject({
      results: [],
      tool: { driver: { rules: [] } },
    })
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import type { RunningRelease } from '../../src/compatibility/prisma-schema.ts'
import { readPrismaSchema } from '../../src/compatibility/read-schema.ts'
import type { RuleSettings } from '../../src/config.ts'
import { executionModel, type SqlParser } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'
import { ruleIds, rules } from '../../src/rules/index.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { ruleGroups } from '../../src/rules/rule.ts'
import { type Analysis, analyseMigration } from '../../src/sql/analyse.ts'
import { type Catalog, unknownCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser, type Parser } from '../../src/sql/parse.ts'
import { parseCase, type RuleCase, ruleCases, ruleFolders } from './case-file.ts'

let parser: Parser
let splitter: SqlParser

beforeAll(async () => {
  parser = await loadParser()
  splitter = await loadSqlParser()
})

/** The versions of Prisma that send a file whole, and statement by statement. */
const versions = { batch: '6.19.0', split: '7.10.1' } as const

interface Judged {
  readonly catalog: Catalog
  readonly execution?: RuleCase['execution']
  readonly running?: string
  readonly after?: string
  readonly lateBehind?: string | undefined
  readonly settings?: RuleSettings
}

function analyse(name: string, sql: string, judged: Judged): Extract<Analysis, { kind: 'analysed' }> {
  const { catalog, execution, running = '', after = '', lateBehind, settings } = judged
  const analysis = analyseMigration(parser, {
    name,
    file: `prisma/migrations/${name}/migration.sql`,
    sql,
    schema: 'public',
    catalog,
    execution: execution === undefined ? undefined : executionModel(versions[execution], sql, splitter),
    running: running === '' ? undefined : runningRelease(running),
    replayRest: (rest) => (after === '' ? rest : analyse('3_after', after, { catalog: rest }).catalogAfter),
    lateBehind,
    settings,
  })
  if (analysis.kind === 'syntax-error') throw new Error(`${name}: ${analysis.message} at line ${analysis.line}`)
  return analysis
}

function runningRelease(text: string): RunningRelease {
  return { ref: 'origin/main', schema: readPrismaSchema([{ path: 'prisma/schema.prisma', text }], 'public') }
}

function findingsOf(one: RuleCase) {
  const catalog =
    one.before === '' ? unknownCatalog : analyse('1_before', one.before, { catalog: unknownCatalog }).catalogAfter
  return analyse('2_case', one.sql, { ...one, catalog }).findings.filter((finding) => finding.rule === one.rule)
}

describe('the index of rules', () => {
  it('lists every folder, in order', () => {
    expect(ruleIds).toEqual(ruleFolders())
  })

  it('gives every rule a group that exists', () => {
    for (const rule of rules) expect(ruleGroups, rule.id).toContain(rule.group)
  })
})

describe.each(ruleFolders().map((id) => ({ id })))('$id', ({ id }) => {
  const rule = rules.find((one) => one.id === id) as Rule

  it.each(ruleCases(id).map((one) => ({ file: one.file, one })))('says what $file expects', ({ one }) => {
    expect(findingsOf(one).map((finding) => finding.line)).toEqual(one.lines)
  })

  it('has a case in which it speaks and one in which it is silent', () => {
    const counts = ruleCases(id).map((one) => one.lines.length)
    expect(Math.max(...counts)).toBeGreaterThan(0)
    expect(Math.min(...counts)).toBe(0)
  })

  it('speaks about its bad example and not about its good one', () => {
    const bad = exampleFindings(rule, rule.documentation.bad)
    expect(bad).not.toEqual([])
    expect(exampleFindings(rule, rule.documentation.good)).toEqual([])
  })

  it('says what, why and instead, without pleading or shouting', () => {
    for (const one of ruleCases(id)) {
      for (const finding of findingsOf(one)) {
        expect(finding.message).toMatch(/^[A-Z].*[.:]$/s)
        expect(finding.message).not.toMatch(/\n/)
        expect(finding.why).toMatch(/^[A-Z].*\.$/s)
        expect(finding.instead.length).toBeGreaterThan(20)
        expect(`${finding.message} ${finding.why} ${finding.instead}`).not.toMatch(/please|undefined|!(?!=)/i)
        expect(finding.docs).toMatch(new RegExp(`/rules/${id}\\.md$`))
      }
    }
  })

  it('proposes SQL that parses', () => {
    for (const one of ruleCases(id)) {
      for (const { instead } of findingsOf(one)) {
        if (
          !/^(ALTER|BEGIN|CREATE|DELETE|DROP|GRANT|INSERT|REFRESH|REINDEX|RESET|REVOKE|SELECT|SET|UPDATE|--)/.test(
            instead,
          ) ||
          instead.includes('…')
        )
          continue
        expect(() => parser.parse(instead), instead).not.toThrow()
      }
    }
  })
})

/** What the examples presuppose, for those that need to know a type. */
const beforeExamples = `
  CREATE DOMAIN email AS TEXT;
  CREATE TYPE "Role" AS ENUM ('ADMIN', 'MEMBER', 'GUEST');
  CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, email TEXT, role "Role");
  CREATE TABLE "Order" (id INT PRIMARY KEY, total INT);
  CREATE TABLE "Ticket" ("number" SERIAL PRIMARY KEY, state TEXT NOT NULL DEFAULT 'new');
  CREATE TABLE "Team" (id INT PRIMARY KEY, mail email);
  CREATE TABLE "Member" (id INT PRIMARY KEY, team INT REFERENCES "Team" (id));
`

const runningExamples = 'model User {\n  id Int @id\n  name String?\n  email String?\n}'

/** What these speak about only happens where each statement is sent by itself. */
const ofSplitFiles = new Set(['non-atomic-migration', 'set-local-without-transaction'])

function exampleFindings(rule: Rule, sql: string) {
  const { catalogAfter } = analyse('1_before', beforeExamples, { catalog: unknownCatalog })
  const judged = {
    catalog: catalogAfter,
    execution: ofSplitFiles.has(rule.id) ? ('split' as const) : undefined,
    running: rule.id === 'breaks-running-release' ? runningExamples : '',
    lateBehind: /while (\S+) is applied/.exec(sql)?.[1],
  }
  return analyse('2_example', sql, judged).findings.filter((finding) => finding.rule === rule.id)
}

describe('a case file', () => {
  it.each([
    ['no expectation', 'DROP TABLE a;'],
    ['a count that does not match its lines', '-- expect: 2 findings at line 2\nDROP TABLE a;'],
    ['a misspelt expectation', '-- expects: none\nDROP TABLE a;'],
    ['an execution nobody knows', '-- expect: none\n-- execution: parallel\nDROP TABLE a;'],
  ])('with %s fails', (_title, sql) => {
    expect(() => parseCase('some-rule', 'case.sql', sql)).toThrow(/some-rule\/cases\/case\.sql/)
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { analyseMigration } from '../../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser, type Parser } from '../../src/sql/parse.ts'

let parser: Parser
beforeAll(async () => {
  parser = await loadParser()
})

function analysed(name: string, sql: string, catalog: Catalog) {
  const analysis = analyseMigration(parser, { name, file: `${name}/migration.sql`, sql, schema: 'public', catalog })
  if (analysis.kind !== 'analysed') throw new Error(analysis.message)
  return analysis
}

function judged(sql: string) {
  const before = analysed('1_before', 'CREATE TABLE "User" (id INT PRIMARY KEY, a INT, b INT);', emptyCatalog)
  const analysis = analysed('2_case', sql, before.catalogAfter)
  return {
    findings: analysis.findings.map(({ rule, line }) => `${rule}:${line}`),
    allowed: analysis.allowed.map(({ rule, line, reason }) => `${rule}:${line} ${reason}`),
    loses: analysis.statements.flatMap(({ effects }) => effects.loses.map(({ name }) => name)),
  }
}

const drop = (column: string) => `ALTER TABLE "User" DROP COLUMN ${column};`
const allow = 'airlock: allow ban-drop-column because'

describe('a permission belongs to', () => {
  test.each([
    ['the statement below it', `-- ${allow} one\n${drop('a')}\n${drop('b')}`, 'ban-drop-column:2 one', 3],
    ['the statement it follows on its line', `${drop('a')} -- ${allow} two\n${drop('b')}`, 'ban-drop-column:1 two', 2],
    ['the last of two on its line', `${drop('a')} ${drop('b')} -- ${allow} three`, 'ban-drop-column:1 three', 1],
    [
      'the statement it leads on its line',
      `${drop('a')} /* ${allow} four */ ${drop('b')}`,
      'ban-drop-column:1 four',
      1,
    ],
    [
      'the statement it stands in',
      `ALTER TABLE "User" -- ${allow} five\n DROP COLUMN a;\n${drop('b')}`,
      'ban-drop-column:2 five',
      3,
    ],
    [
      'the statement below, with other comments and empty lines between',
      `-- ${allow} six\r\n\r\n-- DropColumn\r\n${drop('a')}\r\n${drop('b')}`,
      'ban-drop-column:4 six',
      5,
    ],
  ])('%s', (_what, sql, allowed, left) => {
    expect(judged(sql)).toMatchObject({ allowed: [allowed], findings: [`ban-drop-column:${left}`] })
  })
})

test('what is lost stays lost: a permission silences the finding and not the effect', () => {
  expect(judged(`-- ${allow} it is archived\n${drop('a')}`)).toEqual({
    findings: [],
    allowed: ['ban-drop-column:2 it is archived'],
    loses: ['public.User.a'],
  })
})

test('every finding of the rule on the statement is allowed, and none of another rule', () => {
  const sql = `-- ${allow} both are empty\nALTER TABLE "User" DROP COLUMN a, ADD COLUMN c TEXT NOT NULL;`
  expect(judged(sql).findings).toEqual(['add-not-null-without-default:2'])
})

test.each([
  ['inside a string', `INSERT INTO t VALUES ('-- ${allow} x');\n${drop('a')}`],
  [
    'inside a dollar-quoted body',
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 -- ${allow} x\n$$;\n${drop('a')}`,
  ],
])('%s nothing is a comment', (_where, sql) => {
  expect(judged(sql).findings.some((one) => one.startsWith('ban-drop-column'))).toBe(true)
  expect(judged(sql).allowed).toEqual([])
})

test('characters outside the basic plane before it do not move the place', () => {
  expect(judged(`-- 😀 😀\nSELECT '😀'; -- 😀\n${drop('a')} -- ${allow} of 😀 reasons\n${drop('b')}`)).toMatchObject({
    allowed: ['ban-drop-column:3 of 😀 reasons'],
    findings: ['ban-drop-column:4'],
  })
})

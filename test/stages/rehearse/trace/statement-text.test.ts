import { describe, expect, test } from 'vitest'
import { allOf, as } from '../../../../src/sql/effects/tree.ts'
import { loadParser, parseMigration } from '../../../../src/sql/parse.ts'
import { decideFailure } from '../../../../src/stages/rehearse/trace/decide-failure.ts'
import { serverErrorOf } from '../../../../src/stages/rehearse/trace/server-error.ts'
import { behind, inParentheses, keysIn, listItems } from '../../../../src/stages/rehearse/trace/statement-text.ts'

const parser = await loadParser()

function nodeOf(sql: string) {
  const parsed = parseMigration(parser, sql)
  return parsed.kind === 'parsed' ? parsed.statements[0]?.node : undefined
}

describe('expressions out of a statement', () => {
  test.each([
    ['CREATE UNIQUE INDEX i ON t (a)', ['"a"']],
    [
      'CREATE UNIQUE INDEX "i(" ON "t(" USING btree ("a,b" DESC NULLS LAST, lower(b), ((c) || \',)\'))',
      ['"a,b"', 'lower(b)', "((c) || ',)')"],
    ],
    [
      'CREATE UNIQUE INDEX i ON t (a COLLATE "C", s.f(a, b) text_ops) /* ( */ INCLUDE (z) WHERE (x)',
      ['"a" COLLATE "C"', 's.f(a, b)'],
    ],
    ['CREATE UNIQUE INDEX i ON t (COALESCE(a, b), (a IS NULL))', ['COALESCE(a, b)', '(a IS NULL)']],
  ])('the keys of %s', (sql, keys) => {
    const node = nodeOf(sql)
    const elements = allOf(node && as(node, 'IndexStmt')?.indexParams, 'IndexElem')
    expect(keysIn(sql, elements)).toEqual(keys)
  })

  test('what stands behind a word, and not within parentheses or strings', () => {
    const sql = `UPDATE t SET a = (SELECT 1 WHERE true), b = ' where ' -- where\n WHERE c > 1 RETURNING *;`
    expect(behind(sql, 'where', ['returning'])).toBe('c > 1')
    expect(listItems(behind(sql, 'set', ['where']) ?? '')).toEqual(['a = (SELECT 1 WHERE true)', `b = ' where '`])
    expect(inParentheses(`ADD CONSTRAINT "check" CHECK ((a) > ')') NOT VALID`, 'check')).toBe(`(a) > ')'`)
    expect(behind('ALTER COLUMN a TYPE int', 'using')).toBeUndefined()
  })
})

describe('no value of a row is in what is said', () => {
  const error = (fields: object, message: string) => Object.assign(new Error(message), fields)

  test.each([
    ['22P02', 'invalid input syntax for type integer: "secret"'],
    ['22P02', 'invalid input syntax for type integer: "line\nsecret\nline"'],
    ['22P02', 'invalid input value for enum "Role": "a\n"secret""'],
    ['22003', 'value "1\n2secret" is out of range for type integer'],
    ['22008', 'date/time field value out of range: "secret"'],
    ['23505', 'could not create unique index "u"'],
  ])('%s %s', (code, message) => {
    const said = serverErrorOf(error({ code, detail: 'Key (email)=(secret) is duplicated.' }, message))
    expect(JSON.stringify(said)).not.toContain('secret')
    expect(said.message).toContain(message.slice(0, 5))
  })

  test('what code of the user raises is not repeated, whatever state it gives', () => {
    const fields = {
      code: '23514',
      routine: 'exec_stmt_raise',
      where: 'PL/pgSQL function "Guard"(integer) line 3 at RAISE',
    }
    const said = serverErrorOf(error(fields, 'secret is not allowed'))
    expect(said.message).toBe('RAISE in "Guard"(integer) (what it says is left out, since it can quote rows)')
    expect(decideFailure(said, { sql: 'SELECT 1', node: nodeOf('SELECT 1'), atItsEnd: false })).toMatchObject({
      kind: 'none',
      cause: 'Code of the database refuses it: "Guard"(integer) raises an exception.',
    })
  })

  test('a full disk says nothing about rows', () => {
    const said = serverErrorOf(error({ code: '53100' }, 'could not extend file "base/1/2": No space left on device'))
    expect(decideFailure(said, { sql: 'SELECT 1', node: nodeOf('SELECT 1'), atItsEnd: false })).toMatchObject({
      kind: 'none',
      because: 'the disk was full',
    })
  })
})

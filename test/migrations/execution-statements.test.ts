import { describe, expect, it } from 'vitest'
import { fileStatements } from '../../src/migrations/execution-statements.ts'

const texts = (sql: string) => fileStatements(sql).map((statement) => statement.sql)

describe('fileStatements', () => {
  it('keeps a comment with the statement after it and drops one that nothing follows', () => {
    expect(texts('-- first\nSELECT 1;\n\n/* second */ SELECT 2;\n-- the end\n')).toEqual([
      '-- first\nSELECT 1;',
      '/* second */ SELECT 2;',
    ])
  })

  it('gives nothing for an empty file, white space, comments and lone semicolons', () => {
    for (const sql of ['', ' \n', '-- nothing;\n', '/* a; /* b; */ */', ';;\n;']) expect(texts(sql)).toEqual([])
  })

  it.each([
    ['a string', "SELECT 'a;b'"],
    ['a string with a doubled quote', "SELECT 'it''s; fine'"],
    ['a string that ends in a backslash', "SELECT 'C:\\'"],
    ['an escape string with a backslash before a quote', "SELECT E'it\\'s; fine'"],
    ['an escape string with a doubled quote', "SELECT e'a'';b'"],
    ['a quoted name', 'SELECT "a;b" FROM "c"";d"'],
    ['a line comment', 'SELECT 1 -- a; b\n'],
    ['a nested comment', 'SELECT 1 /* a; /* b; */ c; */'],
    ['dollar quotes', 'DO $$ BEGIN a; b; END $$'],
    ['tagged dollar quotes with others inside', 'DO $body$ SELECT $$a;$$; $body$'],
    ['a rule with several commands', 'CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM b; DELETE FROM c)'],
    [
      'a function in standard SQL',
      'CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 END; SELECT 2; END',
    ],
  ])('does not cut inside %s', (_, statement) => {
    expect(texts(`${statement};\nSELECT 'next';`)).toEqual([`${statement};`, "SELECT 'next';"])
  })

  it.each([
    ['a parameter', 'CREATE FUNCTION span(begin date, finish date) RETURNS int LANGUAGE sql RETURN finish - begin'],
    ['the routine', `CREATE PROCEDURE begin() LANGUAGE sql AS 'SELECT 1'`],
    ['a column', 'CREATE FUNCTION f() RETURNS date LANGUAGE sql BEGIN ATOMIC SELECT begin FROM t; END'],
    [
      'a CASE before the body',
      'CREATE FUNCTION f(a int DEFAULT CASE WHEN true THEN 1 END) RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END',
    ],
  ])('takes BEGIN for a name where it is that of %s', (_, statement) => {
    expect(texts(`${statement};\nBEGIN;\nUPDATE t SET a = 1;\nCOMMIT;`)).toHaveLength(4)
  })

  it('takes a dollar inside a name and a parameter for what they are', () => {
    expect(texts('SELECT a$b$c; SELECT $1; SELECT $2;')).toEqual(['SELECT a$b$c;', 'SELECT $1;', 'SELECT $2;'])
  })

  it('counts bytes, so that a slice of the file is the statement', () => {
    const sql = "SELECT 'ümlaut 🚀';\n  -- zweite\n  SELECT 'é'; SELECT 3"
    const file = Buffer.from(sql)
    const statements = fileStatements(sql)
    expect(statements).toHaveLength(3)
    for (const { sql: text, startByte, endByte } of statements) {
      expect(file.subarray(startByte, endByte).toString()).toBe(text)
    }
    expect(statements[1]?.startByte).toBe(file.indexOf('-- zweite'))
  })

  it('gives the bare words in upper case and leaves out names in quotes, strings and comments', () => {
    const [statement] = fileStatements(`create /* unique */ index concurrently "Index" on public."User" ('CASE')`)
    expect(statement?.words).toEqual(['CREATE', 'INDEX', 'CONCURRENTLY', 'ON', 'PUBLIC'])
  })

  it('reads a file that ends inside a string to its end', () => {
    expect(texts("SELECT 1; SELECT 'open; text")).toEqual(['SELECT 1;', "SELECT 'open; text"])
    expect(texts('SELECT 1; DO $$ open; text')).toEqual(['SELECT 1;', 'DO $$ open; text'])
  })
})

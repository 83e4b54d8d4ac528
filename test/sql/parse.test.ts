import { beforeAll, describe, expect, it } from 'vitest'
import { loadParser, type ParsedMigration, type Parser, parseMigration } from '../../src/sql/parse.ts'

let parser: Parser

beforeAll(async () => {
  parser = await loadParser()
})

function parsed(sql: string): ParsedMigration {
  const result = parseMigration(parser, sql)
  if (result.kind === 'syntax-error') throw new Error(`${result.message} at ${result.line}:${result.column}`)
  return result
}

/** Statements cut out of the bytes of the file by their range: what the range is for. */
function cutOut(sql: string): readonly string[] {
  const bytes = Buffer.from(sql, 'utf8')
  return parsed(sql).statements.map(({ range }) => bytes.subarray(range.startByte, range.endByte).toString('utf8'))
}

const placed = (sql: string) => parsed(sql).statements.map(({ range }) => [range.line, range.column, range.endLine])

describe('a statement', () => {
  it('begins at its first token and ends at its last, without comments around it', () => {
    const sql = '-- CreateTable\n\nCREATE TABLE a (id int) -- why\n  /* and */ ;\n\n/* c */ DROP TABLE b; -- end\n'
    expect(cutOut(sql)).toEqual(['CREATE TABLE a (id int)', 'DROP TABLE b'])
    expect(placed(sql)).toEqual([
      [3, 1, 3],
      [6, 9, 6],
    ])
  })

  it('keeps comments and semicolons inside it', () => {
    const sql = 'SELECT \';--\' /* ; */, $$ ; $$ -- x\n, "a;b" FROM t;SELECT 2'
    expect(cutOut(sql)).toEqual(['SELECT \';--\' /* ; */, $$ ; $$ -- x\n, "a;b" FROM t', 'SELECT 2'])
  })

  it('needs no semicolon at the end of the file', () => {
    expect(cutOut('SELECT 1;\n  SELECT 2  -- last\n')).toEqual(['SELECT 1', 'SELECT 2'])
  })

  it('has the kind of its node and its own text', () => {
    const { statements } = parsed('ALTER TABLE a ADD b int;\nUPDATE a SET b = 1;')
    expect(statements.map(({ index, kind, sql }) => [index, kind, sql])).toEqual([
      [0, 'AlterTableStmt', 'ALTER TABLE a ADD b int'],
      [1, 'UpdateStmt', 'UPDATE a SET b = 1'],
    ])
  })
})

describe('places in bytes, lines and columns', () => {
  it('are right after CRLF', () => {
    expect(placed('SELECT 1;\r\n\r\n  SELECT 2;\r\n')).toEqual([
      [1, 1, 1],
      [3, 3, 3],
    ])
  })

  it('are right after characters of several bytes', () => {
    const sql = "-- Größe 😀\nCOMMENT ON TABLE \"Größe\" IS '😀😀'; SELECT 'é';\nSELECT 1"
    expect(cutOut(sql)).toEqual(['COMMENT ON TABLE "Größe" IS \'😀😀\'', "SELECT 'é'", 'SELECT 1'])
    expect(placed(sql)).toEqual([
      [2, 1, 2],
      [2, 35, 2],
      [3, 1, 3],
    ])
  })

  it('count the byte-order mark', () => {
    const result = parsed('\uFEFFSELECT 1;\nSELECT 2;')
    expect(result.statements.map(({ range }) => [range.startByte, range.line, range.column])).toEqual([
      [3, 1, 2],
      [13, 2, 1],
    ])
  })
})

describe('a file without statements', () => {
  it.each([
    ['nothing', ''],
    ['only blanks', ' \n\t\r\n'],
    ['only comments', '-- This is an empty migration.\n/* x */'],
    ['only semicolons', ' ; ;; '],
    ['only a byte-order mark', '\uFEFF'],
  ])('with %s has none', (_title, sql) => {
    expect(parsed(sql).statements).toEqual([])
  })
})

describe('SQL that does not parse', () => {
  it.each([
    ['a misspelt word', 'SELECT 1;\nSELEC 2;', 2, 1],
    ['a word after several-byte characters', "-- 😀\nSELECT 'é' FROM a b c;", 2, 21],
    ['an end that comes too early', 'CREATE TABLE a (\n  id int\n', 3, 1],
    ['a string that does not end', "SELECT 1;\nSELECT 'abc", 2, 8],
    ['a word after a byte-order mark', '\uFEFFSELEC 1', 1, 2],
    ['the second of two files that were joined', 'SELECT 1\n\nCREATE TABLE a (id int);', 3, 1],
  ])('is placed at %s', (_title, sql, line, column) => {
    expect(parseMigration(parser, sql)).toMatchObject({ kind: 'syntax-error', line, column })
  })

  it('has its place in bytes too', () => {
    const sql = "-- é\nSELEC 'x'"
    expect(parseMigration(parser, sql)).toMatchObject({ byte: Buffer.byteLength('-- é\n') })
  })

  it('is told apart from what follows a NUL byte, which the grammar would never see', () => {
    const result = parseMigration(parser, 'SELECT 1;\nSELECT 2;\0 DROP TABLE a;')
    expect(result).toMatchObject({ kind: 'syntax-error', line: 2, column: 10 })
    expect(result.kind === 'syntax-error' && result.message).toMatch(/NUL/)
  })

  it('says what a psql command and COPY data are', () => {
    const command = parseMigration(parser, 'SELECT 1;\n\\connect other\n')
    expect(command).toMatchObject({ kind: 'syntax-error', line: 2, column: 1 })
    expect(command.kind === 'syntax-error' && command.hint).toMatch(/psql/)
    const data = parseMigration(parser, 'COPY a FROM stdin;\n1\tx\n\\.\n')
    expect(data).toMatchObject({ kind: 'syntax-error', line: 2, column: 1 })
    expect(data.kind === 'syntax-error' && data.hint).toMatch(/COPY/)
  })

  it.each([
    "SELECT 'a' -- why\n  'b'",
    "SELECT E'a\\''\n-- why\n\n  'b'",
    "SELECT 1; SELECT U&'a' -- it's so\n  'b', 'c'",
  ])('names a string that goes on behind a comment: %s', (sql) => {
    const found = parseMigration(parser, sql)
    expect(found).toMatchObject({ kind: 'syntax-error', line: sql.split('\n').length, column: 3 })
    expect(found.kind === 'syntax-error' && found.message).toMatch(/^a string that goes on behind a comment/)
  })

  it.each(["SELECT 'a' /* no */\n'b'", "SELECT 'a' 'b'", "SELECT 1 -- don't\n'b'"])(
    'says of another misplaced string what the grammar says: %s',
    (sql) => expect(parseMigration(parser, sql)).toMatchObject({ message: expect.stringMatching(/^syntax error/) }),
  )

  it('says nothing extra about an ordinary mistake', () => {
    expect(parseMigration(parser, 'SELEC 1')).toMatchObject({ hint: undefined })
  })

  it('is a result when it nests beyond what can be read, and the parser works afterwards', () => {
    const deep = `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`
    const long = `SELECT 1${'+1'.repeat(50_000)}`
    expect(parseMigration(parser, deep)).toMatchObject({ kind: 'syntax-error' })
    expect(parseMigration(parser, long)).toMatchObject({ kind: 'syntax-error' })
    expect(cutOut('SELECT 1')).toEqual(['SELECT 1'])
  })
})

describe('a large file', () => {
  const row = (index: number) => `INSERT INTO "Größe" VALUES (${index}, 'a;b -- 😀');\n`
  const sql = Array.from({ length: 30_000 }, (_, index) => row(index)).join('')

  it('is read in pieces, with the places of the whole', () => {
    expect(sql.length).toBeGreaterThan(1_000_000)
    const { statements } = parsed(sql)
    expect(statements.length).toBe(30_000)
    const bytes = Buffer.from(sql, 'utf8')
    for (const index of [0, 14_999, 15_000, 29_999]) {
      const { range } = statements[index] ??
        statements[0] ?? { range: { startByte: 0, endByte: 0, line: 0, column: 0 } }
      expect(range).toMatchObject({ line: index + 1, column: 1 })
      expect(`${bytes.subarray(range.startByte, range.endByte).toString('utf8')};\n`).toBe(row(index))
    }
  })

  it('has its mistakes where they are', () => {
    expect(parseMigration(parser, `${sql}SELEC 1`)).toMatchObject({ kind: 'syntax-error', line: 30_001, column: 1 })
  })

  it('is not cut inside a function body', () => {
    const body = `CREATE FUNCTION f() RETURNS int BEGIN ATOMIC ${'SELECT CASE WHEN true THEN 1 END; '.repeat(40_000)} END;\n`
    const { statements } = parsed(`${body}SELECT 1;\n${body}SELECT 2;`)
    expect(statements.map((statement) => statement.kind)).toEqual([
      'CreateFunctionStmt',
      'SelectStmt',
      'CreateFunctionStmt',
      'SelectStmt',
    ])
  })
})

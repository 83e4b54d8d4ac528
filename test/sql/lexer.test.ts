import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../../scripts/bench/made-history.ts'
import { fileStatements } from '../../src/migrations/execution-statements.ts'
import { commentsOf } from '../../src/sql/comments.ts'
import { tokens } from '../../src/sql/lexer.ts'
import { loadParser, type Parser, parseMigration } from '../../src/sql/parse.ts'
import { type LabServer, startServer } from '../lab/server.ts'

let server: LabServer
let client: pg.Client
let parser: Parser

beforeAll(async () => {
  server = await startServer(18)
  client = new pg.Client({ connectionString: await server.createDatabase() })
  await client.connect()
  parser = await loadParser()
})

afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
})

interface Refused {
  readonly kind: 'refused'
  readonly line: number
  readonly column: number
  readonly byte: number
}
type Reading = Refused | { readonly kind: 'read'; readonly statements: number }

/** The server reads all of a message before it runs the first statement: this one ends it there. */
const stop = 'SELECT 1/0;'

/** What the server makes of the text, sent as a migration is: where it stops reading, or how many statements it has. */
async function byServer(sql: string): Promise<Refused | { readonly kind: 'read'; readonly statements?: number }> {
  const error = await client.query(stop + sql).catch((thrown: unknown) => thrown)
  if (!(error instanceof pg.DatabaseError)) throw error
  if (error.code !== '22012') {
    // The server counts characters from 1.
    const before = [...(stop + sql)]
      .slice(0, Number(error.position) - 1)
      .join('')
      .slice(stop.length)
    const lines = before.split(/\r\n|\r|\n/)
    const column = [...(lines.at(-1) ?? '')].length + 1
    return { kind: 'refused', line: lines.length, column, byte: Buffer.byteLength(before) }
  }
  try {
    const results: unknown = await client.query(sql)
    const all = (Array.isArray(results) ? results : [results]) as readonly pg.QueryResult[]
    return { kind: 'read', statements: all.filter(({ command }) => command !== null).length }
  } catch {
    // Well written, and wrong all the same: a column that does not exist.
    return { kind: 'read' }
  }
}

function byUs(sql: string): Reading {
  const parsed = parseMigration(parser, sql)
  if (parsed.kind === 'parsed') return { kind: 'read', statements: parsed.statements.length }
  return { kind: 'refused', line: parsed.line, column: parsed.column, byte: parsed.byte }
}

const tag = `$${'t'.repeat(200)}$`

const tricky: readonly (readonly [string, string])[] = [
  ['a carriage return that ends a comment', '-- a\rSELECT 1;\rSELECT 2'],
  ['a dollar tag of 200 characters', `SELECT ${tag};--'${tag}; SELECT 2`],
  ['a dollar tag inside another', 'SELECT $a$ $$ ; $b$ ; $$ $a$; SELECT $$ $a$ ; $$'],
  ['a dollar in a name and in a parameter', 'SELECT 1 AS a$$b$$; SELECT 2 AS c$;SELECT 3'],
  ['a letter with an accent in a dollar tag', 'SELECT $é😀$ ; $é😀$; SELECT 2'],
  ['backslashes in plain and in escape strings', "SELECT '\\'; SELECT E'\\';', e'\\\\'; SELECT 3"],
  ['an escape string that goes on in the next line', "SELECT E'a'\n'\\'; SELECT 2; --'; SELECT 3"],
  ['a plain string that goes on in the next line', "SELECT 'a'\n'\\'; SELECT 2"],
  ['Unicode strings and names', "SELECT U&'\\0061;''', 1 AS U&\"\\0061;\"; SELECT U&'!0061' UESCAPE '!'"],
  ['bit strings, hexadecimal and national ones', "SELECT B'1', X'1F', N'a;b''c'; SELECT 2"],
  ['nested comments and signs that look like one', 'SELECT 1 /* ; /* ; */ ; */ +/* ; */ 2*/*;*/3; SELECT 4'],
  ['operators that end where a comment begins', 'SELECT 1 <--;\n 2; SELECT 3 -- ;'],
  ['doubled quotes', `SELECT 'it''s;', 1 AS "a"";b"; SELECT 2`],
  [
    'a function body with semicolons',
    'CREATE FUNCTION pg_temp.f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3',
  ],
  ['characters beyond the basic plane', "SELECT '😀;' AS \"😀\"; SELECT '𝒳' SELEC"],
  ['nothing but separators', ' ;; /* ; */ ; -- ;'],
]

describe('a text is read as the server reads it, with', () => {
  it.each(tricky)('%s', async (_title, sql) => {
    const expected = await byServer(sql)
    expect(byUs(sql)).toEqual(expected)
    if (expected.kind === 'read') expect(fileStatements(sql).length).toBe(expected.statements)
  })

  it.each([
    ['a string', "SELECT 1;\nSELECT 'a;\nb"],
    ['a name in quotes', 'SELECT 1; SELECT "a;\nb'],
    ['a comment', 'SELECT 1; /* a /* b */ ;'],
    ['a dollar quote', 'SELECT 1;\r\n SELECT $a$ ; $$'],
    ['an escape string', "SELECT 1; SELECT E'a\\'"],
    ['nothing at all', 'SELECT 1; SELECT'],
    ['a comment that all of it is in', '/* SELECT 1; /* */ DROP TABLE a;'],
  ])('an error where it ends inside %s', async (_title, sql) => {
    expect(byUs(sql)).toEqual(await byServer(sql))
  })
})

it('an escape string that goes on behind a comment is split as on the server, though the grammar refuses it', async () => {
  const sql = "SELECT E'a' -- x\n\t'\\'; SELECT 2; --'; SELECT 3"
  expect(await byServer(sql)).toEqual({ kind: 'read', statements: 2 })
  expect(fileStatements(sql)).toHaveLength(2)
  expect(byUs(sql).kind).toBe('refused')
})

const pieces = [
  ...['SELECT ', 'SELECT 1', 'SELECT 1', ', ', ' + ', ';', ';', ';\n', '\n', '\r', '\r\n', '\t', ' '],
  ...["'a'", "'a;b'", "'it''s'", "'\\'", "E'\\''", "e'\\\\;'", "E'a'\n'\\''", "N'x;'", "U&'\\0061;'"],
  ...['$$;$$', '$a$ $$;$$ $a$', '$é$;$é$', `${tag};${tag}`, '"a;b"', '"a"";b"', 'U&"\\0061;"', 'x$$y', '😀', 'é'],
  ...['-- ;\n', "-- '\r", '--\n', '/* ; */', '/* /* ; */ */', '/**/', "/* ' */", '*/*;*/', '- -', '1', '1.5', '::text'],
  ...["'", '"', '$$', '/*', '*/', '(', ')', '(1)', '($$;$$)', 'AS a', 'CASE WHEN true THEN 1 END'],
]

describe.each([1, 2, 3, 4])('texts put together at random (seed %i)', (seed) => {
  it('are read by us, by the grammar and by the server alike', { timeout: 120_000 }, async () => {
    const random = randomFrom(seed)
    let read = 0
    for (let text = 0; text < 1_500; text += 1) {
      let sql = ''
      for (let count = 1 + random(9); count > 0; count -= 1)
        // Most of them a statement, else nearly all would be errors at the first word.
        sql +=
          random(2) === 0 ? (pieces[random(pieces.length)] ?? '') : `SELECT ${pieces[random(pieces.length)] ?? ''};`
      const expected = await byServer(sql)
      expect([sql, byUs(sql)]).toMatchObject([sql, expected])
      if (expected.kind === 'refused' || expected.statements === undefined) continue
      read += 1
      expect([sql, fileStatements(sql).length]).toEqual([sql, expected.statements])
    }
    expect(read).toBeGreaterThan(100)
  })
})

describe('the lexer', () => {
  it('gives tokens that cover everything but blanks and comments', () => {
    const sql = "a -- x\r\"b\"/* c */'d'\rE'e'\n 'f\\''$g$h$g$ 1.5e3;"
    expect([...tokens(sql)].map(({ start, end }) => sql.slice(start, end))).toEqual([
      'a',
      '"b"',
      "'d'",
      "E'e'\n 'f\\''",
      '$g$h$g$',
      '1.5e3',
      ';',
    ])
    expect([...commentsOf(sql)].map(({ text }) => text)).toEqual(['x', 'c'])
  })

  it('takes time in proportion to the text, whatever is left open in it', () => {
    const long = 400_000
    for (const sql of [
      "E'".repeat(long),
      '$a'.repeat(long),
      '/*'.repeat(long),
      "'".repeat(long),
      `${"E'a'\n".repeat(long / 10)}`,
      '-- \r'.repeat(long),
    ]) {
      const started = performance.now()
      for (const _ of tokens(sql));
      expect([sql.slice(0, 8), performance.now() - started < 5_000]).toEqual([sql.slice(0, 8), true])
    }
  })
})

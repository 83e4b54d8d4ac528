import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executionModel } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'
import { type LabServer, startServer } from '../lab/server.ts'

const parser = await loadSqlParser()
let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

const fails = 'ALTER TABLE nobody ADD COLUMN a int;'

/** Files that fail at their end, with what of them remains when Prisma 6 and when Prisma 7.10 executes them. */
const files: readonly (readonly [string, string, { readonly six: string[]; readonly seven: string[] }])[] = [
  ['two statements', `CREATE TABLE a (id int);\n${fails}`, { six: [], seven: ['a'] }],
  ['an explicit transaction', `BEGIN;\nCREATE TABLE a (id int);\n${fails}\nCOMMIT;`, { six: [], seven: [] }],
  [
    'a transaction in the middle',
    `CREATE TABLE a (id int);\nBEGIN;\nCREATE TABLE b (id int);\nCOMMIT;\n${fails}`,
    { six: ['a', 'b'], seven: ['a', 'b'] },
  ],
  ['a COMMIT without a BEGIN', `CREATE TABLE a (id int);\nCOMMIT;\n${fails}`, { six: ['a'], seven: ['a'] }],
  [
    'a file that the parser does not read',
    `CREATE TABLE a (id int);\nDO $$ BEGIN PERFORM 1; END $$;\n${fails}`,
    { six: [], seven: [] },
  ],
  [
    'a savepoint',
    `BEGIN;\nSAVEPOINT s;\nCREATE TABLE a (id int);\nRELEASE s;\n${fails}\nCOMMIT;`,
    { six: [], seven: [] },
  ],
  ['a setting before the only statement', `SET lock_timeout = '1s';\n${fails}`, { six: [], seven: [] }],
  [
    'a setting that is refused after the only statement',
    'CREATE TABLE a (id int);\nSET bogus = 1;',
    { six: [], seven: ['a'] },
  ],
  [
    'a setting that is refused after the transaction',
    "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nSET lock_timeout = 'bogus';",
    { six: ['a'], seven: ['a'] },
  ],
  [
    'a second transaction that is only tried',
    `BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\n${fails}\nROLLBACK;`,
    { six: ['a'], seven: ['a'] },
  ],
  [
    'a block that commits on its way',
    "DO $$ BEGIN EXECUTE 'CREATE TABLE a (id int)'; COMMIT; RAISE EXCEPTION 'no'; END $$;",
    { six: ['a'], seven: ['a'] },
  ],
]

describe.each([
  ['6.19.3', 'six'],
  ['7.10.1', 'seven'],
] as const)('the model of %s, executed', (version, major) => {
  it.each(files)('says what a failure leaves behind: %s', async (_, sql, remains) => {
    const model = executionModel(version, sql, parser)
    const left = await failedRun(model.pieces.map((piece) => piece.sql))
    expect(left).toEqual(remains[major])
    expect(model.atomic).toBe(left.length === 0)
  })

  it('names the statement that the server refuses', async () => {
    const sql = 'CREATE TABLE a (id int);\nDROP INDEX CONCURRENTLY IF EXISTS i;'
    const model = executionModel(version, sql, parser)
    expect(model.refused).toEqual({ statement: 1, what: 'DROP INDEX CONCURRENTLY' })
    await expect(
      failedRun(
        model.pieces.map((piece) => piece.sql),
        '25001',
      ),
    ).resolves.toEqual([])
  })

  it.each([
    ['a lock alone', 'LOCK TABLE pg_class IN SHARE MODE;'],
    ['a lock beside other statements', 'LOCK TABLE pg_class;\nSELECT 1;'],
    ['a savepoint', 'SAVEPOINT s;\nSELECT 1;'],
    ['a local setting', "SET LOCAL lock_timeout = '2s';\nSELECT 1;"],
  ])('knows whether a transaction is there that is needed: %s', async (_, sql) => {
    const model = executionModel(version, sql, parser)
    const notices: string[] = []
    const { error } = await run(
      model.pieces.map((piece) => piece.sql),
      { superuser: true, notices },
    )
    const [stray] = model.stray
    expect(error === undefined ? undefined : (error as { code: string }).code).toBe(
      stray?.fails === true ? '25P01' : undefined,
    )
    expect(notices.length > 0).toBe(stray?.fails === false)
  })

  it('a transaction that is left open loses everything', async () => {
    const model = executionModel(version, 'BEGIN;\nCREATE TABLE a (id int);', parser)
    expect(model.leftOpen).toBe(true)
    expect(await run(model.pieces.map((piece) => piece.sql))).toEqual({ error: undefined, tables: [] })
  })
})

async function failedRun(pieces: readonly string[], sqlState?: string): Promise<readonly string[]> {
  const { error, tables } = await run(pieces)
  expect(error).toBeDefined()
  if (sqlState !== undefined) expect(error).toMatchObject({ code: sqlState })
  return tables
}

/** On a connection of its own that is then closed, as Prisma does it. */
async function run(
  pieces: readonly string[],
  { superuser = false, notices = [] as string[] } = {},
): Promise<{ readonly error: unknown; readonly tables: readonly string[] }> {
  const owned = await server.createDatabase()
  const url = superuser ? server.superuserUrl(new URL(owned).pathname.slice(1)) : owned
  let error: unknown
  const client = new pg.Client({ connectionString: url })
  client.on('notice', ({ message }) => notices.push(message ?? ''))
  await client.connect()
  try {
    for (const piece of pieces) await client.query(piece)
  } catch (thrown) {
    error = thrown
  } finally {
    await client.end()
  }
  const reader = new pg.Client({ connectionString: url })
  await reader.connect()
  try {
    const { rows } = await reader.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
    )
    return { error, tables: rows.map((row) => row.relname) }
  } finally {
    await reader.end()
  }
}

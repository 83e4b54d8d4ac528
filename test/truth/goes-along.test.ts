import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type OpenSession } from '../../src/postgres/connection.ts'
import { readLiveCatalog } from '../../src/postgres/live-catalog.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import { replayMigration } from '../../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser } from '../../src/sql/parse.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { lastOf } from '../sql/history.ts'

const parser = await loadParser()

/** What is there, statement, and whether more may go than is named: `unknown` on the server's catalog and in a replay. */
type Case = readonly [what: string, before: string, sql: string, unknown?: 'unknown']

const view = 'CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t;'
const pair = 'CREATE DOMAIN d AS text; CREATE TYPE pair AS (a int, b d);'

const cases: readonly Case[] = [
  ['columns of the rows of a view', `${view} CREATE TABLE made (x v, y v[], z int)`, 'DROP VIEW v CASCADE'],
  [
    'columns of the rows of a materialized view',
    'CREATE MATERIALIZED VIEW v AS SELECT 1 AS id; CREATE TABLE made (x v)',
    'DROP MATERIALIZED VIEW v CASCADE',
  ],
  ['columns of the rows of a table', 'CREATE TABLE t (id int); CREATE TABLE made (x t)', 'DROP TABLE t CASCADE'],
  [
    'columns of the rows of a view of a table',
    `${view} CREATE TABLE made (x v)`,
    'ALTER TABLE t DROP COLUMN id CASCADE',
  ],
  ['columns of the rows of a view on a dropped table', `${view} CREATE TABLE made (x v)`, 'DROP TABLE t CASCADE'],
  [
    'columns of the rows of a view on a view',
    `${view} CREATE VIEW w AS SELECT * FROM v; CREATE TABLE made (x w)`,
    'DROP VIEW v CASCADE',
  ],
  [
    'columns of the rows of a view that is in a schema',
    'CREATE SCHEMA s; CREATE VIEW s.v AS SELECT 1 AS id; CREATE TABLE made (x s.v)',
    'DROP SCHEMA s CASCADE',
  ],
  [
    'columns of a domain over the rows of a view',
    `${view} CREATE DOMAIN dv AS v; CREATE TABLE made (x dv)`,
    'DROP VIEW v CASCADE',
  ],
  [
    'a column of the rows of a view that reads the same table',
    `${view} ALTER TABLE t ADD COLUMN x v`,
    'DROP VIEW v CASCADE',
  ],
  [
    'columns of the rows of a table that was renamed',
    'CREATE TABLE t (id int); CREATE TABLE made (x t); ALTER TABLE t RENAME TO u',
    'DROP TABLE u CASCADE',
  ],
  ['columns of a composite type', `${pair} CREATE TABLE made (x pair, y pair[])`, 'DROP TYPE pair CASCADE'],
  [
    'no column of a composite type that loses an attribute',
    `${pair} CREATE TABLE made (x pair)`,
    'DROP DOMAIN d CASCADE',
  ],
  [
    'a table of a composite type',
    `${pair} CREATE TABLE made OF pair; CREATE VIEW v AS TABLE made`,
    'DROP TYPE pair CASCADE',
  ],
  [
    'columns of a range and of its multirange',
    'CREATE DOMAIN d AS float8; CREATE TYPE span AS RANGE (subtype = d); CREATE TABLE made (x span)',
    'DROP DOMAIN d CASCADE',
  ],
  [
    'tables that were added to an extension',
    'CREATE EXTENSION citext; CREATE TABLE mine (id int); CREATE SEQUENCE counted; ALTER EXTENSION citext ADD TABLE mine; ALTER EXTENSION citext ADD SEQUENCE counted',
    'DROP EXTENSION citext',
  ],
  [
    'tables that were added to an extension and renamed since',
    'CREATE EXTENSION citext; CREATE TABLE mine (id int); ALTER EXTENSION citext ADD TABLE mine; ALTER TABLE mine RENAME TO other',
    'DROP EXTENSION citext',
  ],
  [
    'no table that left the extension again',
    'CREATE EXTENSION citext; CREATE TABLE mine (id int); ALTER EXTENSION citext ADD TABLE mine; ALTER EXTENSION citext DROP TABLE mine',
    'DROP EXTENSION citext',
  ],
  [
    'columns of the types of an extension',
    'CREATE EXTENSION citext; CREATE TABLE made (a citext, b citext[], c text)',
    'DROP EXTENSION citext CASCADE',
    'unknown',
  ],
  [
    'tables of an extension that needs another',
    'CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE TABLE mine (id int); ALTER EXTENSION earthdistance ADD TABLE mine; CREATE TABLE made (at earth)',
    'DROP EXTENSION cube CASCADE',
    'unknown',
  ],
  [
    'tables of an extension whose schema goes',
    'CREATE SCHEMA s; CREATE EXTENSION citext SCHEMA s; CREATE TABLE mine (id int); ALTER EXTENSION citext ADD TABLE mine',
    'DROP SCHEMA s CASCADE',
    'unknown',
  ],
  [
    'a schema that was added to an extension',
    'CREATE EXTENSION citext; CREATE SCHEMA s; CREATE TABLE s.mine (id int); ALTER EXTENSION citext ADD SCHEMA s',
    'DROP EXTENSION citext CASCADE',
    'unknown',
  ],
]

/** Version 14 brought multiranges under a name that follows that of the range. */
const ranges: Case = [
  'columns of a multirange',
  'CREATE TYPE span AS RANGE (subtype = int); CREATE TABLE made (x span, y span_multirange, z int)',
  'DROP TYPE span CASCADE',
]

describe.each([14, 18] as const)('what goes along with something dropped on PostgreSQL %i is said', (major) => {
  let server: LabServer
  let session: OpenSession

  beforeAll(async () => {
    server = await startServer(major)
    const database = new URL(await server.createDatabase()).pathname.slice(1)
    const parsed = parseDatabaseUrl(server.superuserUrl(database), 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    session = await connect(parsed.url)
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const named = [...cases, ranges].map(([what, before, sql, unknown]) => ({ what, before, sql, unknown }))
  test.each(named)('$what', async ({ before, sql, unknown }) => {
    const replayed = replayMigration(parser, { name: '0_before', sql: before, schema: 'public', catalog: emptyCatalog })
    if (replayed.kind === 'syntax-error') throw new Error(replayed.message)
    try {
      await session.query(`BEGIN; SET LOCAL search_path = public; ${before}; SET LOCAL search_path = ''`)
      const live = await readLiveCatalog(session)
      const there = await look(session)
      await session.query(`SET LOCAL search_path = public; ${sql}`)
      const left = await look(session)
      const gone = there.filter((one) => !left.includes(one))
      // Of a table that goes its columns need no name.
      const tables = gone.filter((one) => one.startsWith('table ')).map((one) => one.replace('table ', ''))
      const seen = gone.filter((one) => !tables.some((table) => one.includes(` ${table}.`)))
      for (const catalog of [live, replayed.catalogAfter]) {
        const said = judged(sql, catalog)
        // What an extension brings only the server knows.
        if (catalog !== live && unknown !== undefined) expect(said.unknown).toBe(true)
        else expect(said.lost.filter((one) => there.includes(one)).toSorted()).toEqual(seen.toSorted())
        if (catalog === live) expect(said.unknown).toBe(unknown !== undefined)
      }
    } finally {
      await session.query('ROLLBACK')
    }
  })

  const counted = 'CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval($$s$$)); ALTER SEQUENCE s OWNED BY t.id'
  test.each([
    ['CREATE SEQUENCE s', 'DROP SEQUENCE s', []],
    [counted, 'DROP SEQUENCE s CASCADE', ['default public.t.id']],
    [counted, 'ALTER SEQUENCE s RESTART', []],
    [counted, 'ALTER SEQUENCE s RESTART WITH 7', []],
    [counted, 'TRUNCATE t RESTART IDENTITY', ['rows public.t']],
    [counted, "SELECT setval('s', 9)", []],
    [counted, 'DO $$ BEGIN ALTER SEQUENCE s RESTART; END $$', []],
    ['CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s))', 'ALTER TABLE t ALTER id RESTART', []],
    [
      'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s))',
      'ALTER TABLE t ALTER id DROP IDENTITY',
      [],
    ],
  ])('the position of a sequence goes: %s; %s', async (before, sql, besides) => {
    try {
      await session.query(
        `BEGIN; SET LOCAL search_path = public; ${before}; SELECT nextval('s'), nextval('s'), nextval('s'); SET LOCAL search_path = ''`,
      )
      const said = judged(sql, await readLiveCatalog(session))
      await session.query(`SET LOCAL search_path = public; ${sql}`)
      const [there] = await session.query<{ there: boolean }>("SELECT to_regclass('s') IS NOT NULL AS there")
      const next =
        there?.there === true ? await session.query<{ next: number }>("SELECT nextval('s')::int AS next") : []
      expect(next).not.toEqual([{ next: 4 }])
      expect(said).toEqual({ lost: expect.arrayContaining(['sequence public.s', ...besides]), unknown: false })
      expect(said.lost).toHaveLength(besides.length + 1)
    } finally {
      await session.query('ROLLBACK')
    }
  })

  test.each([
    `${pair} CREATE TABLE made (x pair)`,
    'CREATE DOMAIN d AS text; CREATE TABLE made (x d[])',
    'CREATE DOMAIN d AS text; CREATE TABLE within (x d); CREATE TABLE made (x within)',
  ])('a domain inside another type gets no constraint while a column has it: %s', async (before) => {
    const sql = "ALTER DOMAIN d ADD CHECK (VALUE <> '')"
    try {
      await session.query(`BEGIN; SET LOCAL search_path = public; ${before}; SET LOCAL search_path = ''`)
      const { statements } = lastOf([sql], { catalog: await readLiveCatalog(session) })
      expect(statements[0]?.effects.unknownBecause).toMatch(/^PostgreSQL refuses it .* public\.made\.x /)
      await expect(session.query(`SET LOCAL search_path = public; ${sql}`)).rejects.toMatchObject({
        failure: { why: expect.stringContaining('column "made.x" uses it') },
      })
    } finally {
      await session.query('ROLLBACK')
    }
  })
})

function judged(sql: string, catalog: Catalog) {
  const { statements } = lastOf([sql], { catalog })
  return {
    lost: statements.flatMap(({ effects }) => effects.loses.map(({ kind, name }) => `${kind} ${name}`)),
    unknown: statements.some(({ effects }) => effects.unknown),
  }
}

/** Tables and their columns. */
async function look(session: OpenSession): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(`
    SELECT 'table ' || n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND a.attnum > 0 AND NOT a.attisdropped`)
  return rows.map(({ name }) => name)
}

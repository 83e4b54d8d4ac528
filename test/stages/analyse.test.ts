import { describe, expect, test } from 'vitest'
import type { Migration } from '../../src/migrations/folder.ts'
import { asMigrationName } from '../../src/migrations/migration.ts'
import { emptyCatalog, unknownCatalog } from '../../src/sql/catalog/model.ts'
import { analyse } from '../../src/stages/plan/analyse.ts'
import { risksOf } from '../../src/stages/plan/risks.ts'

const options = { prismaVersion: '7.10.1', schema: 'public', rules: {}, start: unknownCatalog }

function migration(name: string, sql: string): Migration {
  return {
    name: asMigrationName(name),
    path: name,
    file: `${name}/migration.sql`,
    sql,
    bytes: sql.length,
    checksum: 'c',
    otherChecksums: [],
  }
}

const created = migration('1_init', 'CREATE TABLE "User" (id int PRIMARY KEY, name varchar(50));')

test('a pending migration is judged on what the applied ones left', async () => {
  const pending = [migration('2_wider', 'ALTER TABLE "User" ALTER COLUMN name TYPE varchar(100);')]
  const known = await analyse({ applied: [created], pending }, options)
  expect(known.migrations[0]?.statements[0]?.effects).toMatchObject({ rewrites: [], unknown: false })
  const unknown = await analyse({ applied: [], pending }, options)
  expect(unknown.migrations[0]?.statements[0]?.effects.unknown).toBe(true)
})

test('an applied file that no longer parses makes what came before it unknown instead of wrong', async () => {
  const pending = [migration('3_wider', 'ALTER TABLE "User" ALTER COLUMN name TYPE varchar(100);')]
  const analysis = await analyse({ applied: [created, migration('2_broken', 'ALTER TABLE ((')], pending }, options)
  expect(analysis.migrations[0]?.statements[0]?.effects.unknown).toBe(true)
})

test('all syntax errors are told together, with file, line and column', async () => {
  const pending = [migration('2_a', 'SELECT 1;\nSELEC 2;'), migration('3_b', 'DROP;')]
  await expect(analyse({ applied: [], pending }, options)).rejects.toMatchObject({
    failure: { code: 'SQL.SYNTAX', why: expect.stringMatching(/2_a\/migration\.sql:2:1 .*\n3_b\/migration\.sql:1:5 /) },
  })
})

test('SET LOCAL without a transaction is a finding where every statement is sent by itself, and none where the file is one', async () => {
  const pending = [migration('2_a', 'SET LOCAL lock_timeout = \'1s\';\nALTER TABLE "User" ADD COLUMN x int;')]
  const rulesOf = async (prismaVersion: string) =>
    (await analyse({ applied: [created], pending }, { ...options, prismaVersion })).findings.map(({ rule, line }) => [
      rule,
      line,
    ])
  expect(await rulesOf('7.10.1')).toContainEqual(['set-local-without-transaction', 1])
  expect(await rulesOf('6.19.3')).not.toContainEqual(['set-local-without-transaction', 1])
})

test.each([
  [
    'an index built concurrently beside other statements, in one message',
    '6.19.3',
    'CREATE INDEX CONCURRENTLY i ON "User" (name);\nSELECT 1;',
    /concurrently/i,
  ],
  ['a transaction that is never committed', '7.10.1', 'BEGIN;\nALTER TABLE "User" ADD COLUMN x int;', /never commits/],
  ['a savepoint without a transaction', '7.10.1', 'SAVEPOINT a;\nALTER TABLE "User" ADD COLUMN x int;', /SAVEPOINT/],
])('%s is known to go wrong before it is tried', async (_what, prismaVersion, sql, text) => {
  const { obstacles } = await analyse(
    { applied: [created], pending: [migration('2_x', sql)] },
    { ...options, prismaVersion },
  )
  expect(obstacles).toMatchObject([{ migration: '2_x', text: expect.stringMatching(text) }])
})

test('a rule that is switched off says nothing, and one with another severity says it so', async () => {
  const pending = [migration('2_i', 'CREATE INDEX i ON "User" (name);')]
  const severities = async (rules: Record<string, 'off' | 'notice'>) =>
    (await analyse({ applied: [created], pending }, { ...options, rules })).findings.map(({ severity }) => severity)
  expect(await severities({})).toEqual(['warning'])
  expect(await severities({ 'create-index-blocks-writes': 'notice' })).toEqual(['notice'])
  expect(await severities({ 'create-index-blocks-writes': 'off' })).toEqual([])
})

test('a folder judged from its first migration on starts from nothing', async () => {
  const analysis = await analyse({ applied: [], pending: [created] }, { ...options, start: emptyCatalog })
  expect(analysis.findings).toEqual([])
})

describe('what needs approval', () => {
  const reasonsOf = async (sql: string) => {
    const { migrations } = await analyse({ applied: [created], pending: [migration('2_x', sql)] }, options)
    return risksOf(migrations, new Map([['public.User', 8_192]]), 100_000_000).map(({ reason }) => reason)
  }

  test.each([
    `UPDATE "User" SET name = 'x';`,
    `INSERT INTO "User" VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'x';`,
    `WITH changed AS (UPDATE "User" SET name = 'x' RETURNING id) SELECT * FROM changed;`,
    `WITH changed AS (UPDATE "User" SET name = 'x' RETURNING id) INSERT INTO "User" SELECT id + 100, 'y' FROM changed;`,
    `DO $$ BEGIN UPDATE "User" SET name = 'x'; END $$;`,
    `DO $$ BEGIN ALTER TABLE "User" ADD COLUMN a int; UPDATE "User" SET name = 'x'; END $$;`,
    `MERGE INTO "User" u USING (SELECT 1 AS id) s ON s.id = u.id WHEN MATCHED THEN UPDATE SET name = 'x';`,
  ])('%s', async (sql) => {
    expect(await reasonsOf(sql)).toContain('irreversible')
  })

  test.each([
    `COPY "User" TO PROGRAM 'cat';`,
    'ALTER SYSTEM SET fsync = off;',
    'GRANT pg_execute_server_program TO app;',
    `DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_setting('x.y'); END $$;`,
    'SELECT no_such_function();',
  ])('%s', async (sql) => {
    expect(await reasonsOf(sql)).toContain('unknown')
  })

  test.each([
    'SET lock_timeout = 0;',
    "SET lock_timeout TO '10min';",
    "SET LOCAL lock_timeout = '0';",
    "SET SESSION lock_timeout = '1h';",
    'SET lock_timeout TO DEFAULT;',
  ])('%s', async (sql) => {
    expect(await reasonsOf(sql)).toContain('unknown')
  })

  test.each([
    `INSERT INTO "User" VALUES (1, 'x');`,
    `INSERT INTO "User" VALUES (1, 'x') ON CONFLICT DO NOTHING;`,
    'ALTER TABLE "User" ADD COLUMN a int;',
    "SET lock_timeout = '2s';",
    'SET lock_timeout = 500;',
    'RESET lock_timeout;',
    `COMMENT ON TABLE "User" IS 'update me';`,
  ])('nothing in: %s', async (sql) => {
    expect(await reasonsOf(sql)).toEqual([])
  })
})

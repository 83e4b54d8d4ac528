import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prismaHistory } from '../../../../src/migrations/prisma-history.ts'
import type { PrismaSource } from '../../../../src/migrations/source.ts'
import { connectWithoutLimits } from '../../../../src/postgres/connection.ts'
import type { DataCheck } from '../../../../src/stages/rehearse/data/data-check.ts'
import { readFootprints } from '../../../../src/stages/rehearse/data/footprints.ts'
import { tablesWrittenOver, watchTables } from '../../../../src/stages/rehearse/data/watch-tables.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, type PostgresMajor, startServer } from '../../../lab/server.ts'
import { parsed, plannedFor } from '../trace/lab-trace.ts'

/** What became of the rows, on a server, against what the plan lets happen to them. */

const servers = new Map<PostgresMajor, LabServer>()
beforeAll(async () => {
  for (const major of [14, 15, 18] as const) servers.set(major, await startServer(major))
})
afterAll(async () => {
  for (const server of servers.values()) await server[Symbol.asyncDispose]()
})

const data = `
  CREATE TYPE mood AS ENUM ('good', 'bad');
  CREATE DOMAIN short AS varchar(40);
  CREATE TABLE "User" (id SERIAL PRIMARY KEY, email TEXT, age INT, mood mood, nick short, double INT GENERATED ALWAYS AS (age * 2) STORED);
  CREATE TABLE "Order" (id SERIAL PRIMARY KEY, "userId" INT REFERENCES "User" (id) ON DELETE CASCADE, total NUMERIC(10,2), note JSONB);
  CREATE TABLE "Audit" (what TEXT);
  CREATE TABLE "Event" (id INT, day DATE) PARTITION BY RANGE (day);
  CREATE TABLE "Event_1" PARTITION OF "Event" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE "Event_2" PARTITION OF "Event" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE "Category" (id INT PRIMARY KEY, "parentId" INT REFERENCES "Category" (id) ON UPDATE CASCADE ON DELETE SET NULL, label TEXT, hint TEXT);
  INSERT INTO "Category" SELECT n, nullif(n - 1, 0), 'c' || n FROM generate_series(1, 5) n;
  INSERT INTO "User" (email, age, mood, nick) SELECT 'u' || n, n, 'good', 'n' || n FROM generate_series(1, 100) n;
  INSERT INTO "Order" ("userId", total, note) SELECT n, n * 1.5, '{"a": 1}' FROM generate_series(1, 100) n;
  INSERT INTO "Event" SELECT n, '2024-06-01' FROM generate_series(1, 10) n;
  CREATE TABLE _prisma_migrations (id TEXT);`

/** `runs`: what happens in place of what was planned. */
async function checksOf(planned: string, runs = planned, major: PostgresMajor = 18): Promise<readonly DataCheck[]> {
  const server = servers.get(major)
  if (server === undefined) throw new Error(`PostgreSQL ${major} was not started`)
  const url = await server.createDatabase()
  await query(url, data)
  const migrations = await plannedFor(parsed(url), [planned], 'atomic')
  const clone = `${new URL(url).pathname.slice(1)}_clone`
  await query(
    server.superuserUrl(),
    `CREATE DATABASE ${clone} TEMPLATE ${new URL(url).pathname.slice(1)} OWNER app_owner`,
  )
  await using onClone = await connectWithoutLimits(parsed(server.ownerUrl(clone)))
  const footprints = await readFootprints(onClone)
  await query(server.ownerUrl(clone), runs)
  const over = await tablesWrittenOver(onClone, footprints)
  await using session = await connectWithoutLimits(parsed(url))
  const source = { historyIn: prismaHistory } as unknown as PrismaSource
  const watched = await watchTables({ session, source, url: parsed(url) }, { migrations }, over)
  await query(url, `${runs};INSERT INTO _prisma_migrations VALUES ('1')`)
  return await watched.compare()
}

const said = (checks: readonly DataCheck[]) => checks.map(({ name, outcome, text }) => `${outcome} ${name}: ${text}`)
const nothingBeside = 'pass tables beside the plan: no row of them was written'

describe('what the plan says passes', () => {
  test.each<[string, string, readonly string[]]>([
    ['a new column', 'ALTER TABLE "User" ADD COLUMN a INT DEFAULT 1', []],
    [
      'a backfill',
      'ALTER TABLE "User" ADD COLUMN a TEXT; UPDATE "User" SET a = upper(email)',
      ['pass "User": 100 rows, and the 5 columns that the plan leaves alone have the same values'],
    ],
    [
      'an update of some of the rows, of which a generated column depends',
      'UPDATE "User" SET age = age + 1 WHERE id < 10',
      ['pass "User": 100 rows, and the 4 columns that the plan leaves alone have the same values'],
    ],
    [
      'another type, and another name for a column and the table',
      'ALTER TABLE "Order" ALTER COLUMN total TYPE NUMERIC(20,4); ALTER TABLE "Order" RENAME note TO remark; ALTER TABLE "Order" RENAME TO "Sale"',
      ['pass "Sale": 100 rows, and the 3 columns that the plan leaves alone have the same values'],
    ],
    [
      'a type that Prisma makes anew',
      `CREATE TYPE mood_new AS ENUM ('good'); ALTER TABLE "User" ALTER COLUMN mood TYPE mood_new USING (mood::text::mood_new); DROP TYPE mood; ALTER TYPE mood_new RENAME TO mood`,
      ['pass "User": 100 rows, and the 4 columns that the plan leaves alone have the same values'],
    ],
    [
      'a new column that every row gets another value of',
      'ALTER TABLE "User" ADD COLUMN token UUID DEFAULT gen_random_uuid()',
      ['pass "User": 100 rows, and the 5 columns that the plan leaves alone have the same values'],
    ],
    [
      'rows that come and go, also those that a foreign key takes along',
      `DELETE FROM "User" WHERE id <= 3; INSERT INTO "User" (email) VALUES ('new')`,
      [
        'pass "Order": 3 deleted; the other rows were not touched',
        'pass "User": 1 inserted, 3 deleted; the other rows were not touched',
      ],
    ],
    [
      'INSERT … ON CONFLICT DO UPDATE',
      `INSERT INTO "User" (id, email) VALUES (1, 'x'), (1000, 'y') ON CONFLICT (id) DO UPDATE SET email = excluded.email`,
      ['not-checked "User": 100 rows before, 101 after: values of rows that come and go are not compared'],
    ],
    ['TRUNCATE', 'TRUNCATE "Order"', ['pass "Order": emptied: 100 rows before']],
    [
      'rows that move into another partition',
      `UPDATE "Event" SET day = '2025-06-01' WHERE id = 1`,
      [
        'pass "Event_1": 1 deleted; the other rows were not touched',
        'pass "Event_2": 1 inserted; the other rows were not touched',
      ],
    ],
    [
      'rows that go into a partition by the name of their table',
      `INSERT INTO "Event" VALUES (11, '2025-06-01')`,
      ['pass "Event_2": 1 inserted; the other rows were not touched'],
    ],
    [
      'other values for all of a column, with the type it has, in all partitions',
      'ALTER TABLE "Event" ALTER COLUMN id TYPE INT USING id + 1',
      [
        'pass "Event_1": 10 rows, and the column that the plan leaves alone has the same values',
        'pass "Event_2": 0 rows, and the column that the plan leaves alone has the same values',
      ],
    ],
    [
      'a table that is renamed and then written under its new name',
      `ALTER TABLE "Category" RENAME TO "Section"; UPDATE "Section" SET label = upper(label); INSERT INTO "Section" VALUES (6)`,
      ['not-checked "Section": 5 rows before, 6 after: values of rows that come and go are not compared'],
    ],
    [
      'a column that is written once its table is renamed',
      `ALTER TABLE "Category" RENAME TO "Section"; UPDATE "Section" SET label = upper(label)`,
      ['pass "Section": 5 rows, and the 2 columns that the plan leaves alone have the same values'],
    ],
    [
      'rows replaced by as many others, after which nobody can tell which is which',
      `TRUNCATE "Category"; INSERT INTO "Category" SELECT n + 100, NULL, 'new' FROM generate_series(1, 5) n`,
      [
        'not-checked "Category": 5 rows, and the 3 columns that the plan leaves alone have other values than before: the plan may replace its rows',
      ],
    ],
    [
      'some of the rows replaced by as many others, and others written over',
      `DELETE FROM "Category" WHERE id = 5; INSERT INTO "Category" VALUES (50, NULL, 'new'); UPDATE "Category" SET hint = 'x' WHERE id < 3`,
      [
        'not-checked "Category": 5 rows, and the 2 columns that the plan leaves alone have other values than before: the plan may replace its rows',
      ],
    ],
    [
      'a key that takes the rows of the same table along which refer to it',
      'UPDATE "Category" SET id = id + 1000',
      ['pass "Category": 5 rows, and the 2 columns that the plan leaves alone have the same values'],
    ],
    [
      'all columns that there are',
      `UPDATE "Audit" SET what = 'x'; INSERT INTO "Audit" VALUES ('a')`,
      ['pass "Audit": 1 inserted; the other rows were not touched'],
    ],
  ])('%s', async (_what, sql, expected) => {
    expect(said(await checksOf(sql))).toEqual([nothingBeside, ...expected])
  })

  test('and as well on 15, the first that counts dependably', async () => {
    expect(said(await checksOf('UPDATE "User" SET age = 1', undefined, 15))).toEqual([
      nothingBeside,
      'pass "User": 100 rows, and the 4 columns that the plan leaves alone have the same values',
    ])
  })

  test('code that runs with a statement may write any column, and that is said', async () => {
    const trigger = `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.nick = 'touched'; RETURN NEW; END$$;
      CREATE TRIGGER touch BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();`
    expect(said(await checksOf(`${trigger} UPDATE "User" SET age = 1`))).toEqual([
      nothingBeside,
      'not-checked "User": 100 updated, 100 rows as before; which columns the plan leaves alone cannot be told',
    ])
  })
})

describe('what the plan does not say is found', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'other values in a column that it leaves alone, with as many rows',
      'UPDATE "User" SET age = 1',
      `UPDATE "User" SET age = 1, nick = CASE id WHEN 1 THEN 'n2' WHEN 2 THEN 'n1' ELSE nick END`,
      ['fail "User": 100 rows, and the 4 columns that the plan leaves alone have other values than before'],
    ],
    [
      'values that a table loses while it is written anew',
      'ALTER TABLE "Order" ALTER COLUMN total TYPE NUMERIC(20,4)',
      'ALTER TABLE "Order" ALTER COLUMN total TYPE NUMERIC(20,4), ALTER COLUMN note TYPE JSONB USING NULL',
      ['fail "Order": 100 rows, and the 3 columns that the plan leaves alone have other values than before'],
    ],
    [
      'rows that are gone',
      'UPDATE "Order" SET total = 0',
      'UPDATE "Order" SET total = 0; DELETE FROM "Order" WHERE id < 5',
      ['fail "Order": it has 4 rows fewer, and the plan removes none'],
    ],
    [
      'rows that were added',
      'ALTER TABLE "User" ADD COLUMN a INT',
      `ALTER TABLE "User" ADD COLUMN a INT; INSERT INTO "User" (email) VALUES ('x')`,
      ['fail "User": it has 1 row more, and the plan adds none'],
    ],
  ])('%s', async (_what, planned, runs, expected) => {
    expect(said(await checksOf(planned, runs))).toEqual([nothingBeside, ...expected])
  })

  test('rows of a table that it does not name; where it cannot tell what it does, that is said instead', async () => {
    const plan = 'ALTER TABLE "User" ADD COLUMN a INT'
    const also = `${plan}; INSERT INTO "Audit" VALUES ('marker'), ('marker')`
    expect(said(await checksOf(plan, also))).toEqual([
      'fail tables beside the plan: rows were written that the plan does not name: "Audit" (2 inserted)',
    ])
    const unknown = `DO $$ BEGIN EXECUTE 'ALTER TABLE "User" ADD COLUMN ' || chr(97) || ' INT'; END $$`
    expect(said(await checksOf(unknown, `${unknown}; INSERT INTO "Audit" VALUES ('x')`))[0]).toBe(
      'not-checked tables beside the plan: written were "Audit" (1 inserted); what 1_file:1 does cannot be told from its text',
    )
  })
})

test('where the server does not say which tables were written, nothing is claimed', async () => {
  expect(said(await checksOf('UPDATE "User" SET age = 1', undefined, 14))).toEqual([
    expect.stringMatching(/^not-checked tables beside the plan: the server does not say/),
  ])
})

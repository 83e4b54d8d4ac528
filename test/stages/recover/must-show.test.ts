import { describe, expect, test } from 'vitest'
import { analyseMigration } from '../../../src/sql/analyse.ts'
import { unknownCatalog } from '../../../src/sql/catalog/model.ts'
import { loadParser } from '../../../src/sql/parse.ts'
import { mustShow } from '../../../src/stages/recover/must-show.ts'

const parser = await loadParser()

function shows(sql: string): boolean {
  const analysis = analyseMigration(parser, {
    name: 'm',
    file: 'm.sql',
    sql,
    schema: 'public',
    catalog: unknownCatalog,
  })
  if (analysis.kind === 'syntax-error') throw new Error(analysis.message)
  return mustShow(parser, analysis)
}

describe('had it been committed, the schema would be another one', () => {
  test.each([
    'CREATE TABLE "User" (id INT);',
    'ALTER TABLE "User" ADD COLUMN "name" TEXT; -- the last line',
    'BEGIN; UPDATE "User" SET email = \'\'; ALTER TABLE "User" ADD COLUMN "name" TEXT; COMMIT;',
    'ALTER TABLE "User" DROP COLUMN "email", ADD COLUMN "mail" TEXT;',
    'ALTER TABLE "User" DROP CONSTRAINT "c", ADD COLUMN "mail" TEXT;',
    'DROP TABLE "User";',
    'DROP INDEX "i";',
    'CREATE INDEX ON "User" (email);',
    'CREATE UNIQUE INDEX "i" ON "User" (email);',
    'ALTER TABLE "User" ADD CONSTRAINT "c" UNIQUE (email);',
    'CREATE TYPE "Mood" AS ENUM (\'ok\');',
    'ALTER TYPE "Mood" ADD VALUE \'fine\';',
    'ALTER TABLE "User" RENAME COLUMN "a" TO "b";',
    'ALTER TABLE "User" RENAME TO "Person";',
    'DROP TABLE IF EXISTS "Old"; CREATE TABLE "New" (id INT);',
  ])('%s', (sql) => {
    expect(shows(sql)).toBe(true)
  })
})

describe('nothing can be told from a schema that is the same', () => {
  test.each([
    [
      'a table that code of somebody drops again',
      'CREATE TABLE "Scratch" (id INT); CREATE FUNCTION undo() RETURNS void LANGUAGE sql AS \'DROP TABLE "Scratch"\'; SELECT undo();',
    ],
    ['a table that a block drops again', 'CREATE TABLE "Scratch" (id INT); DO $$ BEGIN DROP TABLE "Scratch"; END $$;'],
    ['rows only', 'UPDATE "User" SET email = \'x\'; INSERT INTO "User" VALUES (1);'],
    ['IF NOT EXISTS', 'CREATE TABLE IF NOT EXISTS "User" (id INT); ALTER TABLE "User" ADD COLUMN IF NOT EXISTS a INT;'],
    ['IF EXISTS', 'DROP TABLE IF EXISTS "User"; ALTER TABLE IF EXISTS "User" DROP COLUMN a;'],
    ['what may have been so before', 'ALTER TABLE "User" ALTER COLUMN a SET NOT NULL, ALTER COLUMN a SET DEFAULT 1;'],
    ['a table made and dropped', 'CREATE TABLE "Scratch" (id INT); DROP TABLE "Scratch";'],
    ['a column made and dropped', 'ALTER TABLE "User" ADD COLUMN a INT; ALTER TABLE "User" DROP COLUMN a;'],
    ['a column of a table that is dropped', 'ALTER TABLE "User" ADD COLUMN a INT; DROP TABLE IF EXISTS "User";'],
    ['a column made anew', 'ALTER TABLE "User" DROP COLUMN a; ALTER TABLE "User" ADD COLUMN a INT;'],
    ['a rename and back', 'ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME TO a;'],
    ['an index that goes with its column', 'CREATE INDEX i ON a (c); ALTER TABLE a DROP COLUMN IF EXISTS c;'],
    ['an index without a name', 'CREATE INDEX ON a (c); DROP INDEX IF EXISTS a_c_idx;'],
    ['CASCADE', 'ALTER TABLE a ADD COLUMN c "Mood"; DROP TYPE "Mood" CASCADE;'],
    ['a temporary table', 'CREATE TEMPORARY TABLE t (id INT);'],
    ['a schema that is not compared', 'SET search_path = pg_temp; CREATE TABLE t (id INT);'],
    ['a block', "ALTER TABLE a ADD COLUMN c INT; DO $$ BEGIN EXECUTE 'ALTER TABLE a DROP c'; END $$;"],
    ['a function of one’s own', 'ALTER TABLE a ADD COLUMN c INT; SELECT cleanup();'],
    ['a statement that is not understood', 'CREATE TABLE t (id INT); DROP SCHEMA IF EXISTS s;'],
    [
      'Prisma’s own history',
      'ALTER TABLE _prisma_migrations ADD COLUMN c INT; CREATE INDEX i ON _prisma_migrations (c);',
    ],
  ])('%s', (_what, sql) => {
    expect(shows(sql)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { lastOf } from './history.ts'

const before =
  'CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, age INT DEFAULT 1); CREATE INDEX "User_name_idx" ON "User" (name);'
const stageOf = (sql: string) => lastOf([before, sql]).stage

describe('a migration is', () => {
  it.each([
    'CREATE TABLE a (id INT);',
    'ALTER TABLE "User" ADD COLUMN b TEXT;',
    'CREATE INDEX CONCURRENTLY i ON "User" (id);',
    "CREATE TYPE role AS ENUM ('a');",
    'CREATE TABLE a (id INT); ALTER TABLE a DROP COLUMN id;',
    'CREATE TABLE a (id INT); ALTER TABLE a ALTER COLUMN id SET NOT NULL; ALTER TABLE a RENAME TO b;',
    '-- This is an empty migration.',
  ])('expand when it only adds: %s', (sql) => {
    expect(stageOf(sql)).toBe('expand')
  })

  it.each([
    'UPDATE "User" SET name = trim(name);',
    'INSERT INTO "User" VALUES (1);',
    'DELETE FROM "User" WHERE id = 1;',
    'ALTER TABLE "User" ADD COLUMN b TEXT; UPDATE "User" SET b = name;',
  ])('data when it moves rows: %s', (sql) => {
    expect(stageOf(sql)).toBe('data')
  })

  it.each([
    'ALTER TABLE "User" DROP COLUMN name;',
    'DROP TABLE "User";',
    'ALTER TABLE "User" ALTER COLUMN name SET NOT NULL;',
    'ALTER TABLE "User" RENAME COLUMN name TO nick;',
    'ALTER TABLE "User" ALTER COLUMN age TYPE BIGINT;',
    'UPDATE "User" SET name = \'\'; ALTER TABLE "User" ADD COLUMN must TEXT NOT NULL;',
    "DO $$ BEGIN EXECUTE current_setting('app.sql'); END $$;",
  ])('contract when the running release may not be ready for it, or nobody knows: %s', (sql) => {
    expect(stageOf(sql)).toBe('contract')
  })

  it.each([
    'DROP INDEX "User_name_idx";',
    'ALTER TABLE "User" ALTER COLUMN age DROP DEFAULT;',
    'REINDEX TABLE "User";',
    'ANALYZE "User";',
  ])('cleanup when it only tidies: %s', (sql) => {
    expect(stageOf(sql)).toBe('cleanup')
  })
})

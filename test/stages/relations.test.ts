import { beforeAll, expect, test } from 'vitest'
import { analyseMigration } from '../../src/sql/analyse.ts'
import { emptyCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser, type Parser } from '../../src/sql/parse.ts'
import { relationsThatNeedTheirOwner } from '../../src/stages/preflight/relations.ts'

let parser: Parser
beforeAll(async () => {
  parser = await loadParser()
})

const history = `
  CREATE TABLE "User" (id int PRIMARY KEY);
  CREATE TABLE "Order" (id int PRIMARY KEY, "userId" int, CONSTRAINT fk FOREIGN KEY ("userId") REFERENCES "User" (id));
  CREATE INDEX i ON "Order" ("userId");`

function needed(sql: string): readonly string[] {
  const before = analyseMigration(parser, {
    name: '0',
    file: '0',
    sql: history,
    schema: 'public',
    catalog: emptyCatalog,
  })
  if (before.kind !== 'analysed') throw new Error(before.message)
  const after = analyseMigration(parser, { name: '1', file: '1', sql, schema: 'public', catalog: before.catalogAfter })
  if (after.kind !== 'analysed') throw new Error(after.message)
  return [...relationsThatNeedTheirOwner(after.statements)]
}

test.each([
  ['ALTER TABLE "Order" ADD COLUMN x int', ['public.Order']],
  ['ALTER TABLE "Order" DROP CONSTRAINT fk', ['public.Order']],
  ['ALTER TABLE "Order" ADD CONSTRAINT f2 FOREIGN KEY ("userId") REFERENCES "User" (id)', ['public.Order']],
  ['ALTER TABLE "Order" RENAME TO "Purchase"', ['public.Order']],
  ['CREATE INDEX j ON "Order" (id)', ['public.Order']],
  ['DROP TABLE "Order"', ['public.Order']],
  ['DROP TABLE "Order", "User"', ['public.Order', 'public.User']],
  ['UPDATE "Order" SET "userId" = NULL', []],
  ['CREATE TABLE "New" (id int, "userId" int REFERENCES "User" (id))', []],
])('%s', (sql, expected) => {
  expect(needed(sql)).toEqual(expected)
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { applyAtomically, applyWithPrisma, differences, type NamedSql, whatIsThere } from './two-ways.ts'

/** Who applied it cannot be seen afterwards. The same over public histories: scripts/identity.ts. */

const shop = fileURLToPath(new URL('../../../../examples/shop/prisma/migrations', import.meta.url))
const ofShop: readonly NamedSql[] = readdirSync(shop)
  .filter((name) => !name.includes('.'))
  .toSorted()
  .map((name) => ({ name, sql: readFileSync(join(shop, name, 'migration.sql'), 'utf8') }))

const ofEveryKind: readonly NamedSql[] = [
  { name: '1_tables', sql: 'CREATE TABLE a (id serial PRIMARY KEY, k text);\nCREATE TABLE b (id int REFERENCES a);\n' },
  { name: '2_comments_only', sql: '-- nothing to do\n' },
  { name: '3_type', sql: `CREATE TYPE kind AS ENUM ('x');\nALTER TABLE a ADD COLUMN kind kind;\n` },
  { name: '4_label_used', sql: `ALTER TYPE kind ADD VALUE 'y';\nINSERT INTO a (kind) VALUES ('y'), ('x');\n` },
  { name: '5_own_words', sql: `BEGIN;\nUPDATE a SET k = 'ü';\nCOMMIT;\n` },
  { name: '6_index', sql: 'CREATE INDEX CONCURRENTLY a_k ON a (k);\n' },
  { name: '7_index_beside', sql: 'ALTER TABLE b ADD COLUMN n int;\nCREATE INDEX CONCURRENTLY ON b (n);\nANALYZE b;\n' },
  {
    name: '8_function',
    sql: 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;\nSELECT f();',
  },
  { name: '9_crlf', sql: 'ALTER TABLE b\r\n  ADD COLUMN o int DEFAULT 1;\r\n' },
  { name: '91_rolled_back', sql: 'BEGIN;\nCREATE TABLE gone ();\nROLLBACK;\n' },
  { name: `92_it's`, sql: `COMMENT ON TABLE a IS 'back\\slash';` },
]

let server: LabServer
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server[Symbol.asyncDispose]())

describe.each([
  ['the shop', ofShop],
  ['files of every kind', ofEveryKind],
])('%s', (_what, migrations) => {
  test('catalog and history are those that Prisma leaves', async () => {
    const [prisma, atomic] = [await server.createDatabase(), await server.createDatabase()]
    await applyWithPrisma(prisma, migrations)
    await applyAtomically(atomic, migrations)
    const there = await whatIsThere(atomic)
    expect(differences(await whatIsThere(prisma), there)).toEqual([])
    expect(there.filter((line) => line.startsWith('applied '))).toHaveLength(migrations.length)
  })
})

test('a difference is seen', async () => {
  const [prisma, atomic] = [await server.createDatabase(), await server.createDatabase()]
  await applyWithPrisma(prisma, ofEveryKind.slice(0, 1))
  await applyAtomically(atomic, [{ name: '1_tables', sql: 'CREATE TABLE a (k text, id serial PRIMARY KEY);' }])
  expect(differences(await whatIsThere(prisma), await whatIsThere(atomic)).join('\n')).toMatch(
    /only Prisma: position public\.a\.k 2/,
  )
})

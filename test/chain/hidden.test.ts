import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { airlockJson } from './airlock.ts'
import { init, initName, openShop, pendingName, type Shop } from './shop.ts'

/** What somebody made by hand is in no migration, and counts all the same: the plan is made on what the server has. */

let shop: Shop
beforeAll(async () => {
  shop = await openShop(17)
})
afterAll(() => shop[Symbol.asyncDispose]())

const wipe = `CREATE FUNCTION wipe() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN NEW; END';`
const evil = `CREATE FUNCTION evil() RETURNS text LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN 1; END';`

const cases: Readonly<Record<string, readonly [hand: string, migration: string]>> = {
  'a column that no migration added': [
    'ALTER TABLE "User" ADD COLUMN phone text',
    'ALTER TABLE "User" DROP COLUMN IF EXISTS "phone";',
  ],
  'a column that is added where it is missing, and dropped': [
    'ALTER TABLE "User" ADD COLUMN phone text',
    'ALTER TABLE "User" ADD COLUMN IF NOT EXISTS "phone" text;\nALTER TABLE "User" DROP COLUMN "phone";',
  ],
  'a table that no migration created': ['CREATE TABLE "Old" (id int)', 'DROP TABLE IF EXISTS "Old";'],
  'a table that is created where it is missing, and dropped': [
    'CREATE TABLE "Old" (id int)',
    'CREATE TABLE IF NOT EXISTS "Old" (id int);\nDROP TABLE "Old";',
  ],
  'a table that is created where it is missing, and emptied': [
    'CREATE TABLE "Old" (id int)',
    'CREATE TABLE IF NOT EXISTS "Old" (id int);\nDELETE FROM "Old";',
  ],
  'a trigger': [
    `${wipe} CREATE TRIGGER t AFTER INSERT ON "User" FOR EACH ROW EXECUTE FUNCTION wipe()`,
    `INSERT INTO "User" (email) VALUES ('a');`,
  ],
  'a rule': [
    'CREATE TABLE log (id int); CREATE RULE r AS ON INSERT TO log DO INSTEAD DELETE FROM "User"',
    'INSERT INTO "log" VALUES (1);',
  ],
  'a default': [
    `${evil} ALTER TABLE "User" ADD COLUMN nick text; ALTER TABLE "User" ALTER COLUMN nick SET DEFAULT evil()`,
    `INSERT INTO "User" (email) VALUES ('a');`,
  ],
  'a check': [`${evil} CREATE TABLE log (id int, CHECK (evil() IS NOT NULL))`, 'INSERT INTO "log" VALUES (1);'],
  'a view': [`${evil} CREATE VIEW v AS SELECT evil()`, 'SELECT * FROM v;'],
  'an operator': [
    `CREATE FUNCTION op(int, text) RETURNS bool LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN true; END';
     CREATE OPERATOR ~~~ (FUNCTION = op, LEFTARG = int, RIGHTARG = text)`,
    `SELECT 1 ~~~ 'a';`,
  ],
  'a cast': [
    `CREATE TYPE pair AS (a text); CREATE FUNCTION topair(int) RETURNS pair LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN NULL; END';
     CREATE CAST (int AS pair) WITH FUNCTION topair(int)`,
    'SELECT 1::pair;',
  ],
  'a function with the name of one of the server': [
    `CREATE FUNCTION lower("User") RETURNS text LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN 1; END'`,
    'SELECT lower(u) FROM "User" u;',
  ],
  'the check of a domain': [`${evil} CREATE DOMAIN d AS text CHECK (evil() IS NOT NULL)`, `SELECT 'a'::d;`],
}

async function deployed(hand: string, migration: string) {
  const name = await shop.copy()
  await query(shop.server.superuserUrl(name), `SET ROLE app_owner; ${hand}`)
  await using project = await createProject({
    prisma: 7,
    migrations: { [initName]: init, [pendingName]: `${migration}\n` },
    files: { 'airlock.yml': 'version: 1\nenvironments: { production: { backup: { strategy: none } } }\n' },
  })
  return (
    await airlockJson(['deploy', '--prisma-engine', 'wasm'], {
      cwd: project.path,
      databaseUrl: shop.server.ownerUrl(name),
    })
  ).result
}

test.each(Object.entries(cases))('%s needs approval', async (_what, [hand, migration]) => {
  const result = await deployed(hand, migration)
  expect(result).toMatchObject({ outcome: 'refused', reasonCode: 'approval_missing', applied: [] })
})

test.each([
  [
    'a trigger that only touches the row',
    `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.email = lower(NEW.email); RETURN NEW; END';
     CREATE TRIGGER t BEFORE INSERT ON "User" FOR EACH ROW EXECUTE FUNCTION touch()`,
    `INSERT INTO "User" (email) VALUES ('a');`,
  ],
  [
    'a column whose type comes with an extension',
    'CREATE EXTENSION citext; ALTER TABLE "User" ADD COLUMN nick citext',
    `INSERT INTO "User" (email, nick) VALUES ('a', 'b');`,
  ],
  [
    'a default that only makes a value',
    `CREATE FUNCTION code() RETURNS text LANGUAGE sql AS 'SELECT md5(random()::text)'; CREATE EXTENSION pgcrypto;
     ALTER TABLE "User" ADD COLUMN code text DEFAULT code(), ADD COLUMN key uuid DEFAULT gen_random_uuid()`,
    `INSERT INTO "User" (email) VALUES ('a');`,
  ],
])('%s needs none', async (_what, hand, migration) => {
  expect(await deployed(hand, migration)).toMatchObject({ outcome: 'applied', applied: [pendingName] })
})

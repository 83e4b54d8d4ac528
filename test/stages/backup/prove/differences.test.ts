import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionFor } from '../../../../src/postgres/client-connection.ts'
import type { ClientTools } from '../../../../src/postgres/client-choice.ts'
import type { DatabaseContent } from '../../../../src/stages/backup/content/content.ts'
import { compareContent, sayDifference } from '../../../../src/stages/backup/content/decide-comparison.ts'
import { schemaOfDatabase } from '../../../../src/stages/backup/prove/archive.ts'
import { compareSchemas } from '../../../../src/stages/backup/prove/decide-schemas.ts'
import { labClients } from '../../../lab/clients.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../../lab/server.ts'
import { parsed } from '../lab-backup.ts'
import { clientOf, contentOf, parser } from './lab-proof.ts'
import { richSchema } from './rich-schema.ts'

const { usable } = await labClients()
/** The newest server that some client of this machine fits: what is tested here is the same on each. */
const major = postgresMajors.filter((known) => usable.some((client) => client.major >= known)).at(-1)

describe.runIf(major !== undefined)('what is not the same', () => {
  let server: LabServer
  let client: ClientTools
  let url: string
  let before: DatabaseContent
  let definitions: string
  beforeAll(async () => {
    const known = major ?? 18
    server = await startServer(known)
    client = await clientOf(known)
    await server.createDatabase('rich')
    url = server.superuserUrl('rich')
    for (const script of richSchema(known)) await query(url, script)
    before = await contentOf(url)
    definitions = await schemaOf(url)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const schemaOf = (of: string) =>
    schemaOfDatabase(client, connectionFor(parsed(of))(client), new Map(), new AbortController().signal)

  /** In a transaction that other sessions do not see nothing could be compared, so each change is taken back by hand. */
  async function after<Value>(change: string, undo: string, look: () => Promise<Value>): Promise<Value> {
    await query(url, change)
    try {
      return await look()
    } finally {
      await query(url, undo)
    }
  }

  it('is nothing, as long as nothing was changed', async () => {
    expect(compareContent(before, await contentOf(url))).toMatchObject({ differences: [], notRead: [] })
    expect(compareSchemas(await parser(), definitions, await schemaOf(url))).toEqual([])
  })

  const flip = (column: string, to: string, back: string) =>
    [
      `UPDATE "User" SET ${column} = ${to} WHERE id = 7`,
      `UPDATE "User" SET ${column} = ${back} WHERE id = 7`,
      /^public"?\."?User|"User": 2002 rows in both/,
    ] as const
  const users = /"public"."User": 2002 rows in both, and not the same ones/

  it.each<readonly [string, string, string, RegExp]>([
    ['one value', ...flip('"na""me"', `'y'`, `'x'`)],
    ['one bit of a bytea', ...flip('raw', 'set_bit(raw, 77, 1 - get_bit(raw, 77))', 'set_bit(raw, 77, 1 - get_bit(raw, 77))')],
    ['one bit of a bigint, above the lower half', ...flip('pos', '7::bigint # (1::bigint << 40)', '7')],
    // PostgreSQL's own hash of a bigint takes these two for the same: its halves are folded.
    ['a bigint for another with the same folded halves', ...flip('pos', '(5::bigint << 32) + (7 # 5)', '7')],
    ['the sign of a numeric', ...flip('num', '-num', '-num')],
    ['the scale of a numeric', ...flip('anynum', 'anynum::numeric(60, 40)', 'trim_scale(anynum)')],
    ['the sign of a zero', ...flip('real8', `'0'`, '1.0 / 7')],
    ['a number in jsonb, 1.50 for 1.5', ...flip('data', `jsonb_set(data, '{n}', '1.5')`, `jsonb_set(data, '{n}', '1.50')`)],
    ['a millisecond', ...flip('at', `at + interval '1 ms'`, `at - interval '1 ms'`)],
    ['a month that was 30 days', ...flip('gap', `'29 day 00:00:01.5'`, `'1 mon -1 day 00:00:01.5'`)],
    ['upper case in citext', ...flip('email', 'upper(email::text)', `'User7@example.test'`)],
    ['an empty text instead of none', ...flip('name', 'NULL', `'Jürgen'`)],
    ['the dimensions of an array', ...flip('matrix', `'{1,2,3,4}'`, `'{{1,2},{3,4}}'`)],
    ['a composite value of nulls instead of null', 'UPDATE "User" SET comp = ROW(NULL, NULL)::pair WHERE id = 2001', 'UPDATE "User" SET comp = NULL WHERE id = 2001', users],
    ['an enum label', ...flip('role', `'FIRST'`, `'ADMIN'`)],
    ['a value that two rows exchanged', `UPDATE "User" SET int4 = CASE id WHEN 7 THEN -8 ELSE -7 END WHERE id IN (7, 8)`, `UPDATE "User" SET int4 = -id WHERE id IN (7, 8)`, users],
    ['values that two columns exchanged', 'UPDATE event SET id = 20 WHERE id = 2; UPDATE event SET id = 2 WHERE id = 3', 'UPDATE event SET id = 3 WHERE id = 2; UPDATE event SET id = 2 WHERE id = 20', /event_2025": 365 rows in both/],
    ['a row less', 'DELETE FROM parent WHERE id = 1', `INSERT INTO parent VALUES (1, 'x')`, /"parent": 1 rows in the source, 0 in the copy/],
    ['a row twice instead of another', 'UPDATE event_2025 SET id = -1 WHERE id = 9', 'UPDATE event_2025 SET id = 9 WHERE id = -1', /event_2025": 365 rows/],
    ['a row that moved to a child', `WITH gone AS (DELETE FROM ONLY parent RETURNING *) INSERT INTO child (id, late) SELECT id, late FROM gone`, `DELETE FROM child WHERE own IS NULL; INSERT INTO parent VALUES (1, 'x')`, /"child": 1 rows in the source, 2 in the copy/],
    ['a row of a table without columns', 'DELETE FROM nothing', 'INSERT INTO nothing DEFAULT VALUES', /"nothing": 1 rows in the source, 0/],
    ['a sequence', `SELECT setval('busy', 1)`, 'ALTER SEQUENCE busy RESTART', /"busy": the sequence stands at before 1 in the source, at 1 in the copy/],
    ['a sequence that goes down', `SELECT setval('down', 100)`, `SELECT setval('down', 98)`, /"down": the sequence stands at 98 in the source, at 100/],
    ['a byte of a large object', `SELECT lo_put(424242, 0, 'M')`, `SELECT lo_put(424242, 0, 'm')`, /large objects: 3 in the source, 3 in the copy, and not the same/],
    ['the owner of a large object', 'ALTER LARGE OBJECT 424242 OWNER TO app_owner', 'ALTER LARGE OBJECT 424242 OWNER TO writer', /large objects/],
    ['a table more', 'CREATE TABLE more (id int)', 'DROP TABLE more', /"more": the table is in the copy only/],
  ])('in the data is seen: %s', async (_, change, undo, expected) => {
    const now = await after(change, undo, () => contentOf(url))
    const said = compareContent(before, now).differences.map(sayDifference)
    expect(said.join('\n')).toMatch(expected)
    expect(compareContent(before, await contentOf(url)).differences.map(sayDifference)).toEqual([])
  })

  it.each([
    ['an index', 'DROP INDEX by_tag', 'CREATE INDEX by_tag ON "User" USING gin (tags)', 'INDEX public.by_tag'],
    ['the condition of an index', `DROP INDEX by_upper; CREATE INDEX by_upper ON "User" (lower(upper)) WHERE role = 'ADMIN' AND name IN ('a', 'c')`, `DROP INDEX by_upper; CREATE INDEX by_upper ON "User" (lower(upper)) WHERE role = 'ADMIN' AND name IN ('a', 'b')`, 'INDEX public.by_upper'],
    ['a privilege', 'REVOKE INSERT (email) ON "User" FROM writer', 'GRANT INSERT (email) ON "User" TO writer', 'ACL public.COLUMN "User".email'],
    ['who granted', 'REVOKE SELECT ON "User" FROM writer', 'SET SESSION AUTHORIZATION "report er"; GRANT SELECT ON "User" TO writer', 'ACL public.TABLE "User"'],
    ['an owner', 'ALTER TABLE "User" OWNER TO writer', 'ALTER TABLE "User" OWNER TO app_owner', 'TABLE public.User'],
    ['a policy', `ALTER POLICY own ON "Odd ""schema"""."Po\\st" USING (true)`, `ALTER POLICY own ON "Odd ""schema"""."Po\\st" USING (author = 1)`, 'POLICY Odd "schema".Po\\st own'],
    ['a role of a policy', `ALTER POLICY own ON "Odd ""schema"""."Po\\st" TO writer`, `ALTER POLICY own ON "Odd ""schema"""."Po\\st" TO "report er", writer`, 'POLICY Odd "schema".Po\\st own'],
    ['row security that is off', `ALTER TABLE "Odd ""schema"""."Po\\st" DISABLE ROW LEVEL SECURITY`, `ALTER TABLE "Odd ""schema"""."Po\\st" ENABLE ROW LEVEL SECURITY`, 'ROW SECURITY Odd "schema".Po\\st'],
    ['a trigger that is on again', 'ALTER TABLE "User" ENABLE TRIGGER never', 'ALTER TABLE "User" DISABLE TRIGGER never', 'TRIGGER public.User never'],
    ['a constraint', 'ALTER TABLE "User" DROP CONSTRAINT "User_email_key"', 'ALTER TABLE "User" ADD CONSTRAINT "User_email_key" UNIQUE (email)', 'CONSTRAINT public.User User_email_key'],
    ['a value of a check', `ALTER TABLE "User" DROP CONSTRAINT "User_name_check"; ALTER TABLE "User" ADD CONSTRAINT "User_name_check" CHECK (name IN ('a', 'b', 'Jürgen', 'd'))`, `ALTER TABLE "User" DROP CONSTRAINT "User_name_check"; ALTER TABLE "User" ADD CONSTRAINT "User_name_check" CHECK (name IN ('a', 'b', 'Jürgen'))`, 'TABLE public.User'],
    ['a default', 'ALTER TABLE "User" ALTER role SET DEFAULT \'FIRST\'', 'ALTER TABLE "User" ALTER role SET DEFAULT \'ADMIN\'', 'TABLE public.User'],
    ['a comment', 'COMMENT ON COLUMN "User".email IS \'other\'', `COMMENT ON COLUMN "User".email IS 'it''s -- a comment'`, 'COMMENT public.COLUMN "User".email'],
    ['a view', 'ALTER VIEW admins RESET (security_barrier)', 'ALTER VIEW admins SET (security_barrier)', 'VIEW public.admins'],
    ['the body of a function', 'CREATE OR REPLACE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS \'BEGIN  END\'', 'CREATE OR REPLACE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS \'BEGIN END\'', 'FUNCTION public.watch()'],
    ['a default privilege', 'ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE SELECT ON TABLES FROM "report er"', 'ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON TABLES TO "report er"', 'DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES'],
    ['a table that is not logged', 'ALTER TABLE empty SET UNLOGGED', 'ALTER TABLE empty SET LOGGED', 'TABLE public.empty'],
    ['a statistics object', 'DROP STATISTICS st', 'CREATE STATISTICS st ON role, flag FROM "User"', 'STATISTICS public.st'],
    ['an event trigger that is off', 'ALTER EVENT TRIGGER watcher DISABLE', 'ALTER EVENT TRIGGER watcher ENABLE', 'EVENT TRIGGER watcher'],
  ])('in the definitions is seen: %s', async (_, change, undo, entry) => {
    const now = await after(change, undo, () => schemaOf(url))
    expect(compareSchemas(await parser(), definitions, now).map((one) => one.entry)).toContain(entry)
    expect(compareSchemas(await parser(), now, definitions).map((one) => one.entry)).toContain(entry)
  })
})

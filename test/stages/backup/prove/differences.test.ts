import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientTools } from '../../../../src/postgres/client-choice.ts'
import { connectionFor } from '../../../../src/postgres/client-connection.ts'
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

  it('is nothing, as long as nothing was changed', async () => {
    expect(compareContent(before, await contentOf(url))).toMatchObject({ differences: [], notRead: [] })
    expect(compareSchemas(await parser(), definitions, await schemaOf(url))).toEqual([])
  })

  const user = (set: string, id = 7): string => `UPDATE "User" SET ${set} WHERE id = ${id}`
  const users = ['"public"."User": 2002 rows in both, and not the same ones']
  const in2025 = ['"public"."event_2025": 365 rows in both, and not the same ones']
  const parent = ['"public"."parent": 1 rows in both, and not the same ones']
  const largeObjects = ['large objects: 3 in the source, 3 in the copy, and not the same']

  // Each change stays, and the next one is compared with it.
  it.each<readonly [string, string, readonly string[]]>([
    ['one value', user(`"na""me" = 'y'`), users],
    ['one bit of a bytea', user('raw = set_bit(raw, 77, 1 - get_bit(raw, 77))'), users],
    ['one bit of a bigint, in the upper half', user('pos = 7::bigint # (1::bigint << 40)'), users],
    // PostgreSQL's own hash of a bigint takes these two for the same: it folds the halves.
    ['a bigint for one with the same folded halves', user('little = (5::bigint << 32) + (7 # 5)'), users],
    ['the sign of a numeric', user('num = -num'), users],
    ['the scale of a numeric', user('anynum = anynum::numeric(60, 40)'), users],
    ['the sign of a zero', user(`real8 = '-0'`, 6), users],
    ['1.5 for 1.50 in jsonb', user(`data = jsonb_set(data, '{n}', '1.5')`), users],
    ['a blank in json', user(`doc = '{"b": 1, "a": 1.0}'`), users],
    ['a millisecond', user(`at = at + interval '1 ms'`), users],
    ['30 days for a month', user(`gap = '29 day 00:00:01.5'`), users],
    ['upper case in citext', user('email = upper(email::text)'), users],
    ['null for a text', 'UPDATE ONLY parent SET late = NULL', parent],
    ['an empty text for null', `UPDATE ONLY parent SET late = ''`, parent],
    ['an empty text for null in an array', user(`tags[2] = ''`), users],
    ['the dimensions of an array', user(`matrix = '{1,2,3,4}'`), users],
    ['a composite value of nulls for null', user('comp = ROW(NULL, NULL)::pair', 2001), users],
    ['an enum label', user(`role = 'FIRST'`), users],
    ['a value that two rows exchanged', `UPDATE "User" SET int4 = -17 + id WHERE id IN (8, 9)`, users],
    [
      'a value that two rows exchanged again',
      `UPDATE "User" SET int4 = CASE id WHEN 8 THEN -8 ELSE -9 END WHERE id IN (8, 9)`,
      users,
    ],
    ['values that two columns exchanged', user('tod = todz::time, small = int4, int4 = small', 20), users],
    ['ids that two rows exchanged', 'UPDATE event_2025 SET id = 5 - id WHERE id IN (2, 3)', in2025],
    [
      'a row twice for another',
      `INSERT INTO empty VALUES (1), (2)`,
      ['"public"."empty": 0 rows in the source, 2 in the copy'],
    ],
    [
      'one row for another',
      'UPDATE empty SET id = 1 WHERE id = 2',
      ['"public"."empty": 2 rows in both, and not the same ones'],
    ],
    ['a row less', 'DELETE FROM ONLY parent', ['"public"."parent": 1 rows in the source, 0 in the copy']],
    [
      'a row that moved to another table',
      'WITH gone AS (DELETE FROM ONLY child RETURNING *) INSERT INTO parent SELECT id, late FROM gone',
      [
        '"public"."child": 1 rows in the source, 0 in the copy',
        '"public"."parent": 0 rows in the source, 1 in the copy',
      ],
    ],
    [
      'a row of a table without columns',
      'DELETE FROM nothing',
      ['"public"."nothing": 1 rows in the source, 0 in the copy'],
    ],
    [
      'a sequence',
      `SELECT setval('busy', 1)`,
      ['"public"."busy": the sequence stands at before 1 in the source, at 1 in the copy'],
    ],
    [
      'a sequence that goes down',
      `SELECT setval('down', 100)`,
      ['"public"."down": the sequence stands at 98 in the source, at 100 in the copy'],
    ],
    ['a byte of a large object', `SELECT lo_put(424242, 0, 'M')`, largeObjects],
    ['the owner of a large object', 'ALTER LARGE OBJECT 424242 OWNER TO app_owner', largeObjects],
    ['a privilege on a large object', 'REVOKE SELECT ON LARGE OBJECT 424242 FROM "report er"', largeObjects],
    ['a table more', 'CREATE TABLE more (id int)', ['"public"."more": the table is in the copy only']],
    ['a table less', 'DROP TABLE more', ['"public"."more": the table is not in the copy']],
  ])('in the data is seen: %s', async (_, change, expected) => {
    await query(url, change)
    const [was, now] = [before, await contentOf(url)]
    before = now
    expect(compareContent(was, now).differences.map(sayDifference).toSorted()).toEqual(expected)
  })

  const post = `"Odd ""schema"""."Po\\st"`
  it.each([
    ['an index', 'DROP INDEX by_tag', 'INDEX public.by_tag'],
    [
      'the condition of an index',
      `DROP INDEX by_upper; CREATE INDEX by_upper ON "User" (lower(upper)) WHERE role = 'ADMIN' AND name IN ('a', 'c')`,
      'INDEX public.by_upper',
    ],
    ['a privilege on a column', 'REVOKE INSERT (email) ON "User" FROM writer', 'ACL public.COLUMN "User".email'],
    [
      'who granted',
      'SET SESSION AUTHORIZATION "report er"; REVOKE SELECT ON "User" FROM writer; RESET SESSION AUTHORIZATION; GRANT SELECT ON "User" TO writer',
      'ACL public.TABLE "User"',
    ],
    [
      'a privilege that may be passed on',
      'REVOKE GRANT OPTION FOR SELECT ON "User" FROM "report er"',
      'ACL public.TABLE "User"',
    ],
    ['an owner', 'ALTER TABLE "User" OWNER TO writer', 'TABLE public.User'],
    ['a policy', `ALTER POLICY own ON ${post} USING (true)`, 'POLICY Odd "schema".Po\\st own'],
    ['a role of a policy', `ALTER POLICY own ON ${post} TO writer`, 'POLICY Odd "schema".Po\\st own'],
    ['row security that is off', `ALTER TABLE ${post} DISABLE ROW LEVEL SECURITY`, 'ROW SECURITY Odd "schema".Po\\st'],
    ['a trigger that is on again', 'ALTER TABLE "User" ENABLE TRIGGER never', 'TRIGGER public.User never'],
    ['a trigger that is off', 'ALTER TABLE "User" DISABLE TRIGGER touch', 'TRIGGER public.User touch'],
    [
      'a unique constraint',
      'ALTER TABLE "User" DROP CONSTRAINT "User_email_key"',
      'CONSTRAINT public.User User_email_key',
    ],
    [
      'a foreign key',
      `ALTER TABLE ${post} DROP CONSTRAINT "Po\\st_author_fkey"`,
      'FK CONSTRAINT Odd "schema".Po\\st Po\\st_author_fkey',
    ],
    [
      'a value of a check',
      `ALTER TABLE "User" DROP CONSTRAINT "User_name_check", ADD CONSTRAINT "User_name_check" CHECK (name IN ('a', 'b', 'Jürgen', 'd'))`,
      'TABLE public.User',
    ],
    ['a default', `ALTER TABLE "User" ALTER role SET DEFAULT 'FIRST'`, 'TABLE public.User'],
    ['a comment', `COMMENT ON COLUMN "User".email IS 'other'`, 'COMMENT public.COLUMN "User".email'],
    ['an option of a view', 'ALTER VIEW admins RESET (security_barrier)', 'VIEW public.admins'],
    [
      'a blank in the body of a function',
      `CREATE OR REPLACE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN  END'`,
      'FUNCTION public.watch()',
    ],
    [
      'a default privilege',
      'ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE SELECT ON TABLES FROM "report er"',
      'DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES',
    ],
    ['a table that is not logged', 'ALTER TABLE empty SET UNLOGGED', 'TABLE public.empty'],
    ['a statistics object', 'DROP STATISTICS st', 'STATISTICS public.st'],
    ['an event trigger that is off', 'ALTER EVENT TRIGGER watcher DISABLE', 'EVENT TRIGGER watcher'],
  ])('in the definitions is seen: %s', async (_, change, entry) => {
    await query(url, change)
    const [was, now] = [definitions, await schemaOf(url)]
    definitions = now
    const grammar = await parser()
    expect(compareSchemas(grammar, was, now).map((one) => one.entry)).toContain(entry)
    expect(compareSchemas(grammar, now, was).map((one) => one.entry)).toContain(entry)
  })
})

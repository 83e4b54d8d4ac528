import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hold } from '../../../chain/held-session.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { type LabOptions, stoppedIn, traced } from './lab-trace.ts'

interface Case {
  readonly what: string
  readonly data: string
  readonly sql: string
  readonly state: string
  /** The statement that fails. */
  readonly index?: number
  readonly rows: number | RegExp
  readonly cause: string | RegExp
  /** How many rows the SQL to paste lists, on the copy with `data` only; `rows` unless given. None where there is nothing to paste. */
  readonly finds?: number | 'nothing' | 'later'
  readonly since?: number
  readonly options?: LabOptions
}

const user = `CREATE TABLE "User" (id serial PRIMARY KEY, email text, name varchar(40), age text, deleted boolean NOT NULL DEFAULT false);`
const users = (values: string) => `${user} INSERT INTO "User" (email, name, age, deleted) VALUES ${values};`
const secret = 'topsecret'

const cases: readonly Case[] = [
  {
    what: 'duplicates under a unique index',
    data: users(
      `('a', 'x', '1', false), ('a', 'x', '1', false), ('b', 'x', '1', false), (NULL, 'x', '1', false), (NULL, 'x', '1', false), ('c', 'y', '1', false), ('c', 'y', '1', false), ('c', 'y', '1', false)`,
    ),
    sql: 'CREATE UNIQUE INDEX "User_email_key" ON "User" ("email");',
    state: '23505',
    rows: 5,
    cause: '5 rows of "User" have the same "email" as another one.',
  },
  {
    what: 'duplicates under a unique index, built CONCURRENTLY',
    data: users(`('a', 'x', '1', false), ('a', 'x', '1', false)`),
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY "User_email_key" ON "User" ("email");',
    state: '23505',
    rows: 2,
    cause: '2 rows of "User" have the same "email" as another one.',
  },
  {
    what: 'duplicates under a partial index of expressions',
    data: users(`('A', 'x', '1', false), ('a', 'x', '1', false), ('a', 'x', '1', true), ('a', 'z', '1', false)`),
    sql: `CREATE UNIQUE INDEX u ON "User" USING btree (lower(email) COLLATE "C" DESC, (name || ',') text_pattern_ops) WHERE NOT deleted;`,
    state: '23505',
    rows: 2,
    cause: /^2 rows of "User" have the same lower\(email\) COLLATE "C", \(name \|\| ','\) as another one\.$/,
  },
  {
    what: 'duplicates where NULLs are not distinct',
    data: users(`(NULL, 'x', '1', false), (NULL, 'x', '1', false), (NULL, 'x', '1', false), ('a', 'x', '1', false)`),
    sql: 'ALTER TABLE "User" ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (email);',
    state: '23505',
    rows: 3,
    cause: '3 rows of "User" have the same "email" as another one.',
    since: 15,
  },
  {
    what: 'duplicates under a unique constraint of two columns',
    data: users(`('a', 'x', '1', false), ('a', 'x', '1', false), ('a', 'y', '1', false)`),
    sql: 'ALTER TABLE "User" ADD COLUMN z int, ADD CONSTRAINT u UNIQUE (email, name);',
    state: '23505',
    rows: 2,
    cause: '2 rows of "User" have the same "email", "name" as another one.',
  },
  {
    what: 'duplicates under a primary key',
    data: 'CREATE TABLE plain (a int, b int); INSERT INTO plain VALUES (1, 1), (1, 1), (1, 2);',
    sql: 'ALTER TABLE plain ADD PRIMARY KEY (a, b);',
    state: '23505',
    rows: 2,
    cause: '2 rows of "plain" have the same "a", "b" as another one.',
  },
  {
    what: 'duplicates that an UPDATE would make',
    data: `${users(`('a', 'x', '1', false), ('b', 'x', '1', false)`)} CREATE UNIQUE INDEX u ON "User" (email);`,
    sql: `UPDATE "User" SET email = '${secret}';`,
    state: '23505',
    rows: /^the rows are made by the statement itself/,
    cause: /unique constraint "u"/,
    finds: 'nothing',
  },
  {
    what: 'duplicates that a deferred constraint refuses at the end of the transaction',
    data: `CREATE TABLE plain (id serial PRIMARY KEY, a int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO plain (a) VALUES (1), (2), (3);`,
    sql: 'UPDATE plain SET a = 1 WHERE a < 3;',
    state: '23505',
    rows: 2,
    cause: '2 rows of "plain" have the same "a" as another one.',
    finds: 'later',
  },
  {
    what: 'NULLs under SET NOT NULL',
    data: users(`(NULL, 'x', '1', false), ('a', 'x', '1', false), (NULL, 'x', '1', false)`),
    sql: 'ALTER TABLE "User" ALTER COLUMN email SET NOT NULL;',
    state: '23502',
    rows: 2,
    cause: '2 rows of "User" have no value in "email".',
  },
  {
    what: 'NULLs in a column that the same file adds and fills in part',
    data: users(`('a', 'x', '1', false), ('b', 'x', '1', false), ('c', 'x', '1', false)`),
    sql: `ALTER TABLE "User" ADD COLUMN slug text;\nUPDATE "User" SET slug = email WHERE email <> 'c';\nALTER TABLE "User" ALTER COLUMN slug SET NOT NULL;`,
    state: '23502',
    index: 2,
    rows: 1,
    cause: '1 row of "User" has no value in "slug".',
    finds: 'later',
    options: { way: 'batch' },
  },
  {
    what: 'a column that is added NOT NULL without a default',
    data: users(`('a', 'x', '1', false), ('b', 'x', '1', false)`),
    sql: 'ALTER TABLE "User" ADD COLUMN "n" INTEGER NOT NULL;',
    state: '23502',
    rows: 2,
    cause: '2 rows of "User" would have no value in "n", which is added NOT NULL without a default.',
  },
  {
    what: 'NULLs that an UPDATE would make',
    data: `${users(`('a', 'x', '1', false), ('b', 'x', NULL, false), ('c', 'x', NULL, true)`)} ALTER TABLE "User" ALTER COLUMN email SET NOT NULL;`,
    sql: 'UPDATE "User" SET name = upper(name), email = age WHERE NOT deleted;',
    state: '23502',
    rows: 1,
    cause: '1 row of "User" would get no value in "email", which needs one.',
  },
  {
    what: 'orphans under a foreign key',
    data: `${users(`('a', 'x', '1', false)`)} CREATE TABLE "Post" (id serial PRIMARY KEY, "authorId" int); INSERT INTO "Post" ("authorId") VALUES (1), (2), (3), (NULL);`,
    sql: 'ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;',
    state: '23503',
    rows: 2,
    cause: '2 rows of "Post" have a "authorId" that no row of "User" has as its "id".',
  },
  {
    what: 'orphans under a foreign key to whatever the primary key is',
    data: `${users(`('a', 'x', '1', false)`)} CREATE TABLE "Post" (id serial PRIMARY KEY, u int); INSERT INTO "Post" (u) VALUES (1), (2);`,
    sql: 'ALTER TABLE "Post" ADD FOREIGN KEY (u) REFERENCES "User";',
    state: '23503',
    rows: 1,
    cause: '1 row of "Post" has a "u" that no row of "User" has as its "id".',
  },
  {
    what: 'orphans under a composite foreign key',
    data: `CREATE TABLE a (x int, y int, UNIQUE (y, x)); CREATE TABLE b (x int, y int); INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (1, 2), (2, 1), (NULL, 5), (NULL, NULL);`,
    sql: 'ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES a (x, y);',
    state: '23503',
    rows: 1,
    cause: '1 row of "b" has a "x", "y" that no row of "a" has as its "x", "y".',
  },
  {
    what: 'orphans under MATCH FULL',
    data: `CREATE TABLE a (x int, y int, UNIQUE (x, y)); CREATE TABLE b (x int, y int); INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (1, 2), (2, 1), (NULL, 5), (NULL, NULL);`,
    sql: 'ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES a (x, y) MATCH FULL;',
    state: '23503',
    rows: 2,
    cause: /^2 rows of "b"/,
  },
  {
    what: 'orphans that VALIDATE finds',
    data: `${users(`('a', 'x', '1', false)`)} CREATE TABLE "Post" (id serial PRIMARY KEY, u int); INSERT INTO "Post" (u) VALUES (1), (2); ALTER TABLE "Post" ADD CONSTRAINT f FOREIGN KEY (u) REFERENCES "User" NOT VALID;`,
    sql: 'ALTER TABLE "Post" VALIDATE CONSTRAINT f;',
    state: '23503',
    rows: 1,
    cause: '1 row of "Post" has a "u" that no row of "User" has as its "id".',
  },
  {
    what: 'rows that point to those that a DELETE takes away',
    data: `${users(`('a', 'x', '1', false), ('b', 'x', '1', true)`)} CREATE TABLE "Post" (id serial PRIMARY KEY, u int REFERENCES "User"); INSERT INTO "Post" (u) VALUES (1), (2), (2), (2);`,
    sql: 'DELETE FROM "User" WHERE deleted;',
    state: '23503',
    rows: 3,
    cause: '3 rows of "Post" point with "u" to rows of "User" that are to be deleted.',
  },
  {
    what: 'orphans that an INSERT would make',
    data: `${users(`('a', 'x', '1', false)`)} CREATE TABLE "Post" (id serial PRIMARY KEY, u int REFERENCES "User");`,
    sql: 'INSERT INTO "Post" (u) VALUES (7);',
    state: '23503',
    rows: /^the rows are made by the statement itself/,
    cause: /foreign key constraint "Post_u_fkey"/,
    finds: 'nothing',
  },
  {
    what: 'a check that rows violate',
    data: users(`('a', 'x', '1', false), ('', 'x', '1', false), (NULL, 'x', '1', false)`),
    sql: `ALTER TABLE "User" ADD CONSTRAINT "email_there" CHECK (length(email) > 0 AND (email <> ')'));`,
    state: '23514',
    rows: 1,
    cause: '1 row of "User" violates the check "email_there".',
  },
  {
    what: 'a check that VALIDATE finds violated',
    data: `${users(`('', 'x', '1', false), ('', 'x', '1', false)`)} ALTER TABLE "User" ADD CONSTRAINT c CHECK (length(email) > 0) NOT VALID;`,
    sql: 'ALTER TABLE "User" VALIDATE CONSTRAINT c;',
    state: '23514',
    rows: 2,
    cause: '2 rows of "User" violate the check "c".',
  },
  {
    what: 'an exclusion',
    data: `CREATE TABLE room (id serial PRIMARY KEY, during int4range, gone boolean NOT NULL DEFAULT false); INSERT INTO room (during, gone) VALUES ('[1,5)', false), ('[4,9)', false), ('[20,30)', false), ('[20,30)', true);`,
    sql: `ALTER TABLE room ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH && -- meanwhile\n) WHERE (NOT gone -- any more\n);`,
    state: '23P01',
    rows: 2,
    cause: '2 rows of "room" conflict with another one under "no_overlap".',
  },
  {
    what: 'text that is no number',
    data: users(
      `('a', 'x', '1', false), ('a', 'x', '${secret}', false), ('a', 'x', E'two\\n${secret}', false), ('a', 'x', NULL, false)`,
    ),
    sql: 'ALTER TABLE "User" ALTER COLUMN age TYPE integer USING age::integer;',
    state: '22P02',
    rows: 2,
    cause: '2 rows of "User" have a "age" that does not become integer.',
  },
  {
    what: 'text that is no date, one of several columns',
    data: users(`('2020-01-01', '12', '2020-01-01', false), ('2020-01-01', '13', '${secret}', false)`),
    sql: 'ALTER TABLE "User" ALTER COLUMN name TYPE varchar(20), ALTER COLUMN age TYPE timestamp(3) USING (age::timestamp(3));',
    state: '22007',
    rows: 1,
    cause: '1 row of "User" has a "age" that does not become timestamp(3).',
  },
  {
    what: 'text that an expression does not convert',
    data: users(`('a', 'x', '1,5', false), ('a', 'x', 'n/a', false)`),
    sql: `ALTER TABLE "User" ALTER COLUMN age TYPE numeric(5,2) USING replace(age, ',', '.')::numeric;`,
    state: '22P02',
    rows: 1,
    cause: '1 row of "User" has a "age" that does not become numeric(5,2).',
  },
  {
    what: 'text that is too long',
    data: users(`('abc', 'abc', '1', false), ('abcd', 'x', '1', false), ('abcde', 'x', '1', false)`),
    sql: 'ALTER TABLE "User" ALTER COLUMN email SET DATA TYPE VARCHAR(3);',
    state: '22001',
    rows: 2,
    cause: '2 rows of "User" have a "email" that is too long for VARCHAR(3).',
  },
  {
    what: 'numbers that are too large',
    data: 'CREATE TABLE n (id serial PRIMARY KEY, big bigint); INSERT INTO n (big) VALUES (1), (3000000000), (-3000000000);',
    sql: 'ALTER TABLE n ALTER COLUMN big TYPE integer;',
    state: '22003',
    rows: 2,
    cause: '2 rows of "n" have a "big" that is out of the range of integer.',
  },
  {
    what: 'enum values in use, in Prisma’s own exchange of the type',
    data: `CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN', 'OWNER'); CREATE TABLE "User" (id serial PRIMARY KEY, role "Role" NOT NULL DEFAULT 'USER'); INSERT INTO "User" (role) VALUES ('USER'), ('OWNER'), ('OWNER');`,
    sql: `BEGIN;
CREATE TYPE "Role_new" AS ENUM ('USER', 'ADMIN');
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
COMMIT;`,
    state: '22P02',
    index: 3,
    rows: 2,
    cause: '2 rows of "User" have a "role" that is no label of "Role_new".',
  },
  {
    what: 'an UPDATE whose values do not convert',
    data: `${users(`('a', 'x', '1', false), ('a', 'x', '${secret}', false), ('a', 'x', 'y', true)`)} ALTER TABLE "User" ADD COLUMN n int;`,
    sql: 'UPDATE "User" SET n = CAST(age AS int) WHERE NOT deleted;',
    state: '22P02',
    rows: 1,
    cause: '1 row of "User" has a "n" that does not become integer.',
  },
  {
    what: 'a division by zero',
    data: 'CREATE TABLE n (id serial PRIMARY KEY, a int, b int, c int); INSERT INTO n (a, b) VALUES (1, 0), (2, 1), (3, 0);',
    sql: 'UPDATE n SET c = a / b;',
    state: '22012',
    rows: 2,
    cause: '2 rows of "n" have values with which the new "c" divides by zero.',
  },
  {
    what: 'a label that is used in the transaction that adds it',
    data: `CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (s s);`,
    sql: `ALTER TYPE s ADD VALUE 'b';\nINSERT INTO t VALUES ('b');`,
    state: '55P04',
    index: 1,
    rows: /^no data/,
    cause: /only when the transaction that adds it is committed/,
    finds: 'nothing',
    options: { way: 'batch' },
  },
  {
    what: 'a trigger that raises',
    data: `${users(`('a', 'x', '1', false)`)} CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not %', NEW.email USING ERRCODE = '23505'; END $$; CREATE TRIGGER no BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION no();`,
    sql: `UPDATE "User" SET email = '${secret}';`,
    state: '23505',
    rows: /^only no\(\) knows/,
    cause: 'Code of the database refuses it: no() raises an exception.',
    finds: 'nothing',
  },
  {
    what: 'dependent objects',
    data: `${user} CREATE VIEW v AS SELECT email FROM "User";`,
    sql: 'ALTER TABLE "User" DROP COLUMN email;',
    state: '2BP01',
    rows: /^no data/,
    cause: /view v depends on column email of table "User"\./,
    finds: 'nothing',
  },
  {
    what: 'pending trigger events',
    data: `CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);`,
    sql: 'UPDATE b SET a = 1 + 0 * a;\nINSERT INTO b VALUES (1);\nALTER TABLE b ADD COLUMN c int;',
    state: '55006',
    index: 2,
    rows: /^no data/,
    cause: /SET CONSTRAINTS ALL IMMEDIATE/,
    finds: 'nothing',
    options: { way: 'batch' },
  },
  ...(
    [
      ['ALTER TABLE nowhere ADD COLUMN c int;', '42P01', /"nowhere" does not exist\. It is not there in production/],
      ['ALTER TABLE "User" DROP COLUMN c;', '42703', /not there in production/],
      ['CREATE TABLE "User" (id int);', '42P07', /there in production already/],
      ['ALTER TABLE "User" ADD COLUMN email text;', '42701', /there in production already/],
      [
        'ALTER TABLE "User" ADD CONSTRAINT "User_pkey2" CHECK (true), ADD CONSTRAINT "User_pkey2" CHECK (true);',
        '42710',
        /already/,
      ],
      ['ALTER TABLE foreign_one ADD COLUMN c int;', '42501', /lacks the privilege/],
      ['ALTER TABLE "User" ALTER COLUMN age TYPE int;', '42804', /cannot be cast automatically/],
    ] as const
  ).map(([sql, state, cause]) => ({
    what: sql,
    data: user,
    sql,
    state,
    rows: /^no data/,
    cause,
    finds: 'nothing' as const,
    options: { setup: 'CREATE TABLE public.foreign_one (id int)' },
  })),
]

describe.each([14, 18] as const)(
  'on PostgreSQL %i a failure that only the data shows is explained and counted',
  (major) => {
    let server: LabServer
    beforeAll(async () => {
      server = await startServer(major)
    })
    afterAll(() => server[Symbol.asyncDispose]())

    // Up to 15 no server says by itself whether a text is one of a type; the rest is the same on all of them (measured on 14 and 18).
    const differs = ({ what, state }: Case) => state.startsWith('22') || what.includes('index')
    test.each(cases.filter((one) => (one.since ?? 14) <= major && (major > 14 || differs(one))))(
      '$what',
      async (one) => {
        const lab = await traced(server, one.data, [one.sql], one.options)
        const stopped = stoppedIn(lab)
        const { sqlState, index, offending, cause, find } = stopped
        expect({ sqlState, index }).toEqual({ sqlState: one.state, index: one.index ?? 0 })
        expect(cause).toEqual(typeof one.cause === 'string' ? one.cause : expect.stringMatching(one.cause))
        expect(offending).toEqual(
          typeof one.rows === 'number'
            ? { kind: 'counted', rows: one.rows }
            : { kind: 'not-counted', because: expect.stringMatching(one.rows) },
        )
        expect(JSON.stringify({ ...stopped, sql: '', find: '' })).not.toContain(secret)
        const { finds = one.rows } = one
        if (finds === 'nothing') expect(find).toBeUndefined()
        else if (finds !== 'later') expect(await listed(lab.url, find ?? '')).toBe(finds)
      },
    )

    test('a deadlock is said to be one, and one that code only raises is not', async () => {
      const data = `CREATE TABLE a (id int); CREATE TABLE b (id int); INSERT INTO b VALUES (1);
CREATE FUNCTION dead() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE deadlock_detected; END $$;
CREATE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); LOCK TABLE b; RETURN NEW; END $$;
CREATE TRIGGER waits BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION waits();`
      expect(stoppedIn(await traced(server, data, ['SELECT dead();'])).cause).toMatch(/raises an exception/)
      const meanwhile = async (url: string) => {
        // Only the migration's session looks for a deadlock.
        await using other = await hold(url, `SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE b`)
        const locked = `SELECT FROM pg_locks WHERE relation = 'a'::regclass AND mode = 'RowExclusiveLock'`
        while ((await query(url, locked)).length === 0) await sleep(20)
        await other.query('LOCK TABLE a')
      }
      const { sqlState, cause, offending } = stoppedIn(
        await traced(server, data, ['INSERT INTO a VALUES (1);'], { meanwhile }),
      )
      expect({ sqlState, cause, offending }).toEqual({
        sqlState: '40P01',
        cause: expect.stringMatching(
          /^PostgreSQL refuses it: deadlock detected\. The statement and another session wait/,
        ),
        offending: { kind: 'not-counted', because: 'rows do not decide who waits for whom' },
      })
    })

    test('counting that takes too long says so, and never nothing', async () => {
      const data = `CREATE TABLE t (id serial PRIMARY KEY, a text); INSERT INTO t (a) SELECT i FROM generate_series(1, 5000) i; INSERT INTO t (a) VALUES ('${secret}');
CREATE FUNCTION slowly(t text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF t <> '${secret}' THEN PERFORM pg_sleep(0.0005); END IF; RETURN t::int; END $$;`
      const lab = await traced(server, data, ['ALTER TABLE t ALTER COLUMN a TYPE int USING slowly(a);'], {
        countBudgetMs: 200,
      })
      const { offending, cause, find } = stoppedIn(lab)
      expect(offending).toEqual({ kind: 'not-counted', because: expect.stringMatching(/longer than the 200 ms/) })
      expect(cause).toBe('Some rows of "t" have a "a" that does not become int.')
      expect(find).toMatch(/airlock_becomes/)
    })

    test('after a failure nothing of the counting is left on the copy', async () => {
      const lab = await traced(server, users(`('a', 'x', 'y', false)`), [
        'ALTER TABLE "User" ALTER COLUMN age TYPE int USING age::int;',
      ])
      expect(stoppedIn(lab).offending).toEqual({ kind: 'counted', rows: 1 })
      expect(await query(lab.url, `SELECT FROM pg_proc WHERE proname = 'airlock_becomes'`)).toEqual([])
    })
  },
)

/** All of it in one message, as a person pastes it; how many rows the last of it lists. */
async function listed(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const results: unknown = await client.query(sql)
    const last = (Array.isArray(results) ? results : [results]).at(-1) as pg.QueryResult
    return last.rows.length
  } finally {
    await client.end()
  }
}

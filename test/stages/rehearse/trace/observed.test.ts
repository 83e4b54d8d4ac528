import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { fileOf, type LabOptions, locksOf, stoppedIn, traced } from './lab-trace.ts'

const shop = `
CREATE TABLE "User" (id serial PRIMARY KEY, email text, age int);
CREATE TABLE "Post" (id serial PRIMARY KEY, "authorId" int NOT NULL, title text);
INSERT INTO "User" (email, age) SELECT 'u' || i, i FROM generate_series(1, 500) i;
INSERT INTO "Post" ("authorId", title) SELECT i, 'p' FROM generate_series(1, 500) i;`

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  let server: LabServer
  beforeAll(async () => {
    server = await startServer(major)
  })
  afterAll(() => server[Symbol.asyncDispose]())
  const see = (sql: string | readonly string[], options?: LabOptions, more = '') =>
    traced(server, shop + more, typeof sql === 'string' ? [sql] : sql, options)

  test('locks, rewrites, scans, rows, bytes of WAL and the size of an index are those of the statement', async () => {
    const file = fileOf(
      await see(`
ALTER TABLE "Post" ADD CONSTRAINT fk FOREIGN KEY ("authorId") REFERENCES "User" (id);
CREATE INDEX "User_email_idx" ON "User" (email);
UPDATE "User" SET email = email || '@x';
ALTER TABLE "User" ALTER COLUMN age TYPE bigint;
ALTER TABLE "User" ADD COLUMN nick text;
CREATE TABLE "New" (id int PRIMARY KEY);
INSERT INTO "New" SELECT id FROM "Post" LIMIT 7;
DROP TABLE "New";`),
    )
    expect(locksOf(file)).toEqual([
      ['public.Post ShareRowExclusiveLock', 'public.User ShareRowExclusiveLock'],
      ['public.User ShareLock'],
      ['public.User RowExclusiveLock'],
      ['public.User AccessExclusiveLock'],
      ['public.User AccessExclusiveLock'],
      [],
      ['public.Post AccessShareLock'],
      [],
    ])
    expect(file.statements.map(({ rewrites }) => rewrites)).toEqual([[], [], [], ['public.User'], [], [], [], []])
    expect(file.statements.map(({ scans }) => scans.join())).toEqual([
      expect.stringContaining('public.Post'),
      'public.User',
      'public.User',
      'public.User',
      '',
      '',
      'public.Post',
      '',
    ])
    expect(file.statements.map(({ rows }) => rows)).toEqual([null, null, 500, null, null, null, 7, null])
    expect(file.statements.map(({ indexes }) => indexes.map(({ name }) => name))).toEqual([
      [],
      ['public.User_email_idx'],
      [],
      expect.arrayContaining(['public.User_pkey']),
      [],
      ['public.New_pkey'],
      [],
      [],
    ])
    expect(file.statements[1]?.indexes[0]).toMatchObject({ relation: 'public.User', bytes: 32_768 })
    const [, , update, , addColumn] = file.statements
    expect(update?.walBytes).toBeGreaterThan(20_000)
    expect(addColumn?.walBytes).toBeLessThan(update?.walBytes ?? 0)
    expect(addColumn?.walBytes).toBeGreaterThan(0)
    for (const { ms, notObserved } of file.statements) {
      expect(ms).toBeGreaterThan(0)
      expect(notObserved).toEqual([])
    }
    expect(new Set(file.statements.map(({ transaction }) => transaction)).size).toBe(8)
  })

  test('a file in one message is one transaction, and what it locked is held to its end', async () => {
    const sql = `ALTER TABLE "User" ADD COLUMN a int;\nSELECT pg_sleep(0.1);\nALTER TABLE "User" ADD COLUMN b int;`
    const file = fileOf(await see(sql, { way: 'batch' }))
    expect(locksOf(file)).toEqual([['public.User AccessExclusiveLock'], [], []])
    expect(file.statements.map(({ transaction }) => transaction)).toEqual([0, 0, 0])
    expect(file.statements[0]?.locks[0]?.heldMs).toBeGreaterThan(99)
    const split = fileOf(await see(sql))
    expect(locksOf(split)).toEqual([['public.User AccessExclusiveLock'], [], ['public.User AccessExclusiveLock']])
    expect(split.statements[0]?.locks[0]?.heldMs).toBe(split.statements[0]?.ms)
    expect(fileOf(await see(sql, { way: 'atomic' })).statements.map(({ transaction }) => transaction)).toEqual([
      0, 0, 0,
    ])
  })

  test('the transactions of the file itself are followed, with savepoints and what they take back', async () => {
    const file = fileOf(
      await see(`
BEGIN;
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
LOCK TABLE "Post" IN SHARE MODE;
SAVEPOINT s;
TRUNCATE "Post";
ROLLBACK TO s;
COMMIT;
ALTER TABLE "Post" ADD COLUMN c int;`),
    )
    expect(locksOf(file)).toEqual([
      [],
      [],
      ['public.Post ShareLock'],
      [],
      ['public.Post AccessExclusiveLock'],
      [],
      [],
      ['public.Post AccessExclusiveLock'],
    ])
    expect(file.statements.map(({ transaction }) => transaction)).toEqual([0, 0, 0, 0, 0, 0, 0, 1])
    expect(file.statements.map(({ rewrites }) => rewrites)).toEqual([[], [], [], [], ['public.Post'], [], [], []])
  })

  test('an index is built CONCURRENTLY outside of a transaction, and what polling can miss is said', async () => {
    const { trace } = await see(`
CREATE INDEX CONCURRENTLY later ON "User" (email);
VACUUM "Post";`)
    const [index, vacuum] = trace.files[0]?.statements ?? []
    expect(index).toMatchObject({ indexes: [{ name: 'public.later', relation: 'public.User' }] })
    expect(index?.scans).toEqual(major === 14 ? [] : ['public.User'])
    expect(index?.notObserved).toEqual([
      expect.stringMatching(/^locks: CREATE INDEX CONCURRENTLY cannot run inside a transaction/),
      ...(major === 14 ? [expect.stringMatching(/^scans: .* PostgreSQL 14/)] : []),
    ])
    for (const { relation, mode } of index?.locks ?? [])
      expect([relation, mode]).toEqual(['public.User', 'ShareUpdateExclusiveLock'])
    expect(vacuum?.notObserved[0]).toMatch(/^locks: VACUUM cannot run/)
    expect(trace.stopped).toBeUndefined()
  })

  test('a lock that is held while an index is built CONCURRENTLY is seen', async () => {
    const slow = `CREATE FUNCTION slow(t text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.001); RETURN t; END $$;`
    const lab = await traced(server, shop + slow, ['CREATE INDEX CONCURRENTLY later ON "User" (slow(email));'])
    expect(locksOf(fileOf(lab))).toEqual([['public.User ShareUpdateExclusiveLock']])
  })

  test('an index CONCURRENTLY beside another statement in one message is refused, as it will be', async () => {
    const lab = await see(`ALTER TABLE "User" ADD COLUMN c int;\nCREATE INDEX CONCURRENTLY later ON "User" (c);`, {
      way: 'batch',
    })
    expect(stoppedIn(lab)).toMatchObject({ sqlState: '25001', index: 1, line: 2 })
    expect(lab.trace.files[0]?.statements).toHaveLength(1)
    expect(
      fileOf(await see('CREATE INDEX CONCURRENTLY later ON "User" (email);', { way: 'batch' })).statements,
    ).toHaveLength(1)
  })

  test('a savepoint in the transaction around a message is refused, as it will be', async () => {
    const sql = 'UPDATE "User" SET age = 1;\nSAVEPOINT s;'
    expect(stoppedIn(await see(sql, { way: 'batch' }))).toMatchObject({ sqlState: '25P01', index: 1 })
    expect(stoppedIn(await see(sql))).toMatchObject({ sqlState: '25P01', index: 1 })
  })

  test('what a session was told lasts from file to file with Prisma, and ends with the file with atomic', async () => {
    const data = `CREATE SCHEMA other; CREATE TABLE other.t (id int); CREATE TABLE t (id int);`
    const files = ['SET search_path = other;\nALTER TABLE t ADD COLUMN a int;', 'ALTER TABLE t ADD COLUMN b int;']
    const locks = async (way: 'split' | 'batch' | 'atomic', parameters = '') => {
      const lab = await traced(server, data, files, { way, parameters })
      return locksOf(fileOf(lab, 1)).flat()
    }
    expect(await locks('split')).toEqual(['other.t AccessExclusiveLock'])
    expect(await locks('batch')).toEqual(['other.t AccessExclusiveLock'])
    expect(await locks('atomic')).toEqual(['public.t AccessExclusiveLock'])
    const [only = ''] = files.slice(1)
    const lab = await traced(server, data, [only], { parameters: '?schema=other' })
    expect(locksOf(fileOf(lab))).toEqual([['other.t AccessExclusiveLock']])
  })

  test('relations are called what they are called at the time, and what the file made itself blocks nobody', async () => {
    const sql = `
ALTER TABLE "User" RENAME TO "Person";
ALTER TABLE "Person" ADD COLUMN c int;
CREATE TABLE "Made" (id int);
ALTER TABLE "Made" ADD COLUMN c int;
DROP TABLE "Post";`
    const file = fileOf(await see(sql))
    expect(locksOf(file)).toEqual([
      ['public.User AccessExclusiveLock'],
      ['public.Person AccessExclusiveLock'],
      [],
      [],
      [expect.stringMatching(/^public.Post /), expect.stringMatching(/^public.Post_id_seq /)],
    ])
    const drop = fileOf(await see('DROP INDEX named;', {}, 'CREATE INDEX named ON "User" (age)'))
    expect(locksOf(drop)).toEqual([['public.User AccessExclusiveLock', 'public.named AccessExclusiveLock']])
  })

  test('temporary files are counted at once, also for a role that may not ask for them', async () => {
    const sort = `SET work_mem = '64kB';\nCREATE TABLE sorted AS SELECT * FROM generate_series(1, 30000) i ORDER BY -i;\nSELECT 1;`
    for (const way of ['split', 'batch', 'atomic'] as const) {
      const { statements } = fileOf(await see(sort, { way }))
      expect(statements[1]?.temporaryBytes).toBeGreaterThan(100_000)
      expect([statements[0]?.temporaryBytes, statements[2]?.temporaryBytes]).toEqual([0, 0])
      expect(statements[1]?.notObserved).toEqual([])
    }
    const lab = await see(sort, { as: 'owner' })
    expect(fileOf(lab).statements[1]?.notObserved).toEqual([expect.stringMatching(/^temporaryBytes: /)])
    const rows = await query(
      lab.url,
      'SELECT FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())',
    )
    expect(rows).toEqual([])
  })

  test('a subscription is not made: it would speak to another server', async () => {
    const file = fileOf(await see(`CREATE SUBSCRIPTION s CONNECTION 'host=elsewhere' PUBLICATION p;`))
    expect(file.statements[0]).toMatchObject({
      ms: 0,
      notObserved: [expect.stringMatching(/^not run: CREATE SUBSCRIPTION/)],
    })
  })

  test('a file that fails in the middle leaves on the copy what it will leave in production', async () => {
    const sql = 'ALTER TABLE "User" ADD COLUMN kept int;\nSELECT nothing FROM "User";\nSELECT 1;'
    const columns = async (way: 'split' | 'batch' | 'atomic') => {
      const lab = await see([sql, 'SELECT 2;'], { way })
      expect(lab.trace.files).toHaveLength(1)
      expect(stoppedIn(lab)).toMatchObject({
        migration: '1_file',
        index: 1,
        line: 2,
        sql: 'SELECT nothing FROM "User"',
        sqlState: '42703',
        message: 'column "nothing" does not exist',
        offending: { kind: 'not-counted' },
      })
      return query(lab.url, `SELECT FROM pg_attribute WHERE attname = 'kept'`)
    }
    expect(await columns('split')).toHaveLength(1)
    expect(await columns('batch')).toHaveLength(0)
    expect(await columns('atomic')).toHaveLength(0)
  })
})

describe('beside thousands of tables', () => {
  test('ten statements ask as many questions as beside two, and each gets a short answer', async () => {
    await using server = await startServer(18)
    const columns = Array.from({ length: 10 }, (_, index) => `ALTER TABLE t1 ADD COLUMN c${index} int;`).join('\n')
    const tables = (count: number) => [
      `CREATE PROCEDURE many(count int) LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..count LOOP
         EXECUTE format('CREATE TABLE t%s (id int)', i); IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END $$`,
      `CALL many(${count})`,
    ]
    const few = await traced(server, tables(2), [columns])
    const many = await traced(server, tables(5_000), [columns])
    expect(fileOf(many).statements).toHaveLength(10)
    expect(many.asked).toBe(few.asked)
    expect(many.asked).toBeLessThan(35)
    // But for the list of what is there, which is asked for once in a file.
    expect(many.mostRows).toBe(1)
  })
})

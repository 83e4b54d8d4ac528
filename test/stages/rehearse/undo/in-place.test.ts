import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCatalog } from '../../../../src/postgres/catalog.ts'
import { connect } from '../../../../src/postgres/connection.ts'
import type { Statement } from '../../../../src/sql/model.ts'
import { WaysBack } from '../../../../src/stages/rehearse/undo/prove-in-place.ts'
import { runFile } from '../../../../src/stages/rehearse/undo/run-file.ts'
import { undoDatabase } from '../../../../src/stages/rehearse/undo/scratch-database.ts'
import type { Undo } from '../../../../src/stages/rehearse/undo/undo.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { parsed } from '../../backup/lab-backup.ts'
import { plannedFor } from '../trace/lab-trace.ts'

let server: LabServer
beforeAll(async () => {
  server = await startServer(17, { settings: { fsync: 'off', jit: 'off', autovacuum: 'off' } })
  await query(server.superuserUrl(), 'CREATE DATABASE ways')
})
afterAll(() => server?.[Symbol.asyncDispose]())

const before = `DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TYPE e AS ENUM ('a');
  CREATE TABLE t (id int PRIMARY KEY, a text, b text, e e DEFAULT 'a'); INSERT INTO t SELECT n, n, n FROM generate_series(1, 2000) AS n;`

interface Asked {
  readonly own?: string
  readonly limit?: () => number | undefined
  /** What is told of the statements, where that is not the truth. */
  readonly told?: 'nothing'
}

/** The answers for these files, one behind the other, and what the database is in the end. */
async function waysOf(files: readonly string[], { own, limit = () => 60_000, told }: Asked = {}) {
  const url = parsed(server.superuserUrl('ways'))
  const look = async () => {
    await using session = await connect(url)
    const [rows] = await session.query<{ sum: string }>('SELECT sum(hashtext(t::text))::text AS sum FROM public.t t')
    return { lines: (await readCatalog(session)).lines, rows: rows?.sum }
  }
  await query(server.superuserUrl('ways'), before)
  const planned = await plannedFor(url, files, 'split')
  const database = undoDatabase(url, new AbortController().signal)
  const undo: Undo[] = []
  await using ways = new WaysBack(database, limit)
  for (const [at, migration] of planned.entries()) {
    const request = {
      migration: told === 'nothing' ? { ...migration, statements: migration.statements.map(harmless) } : migration,
      own: own === undefined ? undefined : { file: 'down.sql', sql: own },
    }
    await ways.before(request)
    {
      await using session = await database.openRun()
      expect(await runFile(session, files[at] ?? '', 'split')).toEqual({ kind: 'done' })
    }
    const up = await look()
    undo.push(await ways.after(request, 1))
    expect(await look()).toEqual(up)
  }
  return undo
}

function harmless(statement: Statement): Statement {
  return {
    ...statement,
    effects: { ...statement.effects, locks: [], rewrites: [], overwrites: [], loses: [], unknown: false },
  }
}

test('each way back begins with what the migration before it left, whatever that one loses, and leaves everything as it is', async () => {
  const undo = await waysOf([
    'ALTER TABLE t DROP COLUMN b;',
    'ALTER TABLE t ADD COLUMN c int; UPDATE t SET a = upper(a) || id WHERE id <= 5;',
    'ALTER TABLE t RENAME COLUMN a TO d; CREATE INDEX i ON t (d);',
    'ALTER TABLE t ALTER COLUMN d TYPE varchar(9);',
  ])
  expect(undo).toMatchObject([
    { kind: 'lossy', loses: [{ kind: 'column', name: 'public.t.b', rows: 2000 }] },
    { kind: 'lossy', loses: [{ kind: 'values', name: 'public.t', rows: 5 }] },
    { kind: 'proven' },
    { kind: 'proven', checked: expect.arrayContaining([expect.stringContaining('2000 rows of 1 tables')]) },
  ])
})

test('without time nothing is claimed: not tried, rows not compared, not applied again', async () => {
  const [late] = await waysOf(['ALTER TABLE t ADD COLUMN c int;'], { limit: () => undefined })
  expect(late).toMatchObject({
    kind: 'not-proven',
    because: expect.stringContaining('the time for ways back was over'),
  })

  const update = 'ALTER TABLE t ADD COLUMN c int; UPDATE t SET a = upper(a);'
  // Over when the rows are read, and there again for the rest.
  let asked = 0
  const whenRead = () => {
    asked += 1
    return asked === 2 ? undefined : 60_000
  }
  const [unread] = await waysOf([update], { limit: whenRead })
  expect(unread).toMatchObject({
    kind: 'not-proven',
    because: expect.stringContaining('Rows of public.t were not compared'),
  })

  asked = 0
  const [once] = await waysOf([update], { limit: () => (++asked > 3 ? undefined : 60_000) })
  expect(once).toMatchObject({
    kind: 'proven',
    notChecked: expect.arrayContaining([expect.stringContaining('whether it can be applied again')]),
  })
})

test('what a file does to rows and nobody foresaw is not proven', async () => {
  const [undo] = await waysOf(['ALTER TABLE t ALTER COLUMN a TYPE int USING a::int / 2;'], { told: 'nothing' })
  expect(undo).toMatchObject({
    kind: 'not-proven',
    because: expect.stringContaining('Rows of public.t were not compared'),
  })
})

const stays = { kind: 'rows', name: 'public.t', rows: 1 }

test('rows that a migration adds are no way back while they stay, also in a table that was empty or has another name by then', async () => {
  const undo = await waysOf([
    `INSERT INTO t VALUES (0, 'x');`,
    'CREATE TABLE role (name text);',
    `INSERT INTO role VALUES ('admin');`,
    `ALTER TABLE role RENAME TO roles; INSERT INTO roles VALUES ('guest');`,
  ])
  expect(undo).toMatchObject([
    {
      kind: 'impossible',
      because: expect.stringMatching(/a DELETE .* 1 rows of public.t that the .* wrote stay there/),
    },
    { kind: 'proven' },
    { kind: 'impossible', because: expect.stringContaining('1 rows of public.role ') },
    { kind: 'lossy', loses: [{ kind: 'rows', name: 'public.role', rows: 1 }] },
  ])
})

test('an own way back takes the added rows away, or is lossy', async () => {
  const up = `ALTER TABLE t ADD COLUMN c int; INSERT INTO t SELECT min(id) - 1 FROM t;`
  const [forgets] = await waysOf([up], { own: 'ALTER TABLE t DROP COLUMN c;' })
  expect(forgets).toMatchObject({ kind: 'lossy', loses: [stays] })
  const [whole] = await waysOf([up], { own: 'DELETE FROM t WHERE id < 1; ALTER TABLE t DROP COLUMN c;' })
  expect(whole).toMatchObject({ kind: 'proven' })
  const files = ['CREATE TABLE empty (id int);', 'ALTER TABLE t ADD COLUMN c int;']
  const [, adds] = await waysOf(files, {
    own: 'ALTER TABLE t DROP COLUMN IF EXISTS c; INSERT INTO empty VALUES (1);',
  })
  expect(adds).toMatchObject({ kind: 'not-proven', because: expect.stringContaining('Rows of public.empty were not') })
})

test('rows that are added to a table too large to be read are counted, and to one that nobody foresaw are seen by its size', async () => {
  const large = `CREATE TABLE large (id int, pad text STORAGE PLAIN); INSERT INTO large SELECT n, repeat('x', 1900) FROM generate_series(1, 18000) n;`
  const undo = await waysOf([
    large,
    'INSERT INTO large VALUES (0);',
    'INSERT INTO large SELECT * FROM large WHERE id = -1;',
  ])
  expect(undo.slice(1)).toMatchObject([
    { kind: 'impossible', because: expect.stringContaining('1 rows of public.large that the migration wrote stay') },
    { kind: 'not-proven', because: expect.stringContaining('Rows of public.large were counted and not compared') },
  ])
  const files = ['CREATE TABLE role (name text);', `INSERT INTO role VALUES ('admin');`]
  const [, unforeseen] = await waysOf(files, { told: 'nothing' })
  expect(unforeseen).toMatchObject({ kind: 'not-proven', because: expect.stringContaining('public.role were not') })
})

test('what cannot run in one transaction is not proven in one, or not applied again, and that is said', async () => {
  const [own] = await waysOf(['CREATE INDEX i ON t (a);'], { own: 'DROP INDEX CONCURRENTLY i;' })
  expect(own).toMatchObject({ kind: 'not-proven', because: expect.stringContaining('DROP INDEX CONCURRENTLY') })
  const [concurrently] = await waysOf(['CREATE INDEX CONCURRENTLY i ON t (a);'])
  expect(concurrently).toMatchObject({
    kind: 'proven',
    notChecked: expect.arrayContaining([expect.stringContaining('CREATE INDEX CONCURRENTLY cannot run inside')]),
  })
})

test('a way back that only its COMMIT would refuse is no way back', async () => {
  const up = `CREATE TABLE u (id int PRIMARY KEY, t_id int REFERENCES t DEFERRABLE INITIALLY DEFERRED);`
  const [undo] = await waysOf([up, 'ALTER TABLE u ADD COLUMN c int;'], {
    own: 'ALTER TABLE IF EXISTS u DROP COLUMN IF EXISTS c; INSERT INTO u VALUES (1, -1);',
  }).then((all) => all.slice(1))
  expect(undo).toMatchObject({ kind: 'not-proven', because: expect.stringContaining('23503') })
})

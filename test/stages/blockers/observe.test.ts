import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type OpenSession } from '../../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../../src/postgres/url.ts'
import { readHeadroom, readHolders, readInvalidIndexes, readReplicas } from '../../../src/stages/blockers/observe.ts'
import { hold } from '../../chain/held-session.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, startServer } from '../../lab/server.ts'

describe.each([14, 18] as const)('PostgreSQL %i, seen by the owner of the tables', (major) => {
  let server: LabServer
  let url: string
  let session: OpenSession
  const superuser = () => server.superuserUrl('watched')
  beforeAll(async () => {
    server = await startServer(major, { settings: { max_prepared_transactions: '2', max_connections: '20' } })
    url = await server.createDatabase('watched')
    await query(url, 'CREATE TABLE "User" (id INT); INSERT INTO "User" VALUES (1), (1)')
    const reading = parseDatabaseUrl(url, 'DATABASE_URL')
    if (reading.kind === 'invalid') throw new Error(reading.failure.what)
    session = await connect(reading.url)
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  const holders = (concurrently = false) => readHolders(session, ['public.User'], concurrently)

  test('nobody', async () => {
    expect(await holders()).toEqual([])
    expect(await readReplicas(session)).toEqual([])
  })

  test('a session of the same role, with its time', async () => {
    await using _reader = await hold(url, 'BEGIN; SELECT FROM "User"')
    expect(await holders()).toEqual([
      {
        relation: 'public.User',
        mode: 'AccessShareLock',
        pid: expect.any(Number),
        transaction: expect.stringMatching(/^\d+\/\d+$/),
        name: 'somebody else',
        user: 'app_owner',
        state: 'idle in transaction',
        transactionMs: expect.any(Number),
        since: expect.stringMatching(/^20\d\d-/),
        hasSnapshot: false,
        worker: false,
        antiWraparound: false,
        prepared: null,
      },
    ])
  })

  test('a session of another role, whose time is hidden, is seen all the same', async () => {
    await using _reader = await hold(superuser(), 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM "User"')
    const seen = await holders(true)
    const [lock, snapshot, ...others] = seen.toSorted(
      (a, b) => Number(a.relation === null) - Number(b.relation === null),
    )
    expect(lock).toMatchObject({ relation: 'public.User', name: 'somebody else', state: null, transactionMs: null })
    expect(snapshot).toMatchObject({ relation: null, transaction: lock?.transaction, hasSnapshot: null })
    expect(others).toEqual([])
  })

  test('an old snapshot', async () => {
    await using _reader = await hold(url, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    expect(await holders(true)).toMatchObject([{ relation: null, hasSnapshot: true }])
  })

  test('a prepared transaction', async () => {
    await query(superuser(), `BEGIN; LOCK "User"; PREPARE TRANSACTION 'forgotten'`)
    const seen = await holders()
    await query(superuser(), `ROLLBACK PREPARED 'forgotten'`)
    expect(seen).toMatchObject([
      { mode: 'AccessExclusiveLock', pid: null, worker: false, prepared: { gid: 'forgotten', owner: 'postgres' } },
    ])
  })

  test('how many connections are free', async () => {
    const before = await readHeadroom(session)
    await using _one = await hold(url, 'SELECT 1')
    expect(await readHeadroom(session)).toEqual({ free: before.free - 1, ceiling: 'max_connections' })
    await query(superuser(), 'ALTER DATABASE watched CONNECTION LIMIT 3')
    expect(await readHeadroom(session)).toMatchObject({ ceiling: 'the connection limit of the database' })
    await query(superuser(), 'ALTER DATABASE watched CONNECTION LIMIT -1; ALTER ROLE app_owner CONNECTION LIMIT 2')
    expect(await readHeadroom(session)).toEqual({ free: 0, ceiling: 'the connection limit of the role' })
    await query(superuser(), 'ALTER ROLE app_owner CONNECTION LIMIT -1')
  })

  test('an index that did not become valid', async () => {
    await query(url, 'CREATE UNIQUE INDEX CONCURRENTLY "User_id" ON "User" (id)').catch(() => undefined)
    expect(await readInvalidIndexes(session, ['public.User'])).toEqual([
      {
        table: 'public.User',
        index: 'public."User_id"',
        definition: 'CREATE UNIQUE INDEX "User_id" ON public."User" USING btree (id)',
      },
    ])
  })
})

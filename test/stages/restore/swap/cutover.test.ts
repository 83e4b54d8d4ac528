import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../../lab/server.ts'
import { failureOf } from '../../backup/lab-backup.ts'
import { startClients } from './clients.ts'
import { databasesOf, dropDatabases, momentOf, rowIn, sha256, swap, twoDatabases } from './lab-swap.ts'

describe.each(postgresMajors)('on PostgreSQL %i', (major) => {
  let server: LabServer

  beforeAll(async () => {
    server = await startServer(major, { settings: { max_prepared_transactions: '2' } })
  })
  afterEach(() => dropDatabases(server))
  afterAll(() => server[Symbol.asyncDispose]())

  test('an application that reads all the time is without its database for less than a second, and never sees the old one again', async () => {
    const url = await twoDatabases(server)
    const clients = await startClients(url, { writes: false })
    await sleep(150)
    const swapped = await swap(url)
    await expect.poll(() => clients.rows.at(-1)).toBe('restored')
    await clients.stop()

    expect(await rowIn(url)).toBe('restored')
    expect(await databasesOf(server)).toEqual(['shop', `${swapped.aside} (shut)`])
    expect(swapped.cutoverMs).toBeLessThan(1_000)
    expect(clients.longestGapMs()).toBeLessThan(1_000)
    expect(swapped.sessionsEnded).toBeGreaterThanOrEqual(5)
    expect(swapped.lost).toMatchObject({ kind: 'counted', changes: 0 })
    // In the order of their answers: all of the old one, then all of the new one.
    const first = clients.rows.indexOf('restored')
    expect(first).toBeGreaterThan(0)
    expect(clients.rows.slice(first).every((row) => row === 'restored')).toBe(true)
  })
})

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  let server: LabServer

  beforeAll(async () => {
    server = await startServer(major, { settings: { max_prepared_transactions: '2' } })
  })
  afterEach(() => dropDatabases(server))
  afterAll(() => server[Symbol.asyncDispose]())

  test('what an application writes is counted to the end of its last session, every confirmed row of it', async () => {
    const url = await twoDatabases(server)
    const moment = await momentOf(url)
    const clients = await startClients(url, { writes: true })
    await sleep(150)
    const swapped = await swap(url, {
      backup: { name: 'b', sha256, moment },
      accepted: { kind: 'changes', most: major < 15 ? 1_400 : 1_000 },
    })
    await clients.stop()
    await query(server.superuserUrl(), `ALTER DATABASE "${swapped.aside}" ALLOW_CONNECTIONS true`)
    const [kept] = await query<{ rows: number }>(
      server.superuserUrl(swapped.aside),
      `SELECT count(*)::int AS rows FROM "T" WHERE v = 'written'`,
    )
    const rows = kept?.rows ?? 0
    const counted = swapped.lost.kind === 'counted' ? swapped.lost.changes : 0
    expect(counted).toBeGreaterThanOrEqual(rows)
    // More where a session was ended in the middle of its INSERT, and up to 14 by what the collector brings twice.
    expect(counted).toBeLessThanOrEqual(major < 15 ? 2 * rows + 100 : rows + 5)
    expect(rows).toBeGreaterThanOrEqual(clients.confirmed.get('present') ?? 0)
    expect(clients.confirmed.get('present')).toBeGreaterThan(0)
  })

  test('more written than was accepted: nothing is swapped, and the application goes on', async () => {
    const url = await twoDatabases(server)
    const clients = await startClients(url, { writes: true })
    await sleep(100)
    // Nothing had been written when it began, and nothing may be lost.
    const refused = failureOf(swap(url))
    const failure = await refused
    const until = clients.confirmed.get('present') ?? 0
    await expect.poll(() => clients.confirmed.get('present')).toBeGreaterThan(until + 5)
    await clients.stop()
    expect(failure.code).toBe('RESTORE.WRITES_SINCE')
    expect(failure.next.join()).toMatch(/--accept-loss [1-9]/)
    expect(await databasesOf(server)).toEqual(['shop', 'shop_restored'])
    expect(await rowIn(url)).toBe('present')
  })

  test('a session that the role may not end: nothing is swapped, and it goes on', async () => {
    const url = await twoDatabases(server)
    const stranger = new pg.Client({ connectionString: server.superuserUrl('shop') })
    stranger.on('error', () => undefined)
    await stranger.connect()
    const refused = await failureOf(swap(url))
    expect(refused).toMatchObject({ code: 'RESTORE.CANNOT_SWAP', why: expect.stringContaining('of "postgres"') })
    expect((await stranger.query('SELECT v FROM "T"')).rows).toEqual([{ v: 'present' }])
    await stranger.end()
    expect(await databasesOf(server)).toEqual(['shop', 'shop_restored'])
  })

  test('a prepared transaction in it, or no right to rename it, is said before anything is done', async () => {
    const url = await twoDatabases(server)
    await query(url, `BEGIN; INSERT INTO "T" VALUES ('x'); PREPARE TRANSACTION 'it''s'`)
    const prepared = await failureOf(swap(url))
    expect(prepared).toMatchObject({
      code: 'RESTORE.CANNOT_SWAP',
      next: ["COMMIT PREPARED 'it''s'; -- or ROLLBACK PREPARED"],
    })
    await query(url, `ROLLBACK PREPARED 'it''s'`)
    await query(server.superuserUrl(), 'ALTER DATABASE shop OWNER TO postgres; ALTER ROLE app_owner NOCREATEDB')
    try {
      const failure = await failureOf(swap(url))
      expect(failure.why).toBe('It does not belong to "app_owner".\n"app_owner" lacks CREATEDB.')
    } finally {
      await query(server.superuserUrl(), 'ALTER ROLE app_owner CREATEDB')
    }
  })
})

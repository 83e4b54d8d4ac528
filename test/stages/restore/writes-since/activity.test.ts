import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { activitySchema } from '../../../../src/stages/backup/activity.ts'
import { type WritesSince, writesBetween } from '../../../../src/stages/restore/writes-since/count.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { dropDatabases, momentOf } from '../swap/lab-swap.ts'

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  let server: LabServer
  let url: string

  beforeAll(async () => {
    server = await startServer(major)
  })
  afterEach(() => dropDatabases(server))
  afterAll(() => server[Symbol.asyncDispose]())

  async function shop(): Promise<void> {
    url = await server.createDatabase('shop')
    await query(url, 'CREATE TABLE a (i int); CREATE TABLE b (i int); INSERT INTO a SELECT generate_series(1, 10)')
  }

  /** Up to 14 the numbers may be half a second old. */
  async function settled(): Promise<void> {
    if (major < 15) await new Promise((resolve) => setTimeout(resolve, 700))
  }

  async function writesDuring(work: () => Promise<unknown>): Promise<WritesSince> {
    await settled()
    const then = await momentOf(url)
    expect(activitySchema.parse(JSON.parse(JSON.stringify(then.activity)))).toEqual(then.activity)
    await work()
    await settled()
    return writesBetween(then, await momentOf(url))
  }

  test('row changes are counted by table, and reading is not writing', async () => {
    await shop()
    const nothing = await writesDuring(() => query(url, 'SELECT count(*) FROM a'))
    expect(nothing).toMatchObject({ kind: 'counted', changes: 0, tables: [] })
    const writes = await writesDuring(() =>
      query(url, 'INSERT INTO b VALUES (1), (2); UPDATE a SET i = 0 WHERE i <= 3; DELETE FROM a WHERE i = 10'),
    )
    expect(writes).toMatchObject({
      kind: 'counted',
      changes: 6,
      catalogChanges: 0,
      tables: [
        { table: '"public"."a"', inserted: 0, updated: 3, deleted: 1 },
        { table: '"public"."b"', inserted: 2, updated: 0, deleted: 0 },
      ],
    })
    expect(writes.walBytes).toBeGreaterThan(0)
  })

  test.each([
    ['TRUNCATE', 'TRUNCATE a'],
    ['a dropped table', 'DROP TABLE a'],
    ['a new column', 'ALTER TABLE a ADD COLUMN t text'],
    ['a large object', `SELECT lo_from_bytea(0, 'x')`],
  ])('%s does not go unseen', async (_, sql) => {
    await shop()
    const writes = await writesDuring(() => query(url, sql))
    expect(writes.kind === 'counted' && writes.changes > 0).toBe(true)
  })

  test('what a rolled-back transaction wrote is counted, and what ANALYZE writes is not', async () => {
    await shop()
    const writes = await writesDuring(async () => {
      await query(url, 'BEGIN; INSERT INTO b SELECT generate_series(1, 7); ROLLBACK')
      await query(url, 'ANALYZE')
    })
    expect(writes).toMatchObject({ kind: 'counted', changes: 7 })
  })

  test('a restart in order keeps the counters, a crash empties them and is noticed', async () => {
    await shop()
    const restarted = await writesDuring(async () => {
      await query(url, 'INSERT INTO b VALUES (1)')
      await server.restart()
    })
    expect(restarted).toMatchObject({ kind: 'counted', changes: 1 })
    const crashed = await writesDuring(async () => {
      await query(url, 'CHECKPOINT; INSERT INTO b VALUES (1)').catch(() => query(url, 'INSERT INTO b VALUES (1)'))
      await server.kill()
      await server.restart()
      await query(url, 'INSERT INTO a SELECT generate_series(1, 1000); INSERT INTO b SELECT generate_series(1, 1000)')
    })
    expect(crashed).toMatchObject({ kind: 'unknown', because: expect.stringContaining('counters do not go back') })
    expect(crashed.walBytes).toBeGreaterThan(0)
  })

  test.each([
    ['of the database', 'SELECT pg_stat_reset()'],
    ['of one table', `SELECT pg_stat_reset_single_table_counters('b'::regclass)`],
  ])('counters that somebody reset, those %s, are unknown and never zero', async (_, sql) => {
    await shop()
    const writes = await writesDuring(() => query(server.superuserUrl('shop'), sql))
    expect(writes).toMatchObject({ kind: 'unknown' })
  })

  test('another database of the same name, and one whose server counts nothing, are unknown', async () => {
    await shop()
    const replaced = await writesDuring(async () => {
      await query(server.superuserUrl(), 'DROP DATABASE shop WITH (FORCE)')
      await shop()
    })
    expect(replaced).toMatchObject({ kind: 'unknown', because: expect.stringContaining('replaced') })
    const uncounted = await writesDuring(() =>
      query(server.superuserUrl(), 'ALTER DATABASE shop SET track_counts = off'),
    )
    expect(uncounted).toMatchObject({ kind: 'unknown', because: expect.stringContaining('track_counts') })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type OpenSession } from '../../../../src/postgres/connection.ts'
import { type DatabaseUrl, parseDatabaseUrl } from '../../../../src/postgres/url.ts'
import { cancelStatement, readApplyingSessions } from '../../../../src/stages/apply/watch/observation.ts'
import { type HeldSession, hold } from '../../../chain/held-session.ts'
import { until } from '../../../chain/processes.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'

/** What the watchdog sees as the owner of the tables, while the application is another role that shows it nothing. */

const ours = 'airlock-apply-test'

describe.each([14, 18] as const)('PostgreSQL %i', (major) => {
  let server: LabServer
  let url: string
  let session: OpenSession
  beforeAll(async () => {
    server = await startServer(major)
    url = await server.createDatabase('watched')
    await query(
      url,
      'CREATE TABLE a (id INT); CREATE TABLE b (id INT); INSERT INTO a SELECT generate_series(1, 400000)',
    )
    session = await connect(parsed(url), 'airlock-watch')
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** A statement that is not waited for; what becomes of it is told when it is asked. */
  async function begin(
    where: string,
    sql: string,
    first = 'SELECT 1',
  ): Promise<AsyncDisposable & { ended: Promise<string> }> {
    const held: HeldSession = await hold(where, first)
    const ended = held.query(sql).then(
      () => 'done',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'failed'),
    )
    return { ended, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() }
  }
  const asOurs = () => `${url}?application_name=${ours}`
  const look = () => readApplyingSessions(session, ours)
  const seen = async (what: string, holds: (one: Awaited<ReturnType<typeof look>>[number]) => boolean) => {
    let found: Awaited<ReturnType<typeof look>>[number] | undefined
    await until(what, async () => {
      found = (await look()).find(holds)
      return found !== undefined
    })
    if (found === undefined) throw new Error('not found')
    return found
  }

  test('nobody applies: nothing is seen', async () => {
    expect(await look()).toEqual([])
  })

  test('our statement waits, and the application behind it: both are told with their times', async () => {
    await using reader = await hold(server.superuserUrl('watched'), 'BEGIN; SELECT FROM a')
    await using alter = await begin(asOurs(), 'ALTER TABLE a ADD COLUMN x INT', `SET application_name = '${ours}'`)
    await using behind = await begin(server.superuserUrl('watched'), 'SELECT FROM a LIMIT 1')
    const one = await seen('the queue', ({ queued }) => queued === 1)
    expect(one).toMatchObject({
      query: 'ALTER TABLE a ADD COLUMN x INT',
      blockers: [{ name: 'somebody else' }],
      progress: null,
    })
    expect(one.waitingMs).toBeGreaterThanOrEqual(one.queuedMs)
    expect(await cancelStatement(session, { ...one, queryStart: '2020-01-01' })).toBe(false)
    expect(await cancelStatement(session, one)).toBe(true)
    expect(await alter.ended).toBe('57014')
    expect(await behind.ended).toBe('done')
    await reader.query('COMMIT')
  })

  test('our statement works under its lock: the queue is seen all the same', async () => {
    await using _work = await begin(
      asOurs(),
      'SELECT pg_sleep(60)',
      `SET application_name = '${ours}'; BEGIN; LOCK TABLE a`,
    )
    await using behind = await begin(server.superuserUrl('watched'), 'SELECT FROM a LIMIT 1')
    const one = await seen('the queue', ({ queued }) => queued === 1)
    expect(one.waitingMs).toBeNull()
    expect(await cancelStatement(session, one)).toBe(true)
    void behind
  })

  test('another deploy and Airlock itself are no application', async () => {
    await using _work = await begin(
      asOurs(),
      'SELECT pg_sleep(60)',
      `SET application_name = '${ours}'; BEGIN; LOCK TABLE b; SELECT pg_advisory_lock(72707369)`,
    )
    await using _deploy = await begin(server.superuserUrl('watched'), 'SELECT pg_advisory_lock(72707369)')
    await using _airlock = await begin(url, 'SELECT FROM b', `SET application_name = 'airlock'`)
    await until('both wait', async () => {
      const rows = await query(url, 'SELECT DISTINCT pid FROM pg_locks WHERE NOT granted')
      return rows.length === 2
    })
    const [one] = await look()
    expect(one).toMatchObject({ queued: 0, queuedMs: 0 })
    expect(one !== undefined && (await cancelStatement(session, one))).toBe(true)
  })

  test('how far an index is', async () => {
    await using _writer = await hold(server.superuserUrl('watched'), 'BEGIN; INSERT INTO a VALUES (1)')
    await using build = await begin(
      asOurs(),
      'CREATE INDEX CONCURRENTLY a_id ON a (id)',
      `SET application_name = '${ours}'`,
    )
    const one = await seen('the build waits', ({ progress }) => progress?.phase.startsWith('waiting') === true)
    expect(one.progress).toEqual({
      work: 'CREATE INDEX CONCURRENTLY',
      phase: 'waiting for writers before build',
      done: 0,
      total: 1,
    })
    expect(one.queued).toBe(0)
    await cancelStatement(session, one)
    expect(await build.ended).toBe('57014')
  })
})

function parsed(url: string): DatabaseUrl {
  const reading = parseDatabaseUrl(url, 'DATABASE_URL')
  if (reading.kind === 'invalid') throw new Error(reading.failure.what)
  return reading.url
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { readHistory } from '../../src/migrations/history-table.ts'
import { connect } from '../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'

/** As Prisma creates it (sql-schema-connector/src/flavour/postgres.rs). */
const createTable = (schema: string) => `CREATE TABLE "${schema}"._prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`

let server: LabServer

beforeAll(async () => {
  server = await startServer(18)
  await query(server.superuserUrl(), `CREATE ROLE "the guest" LOGIN PASSWORD 'pw'`)
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

async function historyOf(url: string, schema = 'public') {
  const parsed = parseDatabaseUrl(url, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  await using session = await connect(parsed.url)
  return await readHistory(session, schema)
}

async function failureOf(work: Promise<unknown>) {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof FailureError) return thrown.failure
  throw new Error(`no failure: ${thrown}`)
}

describe('the history of a database', () => {
  test('is absent from an empty one', async () => {
    expect(await historyOf(await server.createDatabase())).toEqual({
      kind: 'absent',
      schemaExists: true,
      tables: 0,
      elsewhere: [],
    })
  })

  test('is absent from one that has tables, those of PostGIS aside', async () => {
    const url = await server.createDatabase()
    await query(
      url,
      'CREATE TABLE a (); CREATE TABLE b (); CREATE TABLE spatial_ref_sys (); CREATE VIEW v AS SELECT 1; CREATE SCHEMA other; CREATE TABLE other.c ()',
    )
    expect(await historyOf(url)).toMatchObject({ kind: 'absent', tables: 2 })
  })

  test('is absent from a schema that does not exist, and found elsewhere', async () => {
    const url = await server.createDatabase()
    await query(url, `CREATE SCHEMA "sales"; ${createTable('sales')}`)
    expect(await historyOf(url, 'sals')).toEqual({
      kind: 'absent',
      schemaExists: false,
      tables: 0,
      elsewhere: ['sales'],
    })
    expect(await historyOf(url, 'sales')).toEqual({ kind: 'present', rows: [] })
  })

  test('is read in the order in which it was made', async () => {
    const url = await server.createDatabase()
    await query(url, createTable('public'))
    await query(
      url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, rolled_back_at, logs, applied_steps_count) VALUES
       ('2', 'cc', '2_b', '2026-01-02T00:00:00Z', NULL, '2026-01-02T01:00:00Z', 'ERROR', 0),
       ('1', 'aa', '1_a', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01.5Z', NULL, NULL, 1)`,
    )
    expect(await historyOf(url)).toEqual({
      kind: 'present',
      rows: [
        {
          id: '1',
          name: '1_a',
          checksum: 'aa',
          startedAt: new Date('2026-01-01T00:00:00Z'),
          finishedAt: new Date('2026-01-01T00:00:01.500Z'),
          rolledBackAt: undefined,
          logs: '',
          appliedSteps: 1,
        },
        {
          id: '2',
          name: '2_b',
          checksum: 'cc',
          startedAt: new Date('2026-01-02T00:00:00Z'),
          finishedAt: undefined,
          rolledBackAt: new Date('2026-01-02T01:00:00Z'),
          logs: 'ERROR',
          appliedSteps: 0,
        },
      ],
    })
  })

  test('is read with one query where it is there', async () => {
    const url = await server.createDatabase()
    await query(url, createTable('public'))
    const asked: string[] = []
    const session = {
      async query<Row>(text: string) {
        asked.push(text)
        return (await query(url, text)) as Row[]
      },
    }
    expect(await readHistory(session, 'public')).toEqual({ kind: 'present', rows: [] })
    expect(asked.length).toBe(1)
  })

  test.each(['my "shop"', "it's", 'Sales', 'a.b'])('is read from a schema called %s', async (schema) => {
    const url = await server.createDatabase()
    const quoted = schema.replaceAll('"', '""')
    await query(url, `CREATE SCHEMA "${quoted}"; ${createTable(quoted)}`)
    expect(await historyOf(url, schema)).toEqual({ kind: 'present', rows: [] })
  })
})

describe('a history that this role may not see', () => {
  async function databaseForGuest(): Promise<{ readonly owner: string; readonly guest: string }> {
    const owner = await server.createDatabase()
    await query(owner, createTable('public'))
    await query(
      owner,
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('1', 'aa', '1_a', now())",
    )
    const name = new URL(owner).pathname.slice(1)
    return { owner, guest: `postgresql://the%20guest:pw@127.0.0.1:${server.port}/${name}` }
  }

  test('is never taken for none: a missing privilege says what to grant', async () => {
    const { owner, guest } = await databaseForGuest()
    await query(owner, 'GRANT USAGE ON SCHEMA public TO "the guest"')
    const failure = await failureOf(historyOf(guest))
    expect(failure).toMatchObject({ code: 'DATABASE.NO_PRIVILEGES', what: expect.stringContaining('"the guest"') })
    await query(owner, failure.next.at(-1) ?? '')
    expect(await historyOf(guest)).toMatchObject({ kind: 'present', rows: [{ name: '1_a' }] })
  })

  test('is never taken for none: not even where the whole schema is closed', async () => {
    const { owner, guest } = await databaseForGuest()
    await query(owner, 'REVOKE ALL ON SCHEMA public FROM PUBLIC')
    expect(await failureOf(historyOf(guest))).toMatchObject({
      code: 'DATABASE.NO_PRIVILEGES',
      why: expect.stringContaining('permission denied for schema public'),
    })
  })

  test('is never taken for none: row-level security is noticed, with and without rows', async () => {
    const { owner, guest } = await databaseForGuest()
    await query(
      owner,
      'GRANT USAGE ON SCHEMA public TO "the guest"; GRANT SELECT ON _prisma_migrations TO "the guest"; ALTER TABLE _prisma_migrations ENABLE ROW LEVEL SECURITY',
    )
    expect(await failureOf(historyOf(guest))).toMatchObject({
      code: 'DATABASE.NO_PRIVILEGES',
      what: expect.stringContaining('Row-level security'),
    })
    expect(await historyOf(owner)).toMatchObject({ kind: 'present', rows: [{ name: '1_a' }] })
  })

  test('is never taken for none: a table of another kind is named', async () => {
    const url = await server.createDatabase()
    await query(url, 'CREATE TABLE _prisma_migrations (version int)')
    expect(await failureOf(historyOf(url))).toMatchObject({
      code: 'DATABASE.QUERY_FAILED',
      what: '"public"."_prisma_migrations" is not a history table of Prisma.',
    })
  })
})

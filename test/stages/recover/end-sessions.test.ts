import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../../src/postgres/url.ts'
import { endSessions } from '../../../src/stages/recover/end-sessions.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../lab/server.ts'

const majors = [postgresMajors[0], postgresMajors.at(-1)] as const
const servers = new Map<unknown, LabServer>()
beforeAll(async () => {
  for (const major of majors) if (major !== undefined) servers.set(major, await startServer(major))
})
afterAll(async () => {
  for (const server of servers.values()) await server[Symbol.asyncDispose]()
})

const name = 'airlock-apply-test'
const table = 'CREATE TABLE t (a INT); CREATE TABLE _prisma_migrations (a INT);'

test.each(
  majors.flatMap((major) => [
    { major, what: 'in the middle of its transaction', sql: ['BEGIN', 'INSERT INTO t VALUES (1)'], rolledBack: true },
    { major, what: 'that is only reading', sql: ['BEGIN', 'SELECT * FROM t'], rolledBack: false },
    { major, what: 'between two transactions', sql: ['INSERT INTO t VALUES (1)'], rolledBack: false },
    {
      major,
      what: 'of Prisma that writes to its history',
      sql: ['BEGIN', 'INSERT INTO _prisma_migrations VALUES (1)'],
      rolledBack: false,
    },
  ]),
)('PostgreSQL $major: a session $what is ended; rolled back is $rolledBack', async ({ major, sql, rolledBack }) => {
  const server = servers.get(major)
  if (server === undefined) throw new Error('no server')
  const databaseUrl = await server.createDatabase()
  const parsed = parseDatabaseUrl(databaseUrl, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  await query(databaseUrl, table)
  const client = new pg.Client({ connectionString: databaseUrl, application_name: name })
  client.on('error', () => undefined)
  await client.connect()
  for (const one of sql) await client.query(one)

  await using session = await connect(parsed.url)
  expect(await endSessions(session, name)).toBe(rolledBack)
  await expect(client.query('SELECT 1')).rejects.toThrow()
  expect(await endSessions(session, name)).toBe(false)
})

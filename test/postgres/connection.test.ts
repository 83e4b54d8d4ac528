import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { connect } from '../../src/postgres/connection.ts'
import { type DatabaseUrl, parseDatabaseUrl } from '../../src/postgres/url.ts'
import { type LabServer, startServer } from '../lab/server.ts'

let server: LabServer
let url: string

beforeAll(async () => {
  server = await startServer(16)
  url = await server.createDatabase('shop')
})
afterAll(() => server[Symbol.asyncDispose]())

function parsed(text: string): DatabaseUrl {
  const result = parseDatabaseUrl(text, 'DATABASE_URL')
  if (result.kind === 'invalid') throw new FailureError(result.failure)
  return result.url
}

async function failureOf(text: string) {
  try {
    await using session = await connect(parsed(text))
    await session.query('SELECT 1')
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
  throw new Error('the connection was made')
}

describe('what stands in the way of a connection has its own code', () => {
  test('a wrong password, which is never repeated', async () => {
    const failure = await failureOf(url.replace(/:[^:@]+@/, ':not-the-password@'))
    expect(failure.code).toBe('DATABASE.WRONG_PASSWORD')
    expect(JSON.stringify(failure)).not.toContain('not-the-password')
  })

  test('no password where the server wants one', async () => {
    const failure = await failureOf(url.replace(/:[^:@]+@/, '@'))
    expect(failure.code).toBe('DATABASE.WRONG_PASSWORD')
    expect(failure.what).toContain('the connection URL has none for `app_owner`')
  })

  test('a lock that reading the catalog waits for', async () => {
    const database = await server.createDatabase('locked')
    await using holder = await connect(parsed(database))
    await holder.query('CREATE TABLE public.held ()')
    await holder.query('BEGIN')
    await holder.query('LOCK TABLE public.held IN ACCESS EXCLUSIVE MODE')
    await using session = await connect(parsed(database))
    await session.query("SET lock_timeout = '50ms'")
    await expect(session.query("SELECT pg_catalog.pg_table_size('public.held')")).rejects.toMatchObject({
      failure: { code: 'DATABASE.BLOCKED', next: expect.arrayContaining(['Run again when that session is done.']) },
    })
  })

  test('a database that does not exist, with the statement that makes it', async () => {
    const failure = await failureOf(url.replace('/shop', '/shopp'))
    expect(failure.code).toBe('DATABASE.NOT_FOUND')
    expect(failure.next.join('\n')).toContain('CREATE DATABASE "shopp"')
  })

  test('a port where nobody listens', async () => {
    expect((await failureOf(url.replace(/:\d+\//, ':1/'))).code).toBe('DATABASE.UNREACHABLE')
  })

  test('a host name that does not resolve', async () => {
    expect((await failureOf(url.replace('127.0.0.1', 'no-such-host'))).code).toBe('DATABASE.UNREACHABLE')
  })

  test('TLS that the server does not speak', async () => {
    expect((await failureOf(`${url}?sslmode=require`)).code).toBe('DATABASE.TLS')
  })

  test('something that is not PostgreSQL and hangs up', async () => {
    const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => other.once('listening', resolve))
      const address = other.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      expect((await failureOf(url.replace(/:\d+\//, `:${port}/`))).code).toBe('DATABASE.CONNECTION_LOST')
    } finally {
      other.close()
    }
  })
})

describe('a session', () => {
  test('looks nowhere for names but in the system catalog, so that a table of the user cannot stand in for one', async () => {
    await using session = await connect(parsed(url))
    expect(await session.query('SHOW search_path')).toEqual([{ search_path: '""' }])
  })

  test('explains a missing privilege', async () => {
    await using session = await connect(parsed(url))
    await expect(session.query('SELECT * FROM pg_catalog.pg_authid')).rejects.toMatchObject({
      failure: { code: 'DATABASE.NO_PRIVILEGES' },
    })
  })

  test('that the server ends is lost, not a crash of the program', async () => {
    await using session = await connect(parsed(url))
    await using other = await connect(parsed(server.superuserUrl('shop')))
    const [row] = await session.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid')
    await other.query('SELECT pg_catalog.pg_terminate_backend($1)', [row?.pid])
    // While nobody waits for a query.
    await sleep(200)
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ failure: { code: 'DATABASE.CONNECTION_LOST' } })
  })
})

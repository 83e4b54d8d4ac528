import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servedPrismaVersion } from '../../src/prisma-engine/prisma-version.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { tempFolder } from '../lab/temp.ts'
import { query, tables } from './database.ts'
import { datasource, filters, migrationList, startEngine } from './engine-process.ts'

let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

const slow = { migrationsList: migrationList({ '1_slow': 'SELECT pg_sleep(60);' }), filters }

async function waitForSleep(url: string): Promise<void> {
  for (;;) {
    const busy = await query(
      url,
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'",
    )
    if (busy.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the end of the engine', () => {
  it('comes with the end of stdin, before and after a request', async () => {
    const fresh = await startEngine([])
    fresh.child.stdin?.end()
    expect(await fresh.ended).toBe(0)

    const used = await startEngine(datasource(await server.createDatabase()))
    expect(await used.call('getDatabaseVersion')).toMatchObject({ result: expect.stringContaining('PostgreSQL 16') })
    used.child.stdin?.end()
    expect(await used.ended).toBe(0)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'end of stdin'] as const)(
    'does not wait for a statement that is running: %s',
    async (how) => {
      const url = await server.createDatabase()
      const engine = await startEngine(datasource(url))
      const answer = engine.call('applyMigrations', slow)
      await waitForSleep(url)
      const started = Date.now()
      if (how === 'end of stdin') engine.child.stdin?.end()
      else engine.child.kill(how)
      expect(await engine.ended).toBe(0)
      expect(Date.now() - started).toBeLessThan(3_000)
      await query(
        server.superuserUrl(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'",
      )
      expect(await Promise.race([answer, 'no answer'])).toBe('no answer')
    },
  )

  it('comes with the end of whoever reads its answers', async () => {
    const engine = await startEngine([])
    engine.child.stdout?.destroy()
    engine.child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"nothing"}\n')
    engine.child.stdin?.write('{"jsonrpc":"2.0","id":2,"method":"nothing"}\n')
    expect(await engine.ended).toBe(0)
  })
})

describe('requests', () => {
  it('that are not JSON, not requests or not known get an error, and the next one is answered', async () => {
    await using engine = await startEngine([])
    expect(await engine.write('not json')).toMatchObject({ id: null, error: { code: -32700 } })
    expect(await engine.write('[]')).toMatchObject({ id: null, error: { code: -32700 } })
    expect(await engine.call('listMigrationDirectories', {})).toMatchObject({
      id: 1,
      error: {
        code: 4466,
        data: { is_panic: false, message: expect.stringContaining('no method `listMigrationDirectories`') },
      },
    })
    expect(await engine.call('getDatabaseVersion')).toMatchObject({ id: 2, error: { data: { error_code: 'P1013' } } })
  })

  it('with parameters that the engine does not understand get an error', async () => {
    await using engine = await startEngine(datasource(await server.createDatabase()))
    const answer = await engine.call('applyMigrations', { nonsense: true })
    expect(answer.error?.data?.message).toContain('missing field `migrationsList`')
  })

  it('are answered after the database has come into being', async () => {
    const url = server.superuserUrl('made_later')
    await using engine = await startEngine(datasource(url))
    expect(await engine.call('getDatabaseVersion')).toMatchObject({ error: { data: { error_code: 'P1003' } } })
    const created = await engine.call('createDatabase', { datasource: { tag: 'ConnectionString', url } })
    expect(created.result).toEqual({ databaseName: 'made_later' })
    expect(await engine.call('createDatabase', { datasource: { tag: 'ConnectionString', url } })).toMatchObject({
      error: { data: { error_code: 'P1009' } },
    })
    expect(await engine.call('getDatabaseVersion')).toMatchObject({ result: expect.stringContaining('PostgreSQL') })
  })

  it('for the drop of a database are refused', async () => {
    const engine = await startEngine(['cli', '--datasource', server.superuserUrl(), 'drop-database'])
    expect(await engine.ended).toBe(1)
    expect(engine.stderr()).toContain('has no command')
    expect(engine.stderr()).not.toContain(new URL(server.superuserUrl()).password)
  })
})

describe('a connection that the server ends', () => {
  it('is told, never replaced, and the engine stays alive to say so', async () => {
    const url = await server.createDatabase()
    await using engine = await startEngine(datasource(url))
    const answer = engine.call('applyMigrations', slow)
    await waitForSleep(url)
    await query(
      server.superuserUrl(),
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'",
    )
    expect(await answer).toMatchObject({
      error: { data: { error_code: 'P3018', message: expect.stringContaining('57P01') } },
    })
    const next = await engine.call('applyMigrations', {
      migrationsList: migrationList({ '2_next': 'CREATE TABLE a (id int);' }),
      filters,
    })
    expect(next).toMatchObject({ error: { data: { error_code: 'P1017' } } })
    expect(await tables(url)).toEqual([])
  })
})

describe('the session', () => {
  it('is one and the same for all migrations, so that its settings and its lock stay', async () => {
    const url = await server.createDatabase()
    await using engine = await startEngine(datasource(url))
    const sql = "SET application_name = 'kept';"
    const check = "DO $$ BEGIN IF current_setting('application_name') <> 'kept' THEN RAISE 'lost'; END IF; END $$;"
    // A failure in between must not cost the connection either.
    await engine.call('applyMigrations', {
      migrationsList: migrationList({ '1_set': sql, '2_fails': 'SELECT 1/0;' }),
      filters,
    })
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    try {
      expect((await other.query('SELECT pg_try_advisory_lock(72707369) AS free')).rows).toEqual([{ free: false }])
    } finally {
      await other.end()
    }
    await engine.call('markMigrationRolledBack', { migrationName: '2_fails' })
    const last = await engine.call('applyMigrations', {
      migrationsList: migrationList({ '1_set': sql, '2_fails': check }),
      filters,
    })
    expect(last.result).toEqual({ appliedMigrationNames: ['2_fails'] })
  })
})

describe('the version of Prisma', () => {
  it('is what the caller says', async () => {
    expect(await servedPrismaVersion({ AIRLOCK_PRISMA_VERSION: '6.1.0' }, '/')).toBe('6.1.0')
  })

  it('is else that of the project', async () => {
    await using folder = await tempFolder()
    const installed = join(folder.path, 'node_modules/prisma')
    await mkdir(installed, { recursive: true })
    await mkdir(join(folder.path, 'packages/db/prisma'), { recursive: true })
    await writeFile(join(installed, 'package.json'), '{"name":"prisma","version":"6.2.3"}')
    expect(await servedPrismaVersion({}, join(folder.path, 'packages/db/prisma'))).toBe('6.2.3')
  })

  it('is never guessed: without it nothing is executed', async () => {
    const url = await server.createDatabase()
    await using folder = await tempFolder()
    expect(await servedPrismaVersion({}, folder.path)).toBeUndefined()
    await using engine = await startEngine(datasource(url), {}, folder.path)
    const pending = { migrationsList: migrationList({ '1_a': 'CREATE TABLE a (id int);' }), filters }
    const answer = await engine.call('applyMigrations', pending)
    expect(answer.error?.data?.message).toContain('AIRLOCK_PRISMA_VERSION')
    expect(await query(url, "SELECT relname FROM pg_class WHERE relname IN ('a', '_prisma_migrations')")).toEqual([])
  })
})

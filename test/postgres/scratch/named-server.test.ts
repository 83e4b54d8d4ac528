import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FailureError } from '../../../src/errors.ts'
import { type Janitor, startJanitor } from '../../../src/janitor/janitor.ts'
import { connect, type OpenSession } from '../../../src/postgres/connection.ts'
import type { DatabaseTraits } from '../../../src/postgres/create-database.ts'
import { createDatabaseSql } from '../../../src/postgres/create-database.ts'
import { createScratchDatabase } from '../../../src/postgres/scratch/databases.ts'
import { openScratchServer } from '../../../src/postgres/scratch/scratch-server.ts'
import { type DatabaseUrl, parseDatabaseUrl } from '../../../src/postgres/url.ts'
import { type LabServer, startServer } from '../../lab/server.ts'

const traits: DatabaseTraits = {
  encoding: 'UTF8',
  localeProvider: 'libc',
  collate: 'C',
  characterType: 'C',
  locale: null,
}

let lab: LabServer
let janitor: Janitor
let superuser: OpenSession
beforeAll(async () => {
  lab = await startServer(16)
  janitor = await startJanitor()
  superuser = await connect(urlOf(lab.superuserUrl()))
})
afterAll(async () => {
  await superuser[Symbol.asyncDispose]()
  await janitor[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
})

function urlOf(text: string): DatabaseUrl {
  const parsed = parseDatabaseUrl(text, 'AIRLOCK_SCRATCH_URL')
  if (parsed.kind !== 'ok') throw new Error(parsed.failure.what)
  return parsed.url
}

function open(text: string, major = 16, said: string[] = []) {
  return openScratchServer({
    source: { kind: 'url', url: urlOf(text) },
    major,
    environment: {},
    janitor,
    signal: new AbortController().signal,
    onProgress: (line) => said.push(line),
  })
}

async function databases(): Promise<readonly string[]> {
  const rows = await superuser.query<{ datname: string }>('SELECT datname FROM pg_database ORDER BY datname')
  return rows.map(({ datname }) => datname)
}

async function failureOf(work: Promise<unknown>) {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof FailureError)) throw new Error(`not a failure: ${thrown}`)
  return thrown.failure
}

describe('a scratch server that the user named', () => {
  it('gets a database for the proof and keeps nothing of it', async () => {
    const before = await databases()
    await using server = await open(lab.superuserUrl())
    expect(server).toMatchObject({ kind: 'url', major: 16, version: expect.stringMatching(/^16\.\d+$/) })
    {
      await using database = await server.createDatabase(traits)
      expect(database.name).toMatch(/^airlock_scratch_[0-9a-f]{16}$/)
      await using session = await connect(server.databaseUrl(database.name))
      await session.query('CREATE TABLE public.rows AS SELECT 1')
      expect(await databases()).toContain(database.name)
    }
    expect(await databases()).toEqual(before)
  })

  it('loses the database although somebody is still connected to it', async () => {
    await using server = await open(lab.superuserUrl())
    const database = await server.createDatabase(traits)
    await using _ = await connect(server.databaseUrl(database.name))
    await database[Symbol.asyncDispose]()
    expect(await databases()).not.toContain(database.name)
  })

  it('is freed of databases of dead runs, while those of living runs and of strangers stay', async () => {
    // A run that lives, connected to another database of the same server.
    await lab.createDatabase('elsewhere')
    await using living = await open(lab.superuserUrl('elsewhere'))
    await using used = await living.createDatabase(traits)
    // A run that is dead: its session is gone, and with it the lock.
    const gone = await connect(urlOf(lab.superuserUrl()))
    const dead = await createScratchDatabase(
      gone,
      (name) => createDatabaseSql(name, traits, 16),
      () => undefined,
    )
    await gone[Symbol.asyncDispose]()
    const strangers = 'airlock_scratch_0123456789abcdef'
    await superuser.query(`CREATE DATABASE ${strangers}`)

    const said: string[] = []
    await using _ = await open(lab.superuserUrl(), 16, said)
    expect(await databases()).not.toContain(dead.name)
    expect(await databases()).toEqual(expect.arrayContaining([used.name, strangers]))
    expect(said).toEqual([`dropped ${dead.name}, which a run that was killed left behind`])
    await superuser.query(`DROP DATABASE ${strangers}`)
  })

  it('leaves the databases of other roles to them', async () => {
    const gone = await connect(urlOf(lab.superuserUrl()))
    const dead = await createScratchDatabase(
      gone,
      (name) => createDatabaseSql(name, traits, 16),
      () => undefined,
    )
    await gone[Symbol.asyncDispose]()
    await lab.createDatabase('owned')
    await using _ = await open(lab.ownerUrl('owned'))
    expect(await databases()).toContain(dead.name)
    await superuser.query(`DROP DATABASE ${dead.name}`)
  })

  it('is refused when it is of another major version', async () => {
    const failure = await failureOf(open(lab.superuserUrl(), 17))
    expect(failure.code).toBe('SCRATCH.WRONG_MAJOR')
    expect(failure.what).toMatch(/^The database is on PostgreSQL 17, the server of AIRLOCK_SCRATCH_URL is 16\.\d+\.$/)
  })

  it('is refused when it is the server that the backup is of', async () => {
    await using server = await open(lab.superuserUrl())
    const { systemIdentifier } = server
    expect(systemIdentifier).toMatch(/^\d+$/)
    const same = openScratchServer({
      source: { kind: 'url', url: urlOf(lab.superuserUrl()) },
      major: 16,
      environment: {},
      janitor,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      sourceSystemIdentifier: systemIdentifier,
    })
    expect(await failureOf(same)).toMatchObject({ code: 'SCRATCH.SAME_SERVER' })
  })

  it('is refused when the role may not create databases', async () => {
    await superuser.query("CREATE ROLE reader LOGIN PASSWORD 'secret'")
    const url = new URL(lab.superuserUrl())
    url.username = 'reader'
    url.password = 'secret'
    expect(await failureOf(open(String(url)))).toMatchObject({
      code: 'DATABASE.NO_PRIVILEGES',
      next: ['ALTER ROLE "reader" CREATEDB;', expect.any(String)],
    })
  })

  it('tells when a database could not be dropped, and the next run drops it', async () => {
    const said: string[] = []
    const server = await open(lab.superuserUrl(), 16, said)
    const database = await server.createDatabase(traits)
    await superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'airlock scratch'",
    )
    await database[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    expect(said).toEqual([expect.stringMatching(new RegExp(`^${database.name} could not be dropped: `))])
    await using _ = await open(lab.superuserUrl(), 16, said)
    expect(await databases()).not.toContain(database.name)
  })
})

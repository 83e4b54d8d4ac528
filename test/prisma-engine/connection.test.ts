import { execFile, spawnSync } from 'node:child_process'
import { chmod, chown, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverIdentity } from '../lab/lab-folder.ts'
import { createProject, prismaMajors } from '../lab/prisma.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { tempFolder } from '../lab/temp.ts'
import { query, tables, withParameters } from './database.ts'
import { canConnect, datasource, filters, migrationList, startEngine } from './engine-process.ts'

let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

const init = 'CREATE TABLE a (id int);\n'

describe.each(prismaMajors)('Prisma %i', (prisma) => {
  it.each([
    ['a wrong password', 'P1000', (url: URL) => (url.password = 'not-the-secret')],
    ['a parameter that cannot be read', 'P1013', (url: URL) => url.searchParams.set('connect_timeout', 'soon')],
  ])('answers %s with %s and prints no secret', async (_, code, change) => {
    await using project = await createProject({ prisma, migrations: { '1_init': init } })
    const url = new URL(await server.createDatabase())
    const passwords = [url.password]
    change(url)
    passwords.push(url.password)
    const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url.href })
    expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(code) })
    for (const password of passwords) expect(ran.stdout + ran.stderr).not.toContain(password)
  })

  it('creates a database that does not exist yet', async () => {
    await using project = await createProject({ prisma, migrations: { '1_init': init } })
    const url = server.superuserUrl(`made by prisma ${prisma}`)
    expect(await project.prisma(['migrate', 'status'], { DATABASE_URL: url })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('P1003'),
    })
    expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 })
    expect(await tables(url)).toEqual(['a'])
  })

  it('works in the schema of the URL, and makes it where it is missing', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_init': init } })
    const ran = await project.prisma(['migrate', 'deploy'], {
      DATABASE_URL: withParameters(url, { schema: 'my sales' }),
    })
    expect(ran.exitCode).toBe(0)
    expect(await tables(url, 'my sales')).toEqual(['a'])
    expect(await tables(url)).toEqual([])
    expect(await query(url, 'SELECT migration_name FROM "my sales"._prisma_migrations')).toHaveLength(1)
  })
})

describe('the engine, asked without a CLI in between', () => {
  it.each([
    ['a server that is not there', 'P1001', (url: URL) => (url.port = '9')],
    ['TLS where the server has none', 'P1011', (url: URL) => url.searchParams.set('sslmode', 'require')],
  ])('answers %s with %s and prints no secret', async (_, code, change) => {
    const url = new URL(await server.createDatabase())
    change(url)
    const { exitCode, said } = await canConnect(url.href)
    expect({ exitCode, said }).toEqual({ exitCode: 1, said: expect.stringContaining(code) })
    expect(said).not.toContain(url.password)
  })

  it('gives up waiting for a lock after the time that `options` says', async () => {
    const url = await server.createDatabase()
    await query(url, 'CREATE TABLE busy (id int)')
    const patient = withParameters(url, { options: '-c lock_timeout=300ms -c application_name=patient' })
    await using engine = await startEngine(datasource(patient))
    const migrationsList = migrationList({ '0_baseline': '', '1_alter': 'ALTER TABLE busy ADD b int;' })
    await engine.call('markMigrationApplied', { migrationName: '0_baseline', migrationsList })
    const reader = new pg.Client({ connectionString: url })
    await reader.connect()
    try {
      await reader.query('BEGIN; SELECT * FROM busy')
      expect(await engine.call('applyMigrations', { migrationsList, filters })).toMatchObject({
        error: { data: { message: expect.stringContaining('Database error code: 55P03') } },
      })
    } finally {
      await reader.end()
    }
  })

  it('takes nothing from the variables that libpq reads', async () => {
    const url = await server.createDatabase()
    const sql = "DO $$ BEGIN IF current_setting('lock_timeout') <> '0' THEN RAISE 'from PGOPTIONS'; END IF; END $$;"
    const environment = {
      AIRLOCK_PRISMA_VERSION: '7.10.1',
      PGOPTIONS: '-c lock_timeout=1s',
      PGHOST: '127.0.0.9',
      PGSSLMODE: 'require',
    }
    await using engine = await startEngine(datasource(url), environment)
    expect(
      await engine.call('applyMigrations', { migrationsList: migrationList({ '1_check': sql }), filters }),
    ).toEqual(expect.objectContaining({ result: { appliedMigrationNames: ['1_check'] } }))
    const without = new URL(url)
    without.password = ''
    const PGPASSWORD = decodeURIComponent(new URL(url).password)
    expect(await canConnect(without.href, { PGPASSWORD })).toMatchObject({
      exitCode: 1,
      said: expect.stringContaining('P1000'),
    })
  })
})

describe('a server that accepts and says nothing', () => {
  it('is given up after the connect_timeout', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      const { exitCode, said } = await canConnect(
        `postgresql://user:hidden-secret@127.0.0.1:${port}/shop?connect_timeout=1`,
      )
      expect({ exitCode, said }).toEqual({ exitCode: 1, said: expect.stringContaining('P1001') })
      expect(said).not.toContain('hidden-secret')
    } finally {
      silent.close()
    }
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe.runIf(hasOpenssl)('a server with TLS', () => {
  it('is talked to in TLS, with its certificate checked where the URL asks for that', async () => {
    await using folder = await tempFolder()
    const { certificate, key } = await certificateIn(folder.path)
    await using secure = await startServer(16, {
      settings: { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key },
    })
    const url = await secure.createDatabase()
    const sql =
      "DO $$ BEGIN IF NOT (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) THEN RAISE 'plain'; END IF; END $$;"
    await using project = await createProject({ prisma: 7, migrations: { '1_tls': sql } })
    expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 })
    const connects = (parameters: Readonly<Record<string, string>>) => canConnect(withParameters(url, parameters))
    expect(await connects({ sslmode: 'require' })).toMatchObject({ exitCode: 0 })
    expect(await connects({ channel_binding: 'require' })).toMatchObject({ exitCode: 0 })
    expect(await connects({ sslaccept: 'strict', sslcert: certificate })).toMatchObject({ exitCode: 0 })
    const refused = (said: string) => ({ exitCode: 1, said: expect.stringContaining(said) })
    expect(await connects({ sslaccept: 'strict' })).toMatchObject(refused('P1011'))
    expect(await connects({ sslcert: '/nowhere/ca.pem' })).toMatchObject(refused('sslcert'))
    expect(await connects({ sslmode: 'disable', channel_binding: 'require' })).toMatchObject(refused('P1011'))
  })
})

async function certificateIn(folder: string): Promise<{ readonly certificate: string; readonly key: string }> {
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate]
  await promisify(execFile)('openssl', [...request, ...subject])
  expect(await readFile(certificate, 'utf8')).toContain('BEGIN CERTIFICATE')
  // The server reads the key as its own user, and refuses one that others may read.
  const identity = serverIdentity()
  await chmod(folder, 0o755)
  await chmod(key, 0o600)
  if (identity !== undefined) await chown(key, identity.uid, identity.gid)
  return { certificate, key }
}

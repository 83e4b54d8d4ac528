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

let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

const init = 'CREATE TABLE a (id int);\n'

describe.each(prismaMajors)('Prisma %i', (prisma) => {
  it.each([
    ['a wrong password', 'P1000', (url: URL) => (url.password = 'not-the-secret')],
    ['a server that is not there', 'P1001', (url: URL) => (url.port = '9')],
    ['TLS where the server has none', 'P1011', (url: URL) => url.searchParams.set('sslmode', 'require')],
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

  it('gives up waiting for a lock after the time that `options` says', async () => {
    const url = await server.createDatabase()
    await query(url, 'CREATE TABLE busy (id int)')
    await using project = await createProject({
      prisma,
      migrations: { '0_baseline': '', '1_alter': 'ALTER TABLE busy ADD b int;' },
    })
    await project.prisma(['migrate', 'resolve', '--applied', '0_baseline'], { DATABASE_URL: url })
    const reader = new pg.Client({ connectionString: url })
    await reader.connect()
    try {
      await reader.query('BEGIN; SELECT * FROM busy')
      const patient = withParameters(url, { options: '-c lock_timeout=300ms -c application_name=patient' })
      const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: patient })
      expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Database error code: 55P03') })
    } finally {
      await reader.end()
    }
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

  it('takes nothing from the variables that libpq reads', async () => {
    const url = await server.createDatabase()
    const sql = "DO $$ BEGIN IF current_setting('lock_timeout') <> '0' THEN RAISE 'from PGOPTIONS'; END IF; END $$;"
    await using project = await createProject({ prisma, migrations: { '1_check': sql } })
    const password = decodeURIComponent(new URL(url).password)
    const environment = {
      DATABASE_URL: url,
      PGOPTIONS: '-c lock_timeout=1s',
      PGHOST: '127.0.0.9',
      PGSSLMODE: 'require',
    }
    expect(await project.prisma(['migrate', 'deploy'], environment)).toMatchObject({ exitCode: 0 })
    const without = new URL(url)
    without.password = ''
    const ran = await project.prisma(['migrate', 'status'], { DATABASE_URL: without.href, PGPASSWORD: password })
    expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P1000') })
  })
})

describe('a server that accepts and says nothing', () => {
  it('is given up after the connect_timeout', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      await using project = await createProject({ prisma: 7, migrations: { '1_init': init } })
      const url = `postgresql://user:hidden-secret@127.0.0.1:${port}/shop?connect_timeout=1`
      const started = Date.now()
      const ran = await project.prisma(['migrate', 'status'], { DATABASE_URL: url })
      expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P1001') })
      expect(Date.now() - started).toBeLessThan(10_000)
      expect(ran.stdout + ran.stderr).not.toContain('hidden-secret')
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
    const run = (parameters: Readonly<Record<string, string>>) =>
      project.prisma(['migrate', 'deploy'], { DATABASE_URL: withParameters(url, parameters) })
    expect(await run({})).toMatchObject({ exitCode: 0 })
    expect(await run({ sslmode: 'require' })).toMatchObject({ exitCode: 0 })
    expect(await run({ channel_binding: 'require' })).toMatchObject({ exitCode: 0 })
    expect(await run({ sslaccept: 'strict' })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P1011') })
    expect(await run({ sslaccept: 'strict', sslcert: certificate })).toMatchObject({ exitCode: 0 })
    expect(await run({ sslcert: '/nowhere/ca.pem' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('sslcert'),
    })
    expect(await run({ sslmode: 'disable', channel_binding: 'require' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('P1011'),
    })
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

import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  clientConfig,
  type DatabaseUrl,
  libpqEnvironment,
  parseDatabaseUrl,
  passwordOf,
} from '../../src/postgres/url.ts'
import { serverIdentity } from '../lab/lab-folder.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'

/**
 * What each sslmode comes to with a real server: what node-postgres is told, and what libpq does with the environment
 * that it is told, have to be the same.
 */

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const hasPsql = spawnSync('psql', ['--version']).status === 0

let folder: TempFolder
let encrypted: LabServer
let plain: LabServer

beforeAll(async () => {
  if (!hasOpenssl) return
  folder = await tempFolder('airlock-tls-')
  chmodSync(folder.path, 0o755)
  makeAuthority('ca')
  makeAuthority('stranger')
  makeCertificate('server', 'DNS:localhost')
  encrypted = await startServer(17, {
    settings: {
      ssl: 'on',
      ssl_cert_file: join(folder.path, 'server.pem'),
      ssl_key_file: join(folder.path, 'server.key'),
    },
  })
  plain = await startServer(17)
})

afterAll(async () => {
  await encrypted?.[Symbol.asyncDispose]()
  await plain?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder.path, stdio: 'pipe' })
}

function makeAuthority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
  )
}

function makeCertificate(name: string, subject: string): void {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
  )
  writeFileSync(join(folder.path, `${name}.ext`), `subjectAltName=${subject}\n`)
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  )
  const identity = serverIdentity()
  chmodSync(join(folder.path, `${name}.key`), 0o600)
  if (identity !== undefined) chownSync(join(folder.path, `${name}.key`), identity.uid, identity.gid)
}

function urlTo(server: LabServer, host: string, query: string): DatabaseUrl {
  const raw =
    server.superuserUrl().replace('127.0.0.1', host) +
    query.replaceAll('CA', join(folder.path, 'ca.pem')).replaceAll('STRANGER', join(folder.path, 'stranger.pem'))
  const parsed = parseDatabaseUrl(raw, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.failure))
  return parsed.url
}

const sql = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'

async function byNode(url: DatabaseUrl): Promise<string> {
  const client = new pg.Client(clientConfig(url))
  try {
    await client.connect()
    const { rows } = await client.query<{ ssl: boolean }>(sql)
    return rows[0]?.ssl === true ? 'encrypted' : 'plain'
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : error}`
  } finally {
    await client.end()
  }
}

function byLibpq(url: DatabaseUrl): string {
  const environment = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    PGPASSWORD: passwordOf(url),
    ...libpqEnvironment(url, '/etc/ssl/certs/ca-certificates.crt'),
  }
  const { status, stdout, stderr } = spawnSync('psql', ['-XAtc', sql], { env: environment, encoding: 'utf8' })
  return status === 0 ? (stdout.trim() === 't' ? 'encrypted' : 'plain') : `refused: ${stderr}`
}

describe.runIf(hasOpenssl)('a server with a certificate for `localhost`', () => {
  const cases = [
    ['127.0.0.1', '?sslmode=disable', /^plain$/],
    ['127.0.0.1', '?sslmode=require', /^encrypted$/],
    ['127.0.0.1', '?sslmode=require&sslrootcert=CA', /^encrypted$/],
    ['127.0.0.1', '?sslmode=require&sslrootcert=STRANGER', /^refused: .*(?:certificate|self.signed)/is],
    ['127.0.0.1', '?sslmode=verify-ca&sslrootcert=CA', /^encrypted$/],
    ['127.0.0.1', '?sslmode=verify-ca&sslrootcert=STRANGER', /^refused: .*(?:certificate|self.signed)/is],
    ['127.0.0.1', '?sslmode=verify-full&sslrootcert=CA', /^refused: .*(?:IP|127\.0\.0\.1)/is],
    ['localhost', '?sslmode=verify-full&sslrootcert=CA', /^encrypted$/],
    ['localhost', '?sslmode=require&sslaccept=strict&sslcert=CA', /^encrypted$/],
    ['localhost', '?sslmode=verify-full&sslrootcert=STRANGER', /^refused: .*(?:certificate|self.signed)/is],
    ['localhost', '?sslmode=verify-full', /^refused: .*(?:certificate|self.signed)/is],
  ] as const

  test.each(cases)('answers node-postgres at %s%s with %s', async (host, query, expected) => {
    expect(await byNode(urlTo(encrypted, host, query))).toMatch(expected)
  })

  test.runIf(hasPsql).each(cases)('answers libpq at %s%s with %s', (host, query, expected) => {
    expect(byLibpq(urlTo(encrypted, host, query))).toMatch(expected)
  })
})

describe.runIf(hasOpenssl)('a server without TLS', () => {
  const cases = [
    ['', /^plain$/],
    ['?sslmode=disable', /^plain$/],
    ['?sslmode=require', /^refused: .*support SSL/is],
    ['?sslmode=verify-full', /^refused: .*support SSL/is],
  ] as const

  test.each(cases)('answers node-postgres at 127.0.0.1%s with %s', async (query, expected) => {
    expect(await byNode(urlTo(plain, '127.0.0.1', query))).toMatch(expected)
  })

  test.runIf(hasPsql).each(cases)('answers libpq at 127.0.0.1%s with %s', (query, expected) => {
    expect(byLibpq(urlTo(plain, '127.0.0.1', query))).toMatch(expected)
  })
})

import { describe, expect, test } from 'vitest'
import { networkOf } from '../../src/postgres/url/network.ts'
import {
  clientConfig,
  type DatabaseUrl,
  libpqEnvironment,
  parseDatabaseUrl,
  prismaUrl,
} from '../../src/postgres/url.ts'

function parse(raw: string) {
  const parsed = parseDatabaseUrl(raw, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.failure))
  return parsed
}

function urlOf(raw: string): DatabaseUrl {
  return parse(raw).url
}

const at = (host: string, query = '') => `postgresql://app:pw@${host}/shop${query}`

describe('a host', () => {
  test.each([
    ['localhost', 'local'],
    ['127.0.0.1', 'local'],
    ['127.8.8.8', 'local'],
    ['::1', 'local'],
    ['/var/run/postgresql', 'local'],
    ['postgres', 'local'],
    ['shop-db', 'local'],
    ['db.localhost', 'local'],
    ['host.docker.internal', 'local'],
    ['::ffff:127.0.0.1', 'local'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['192.169.1.1', 'public'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['fe80::1', 'private'],
    ['2001:db8::1', 'public'],
    ['db.acme.internal', 'private'],
    ['postgres.default.svc.cluster.local', 'private'],
    ['db.acme.dev', 'public'],
    ['localhost.acme.dev', 'public'],
    ['internal.acme.dev', 'public'],
    ['8.8.8.8', 'public'],
  ])('%s is %s', (host, network) => {
    expect(networkOf(host)).toBe(network)
  })
})

describe('TLS', () => {
  test.each([
    [at('localhost'), 'prefer'],
    [at('postgres'), 'prefer'],
    [at('localhost', '?sslmode=require'), 'require'],
    [at('localhost', '?sslmode=disable'), 'disable'],
    [at('10.0.0.5', '?sslmode=disable'), 'disable'],
    [at('10.0.0.5'), 'require'],
    [at('db.acme.dev'), 'require'],
    [at('db.acme.dev', '?sslmode=prefer'), 'require'],
    [at('db.acme.dev', '?sslmode=allow'), 'require'],
    [at('db.acme.dev', '?ssl=true'), 'require'],
    [at('db.acme.dev', '?sslmode=require'), 'require'],
    [at('db.acme.dev', '?sslmode=require&sslaccept=accept_invalid_certs'), 'require'],
    [at('db.acme.dev', '?sslmode=require&sslaccept=strict'), 'verify-full'],
    [at('db.acme.dev', '?sslaccept=strict'), 'verify-full'],
    [at('db.acme.dev', '?sslmode=require&sslrootcert=/ca.pem'), 'verify-ca'],
    [at('db.acme.dev', '?sslmode=require&sslrootcert=system'), 'verify-full'],
    [at('db.acme.dev', '?sslmode=verify-ca&sslrootcert=/ca.pem'), 'verify-ca'],
    [at('db.acme.dev', '?sslmode=verify-full'), 'verify-full'],
  ])('of %s is %s', (raw, sslmode) => {
    expect(urlOf(raw).sslmode).toBe(sslmode)
  })

  test.each([
    [at('db.acme.dev'), 'says nothing about TLS'],
    [at('db.acme.dev', '?sslmode=prefer'), 'sslmode=prefer'],
    [at('10.0.0.5', '?sslmode=disable'), 'read along'],
  ])('%s is warned about: %s', (raw, says) => {
    expect(parse(raw).warnings).toEqual([expect.stringContaining(says)])
  })

  test.each([at('localhost'), at('localhost', '?sslmode=disable'), at('db.acme.dev', '?sslmode=require')])(
    '%s is not warned about',
    (raw) => {
      expect(parse(raw).warnings).toEqual([])
    },
  )
})

describe('node-postgres is told', () => {
  const read = (path: string) => `contents of ${path}`

  test.each([
    ['disable', at('localhost', '?sslmode=disable')],
    ['prefer, on this machine only', at('localhost')],
  ])('to go without TLS for %s, and not to look into PGSSLMODE', (_name, raw) => {
    expect(clientConfig(urlOf(raw)).ssl).toBe(false)
  })

  test('for require, to encrypt and to believe any certificate', () => {
    expect(clientConfig(urlOf(at('db.acme.dev', '?sslmode=require'))).ssl).toEqual({
      rejectUnauthorized: false,
      host: 'db.acme.dev',
    })
  })

  test('for verify-ca, to check who signed the certificate and not the name', () => {
    const { ssl } = clientConfig(urlOf(at('db.acme.dev', '?sslmode=verify-ca&sslrootcert=/ca.pem')), read)
    expect(ssl).toMatchObject({ rejectUnauthorized: true, ca: 'contents of /ca.pem' })
    expect(ssl !== false && ssl.checkServerIdentity?.()).toBeUndefined()
    expect(ssl).toHaveProperty('checkServerIdentity')
  })

  test('for verify-full, to check both, with an address as well as with a name', () => {
    const { ssl } = clientConfig(urlOf(at('[2001:db9::1]', '?sslmode=verify-full')))
    expect(ssl).toEqual({ rejectUnauthorized: true, host: '2001:db9::1' })
  })

  test('the client’s own certificate and key', () => {
    const query = '?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/me.pem&sslkey=/me.key'
    expect(clientConfig(urlOf(at('db.acme.dev', query)), read).ssl).toMatchObject({
      ca: 'contents of /ca.pem',
      cert: 'contents of /me.pem',
      key: 'contents of /me.key',
    })
  })

  test('nothing where a named certificate cannot be read: the connection fails instead', () => {
    const url = urlOf(at('db.acme.dev', '?sslmode=verify-full&sslrootcert=/no/such/ca.pem'))
    expect(() => clientConfig(url)).toThrow('DATABASE.TLS: The certificate file `/no/such/ca.pem`')
  })

  test('host, credentials, options and timeout', () => {
    const url = urlOf(
      'postgresql://app:p%40w@localhost:6000/shop?options=-c%20a%3D1&connect_timeout=7&application_name=x',
    )
    expect(clientConfig(url)).toEqual({
      host: 'localhost',
      port: 6000,
      user: 'app',
      password: 'p@w',
      database: 'shop',
      ssl: false,
      options: '-c a=1',
      connectionTimeoutMillis: 7_000,
      application_name: 'x',
    })
  })
})

describe('libpq is told', () => {
  test('the target without the password, and nothing of what only Prisma knows', () => {
    const url = urlOf(
      'postgresql://app:p%40w@db.acme.dev/my%20shop?schema=s&connection_limit=1&pool_timeout=2&socket_timeout=3&statement_cache_size=0&sslmode=require&connect_timeout=9&options=-c%20a%3D1',
    )
    expect(libpqEnvironment(url)).toEqual({
      PGHOST: 'db.acme.dev',
      PGPORT: '5432',
      PGUSER: 'app',
      PGDATABASE: 'my shop',
      PGSSLMODE: 'require',
      PGCONNECT_TIMEOUT: '9',
      PGOPTIONS: '-c a=1',
    })
  })

  test.each([
    ['?sslmode=verify-full&sslrootcert=/ca.pem', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem' }],
    ['?sslmode=verify-full', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/etc/roots.pem' }],
    ['?sslmode=require&sslaccept=strict&sslcert=/ca.pem', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem' }],
    [
      '?sslmode=verify-ca&sslrootcert=/ca.pem&sslcert=/me.pem&sslkey=/me.key',
      { PGSSLCERT: '/me.pem', PGSSLKEY: '/me.key' },
    ],
  ])('which certificates count: %s', (query, expected) => {
    expect(libpqEnvironment(urlOf(at('db.acme.dev', query)), '/etc/roots.pem')).toMatchObject(expected)
  })

  test('no root certificate where Prisma’s `sslcert` is not checked', () => {
    const environment = libpqEnvironment(urlOf(at('db.acme.dev', '?sslmode=require&sslcert=/ca.pem')))
    expect(environment).not.toHaveProperty('PGSSLROOTCERT')
    expect(environment).not.toHaveProperty('PGSSLCERT')
  })

  test('the folder of a socket', () => {
    expect(libpqEnvironment(urlOf(at('localhost', '?host=/tmp/pg')))).toMatchObject({ PGHOST: '/tmp/pg' })
  })
})

describe('Prisma is told', () => {
  test.each([
    [at('localhost'), 'postgresql://app:pw@localhost:5432/shop?sslmode=prefer'],
    [at('db.acme.dev'), 'postgresql://app:pw@db.acme.dev:5432/shop?sslmode=require'],
    [
      at('db.acme.dev', '?sslmode=verify-full'),
      'postgresql://app:pw@db.acme.dev:5432/shop?sslmode=require&sslaccept=strict',
    ],
    [
      at('db.acme.dev', '?schema=s&sslmode=verify-ca&sslrootcert=/ca.pem'),
      'postgresql://app:pw@db.acme.dev:5432/shop?schema=s&sslrootcert=/ca.pem&sslmode=require&sslaccept=strict&sslcert=/ca.pem',
    ],
    [at('localhost', '?host=/tmp/pg'), 'postgresql://app:pw@localhost:5432/shop?sslmode=disable&host=/tmp/pg'],
    [at('[::1]:5433'), 'postgresql://app:pw@[::1]:5433/shop?sslmode=prefer'],
  ])('%s as %s', (raw, expected) => {
    expect(prismaUrl(urlOf(raw))).toBe(expected)
  })

  test('settings of the server after those in the URL, so that they win', () => {
    const url = urlOf('postgresql://a%40b:p%2Fw@localhost/shop?options=-c%20lock_timeout%3D9s&schema=s')
    const given = new URL(prismaUrl(url, { lock_timeout: '2s', application_name: 'a b\\c' }))
    expect(given.searchParams.get('options')).toBe(
      '-c lock_timeout=9s -c lock_timeout=2s -c application_name=a\\ b\\\\c',
    )
    expect(given.searchParams.get('schema')).toBe('s')
    expect(given.password).toBe('p%2Fw')
    expect(given.username).toBe('a%40b')
  })

  test('spaces as %20, which every reader of URLs understands', () => {
    expect(prismaUrl(urlOf(at('localhost')), { lock_timeout: '2s' })).toContain('options=-c%20lock_timeout%3D2s')
  })

  test('the secrets of its parameters too, which no printed form shows', () => {
    const url = urlOf(at('localhost', '?sslidentity=me.p12&sslpassword=hush'))
    expect(prismaUrl(url)).toContain('sslpassword=hush')
    expect(String(url)).not.toContain('hush')
  })
})

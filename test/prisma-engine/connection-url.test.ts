import { describe, expect, it } from 'vitest'
import { readConnectionUrl } from '../../src/prisma-engine/connection-url.ts'

const read = (query: string) => readConnectionUrl(`postgresql://user:secret@db.example:6432/shop${query}`)

describe('readConnectionUrl', () => {
  it('reads the parts and decodes them', () => {
    expect(readConnectionUrl('postgres://app%40eu:p%40ss%2Fw%C3%B6rd@db.example:6432/my%20shop')).toMatchObject({
      host: 'db.example',
      port: 6432,
      user: 'app@eu',
      password: 'p@ss/wörd',
      database: 'my shop',
    })
  })

  it('has the defaults of the native engine', () => {
    expect(readConnectionUrl('postgresql://user@db.example')).toEqual({
      host: 'db.example',
      port: 5432,
      user: 'user',
      password: '',
      database: 'postgres',
      schema: undefined,
      options: undefined,
      applicationName: undefined,
      connectTimeoutMs: 5_000,
      socketTimeoutMs: undefined,
      tls: {
        mode: 'prefer',
        verify: false,
        rootCertificate: undefined,
        identity: undefined,
        identityPassword: undefined,
      },
      channelBinding: 'prefer',
    })
  })

  it('takes the host from its parameter, a socket folder too, and IPv6 addresses without brackets', () => {
    expect(read('?host=/var/run/postgresql').host).toBe('/var/run/postgresql')
    expect(readConnectionUrl('postgresql:///shop?host=/tmp').host).toBe('/tmp')
    expect(readConnectionUrl('postgresql://user@[::1]:5433/shop').host).toBe('::1')
    expect(readConnectionUrl('postgresql:///shop').host).toBe('localhost')
  })

  it('reads the parameters that reach the server', () => {
    expect(read('?schema=sales&options=-c%20lock_timeout%3D2s&application_name=deploy')).toMatchObject({
      schema: 'sales',
      options: '-c lock_timeout=2s',
      applicationName: 'deploy',
    })
  })

  it('reads timeouts in seconds, and a connect timeout of zero as none', () => {
    expect(read('?connect_timeout=3&socket_timeout=7')).toMatchObject({
      connectTimeoutMs: 3_000,
      socketTimeoutMs: 7_000,
    })
    expect(read('?connect_timeout=0').connectTimeoutMs).toBeUndefined()
  })

  it('reads the TLS parameters, and what it does not know as `prefer`', () => {
    expect(read('?sslmode=require&sslaccept=strict&sslcert=./ca.pem').tls).toMatchObject({
      mode: 'require',
      verify: true,
      rootCertificate: './ca.pem',
    })
    expect(read('?sslmode=disable').tls.mode).toBe('disable')
    expect(read('?sslmode=verify-full').tls.mode).toBe('prefer')
    expect(read('?sslaccept=accept_invalid_certs').tls.verify).toBe(false)
    expect(read('?channel_binding=require').channelBinding).toBe('require')
  })

  it('ignores what concerns pools and statement caches', () => {
    expect(read('?connection_limit=1&pool_timeout=0&pgbouncer=true&statement_cache_size=0')).toEqual(read(''))
  })

  it.each([
    ['no URL at all', 'secret'],
    ['another database', 'mysql://user:secret@db.example/shop'],
    ['a proxy of Prisma', 'prisma+postgres://accelerate.example/?api_key=secret'],
    ['a timeout that is no number', 'postgresql://user:secret@db.example/shop?connect_timeout=soon'],
  ])('refuses %s with P1013 and without printing it', (_, url) => {
    expect(() => readConnectionUrl(url)).toThrow(expect.objectContaining({ code: 'P1013' }))
    expect(() => readConnectionUrl(url)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})

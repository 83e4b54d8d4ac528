import { afterEach, expect, it, vi } from 'vitest'
import { parseDatabaseUrl, prismaUrl } from '../../src/postgres/url.ts'
import { readConnectionUrl } from '../../src/prisma-engine/connection-url.ts'
import { passwordVariable, withheldPassword } from '../../src/prisma-engine/withheld-password.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

function withheldUrl(raw: string): string {
  const parsed = parseDatabaseUrl(raw, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  return prismaUrl(parsed.url, { lock_timeout: '2000ms' }, withheldPassword)
}

it('a URL for Prisma carries the stand-in and nothing of the password', () => {
  const url = withheldUrl('postgresql://app:S3cr%2Fet@127.0.0.1/shop')
  expect(url).toContain(`//app:${withheldPassword}@`)
  expect(url).not.toMatch(/S3cr/)
})

it('the engine puts the real password in its place, whatever characters it has', () => {
  vi.stubEnv(passwordVariable, 'S3cr/et %"$&')
  expect(readConnectionUrl(withheldUrl('postgresql://app:x@127.0.0.1/shop')).password).toBe('S3cr/et %"$&')
})

it('any other password is the password, also when the variable is set', () => {
  vi.stubEnv(passwordVariable, 'other')
  expect(readConnectionUrl('postgresql://app:own@127.0.0.1/shop').password).toBe('own')
})

it('a URL without a password stays without one', () => {
  vi.stubEnv(passwordVariable, '')
  expect(readConnectionUrl(withheldUrl('postgresql://app@127.0.0.1/shop')).password).toBe('')
})

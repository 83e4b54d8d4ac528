import { expect, test } from 'vitest'
import { parseDatabaseUrl, passwordOf, prismaUrl } from '../../src/postgres/url.ts'

const characters = [...'abcXYZ019-_.~!$&\'()*+,;=:@/?#%[] "<>\\^`{}|é🐎\n\t']

/** The same passwords in every run (Mulberry32). */
function passwords(count: number): readonly string[] {
  let state = 20_260_101
  const next = (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  return Array.from({ length: count }, () =>
    Array.from({ length: 6 + next(14) }, () => characters[next(characters.length)] ?? '').join(''),
  )
}

const around = (password: string) => `postgresql://app:${password}@db.acme.dev:5432/shop?schema=s&sslmode=require`

test('any password survives being encoded, also on its way to Prisma', () => {
  for (const password of passwords(5_000)) {
    const parsed = parseDatabaseUrl(around(encodeURIComponent(password)), 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(`${JSON.stringify(password)}: ${parsed.failure.code}`)
    expect(passwordOf(parsed.url)).toBe(password)
    expect(decodeURIComponent(new URL(prismaUrl(parsed.url)).password)).toBe(password)
  }
})

test('any password that is not encoded is read as it is or refused, never read as something else, never repeated', () => {
  for (const password of passwords(5_000)) {
    const parsed = parseDatabaseUrl(around(password), 'DATABASE_URL')
    if (parsed.kind === 'ok') {
      expect(parsed.url).toMatchObject({ host: 'db.acme.dev', database: 'shop', user: 'app' })
      expect(passwordOf(parsed.url)).toBe(decodeURIComponent(password))
      continue
    }
    expect(['URL.UNESCAPED', 'URL.UNEXPANDED']).toContain(parsed.failure.code)
    const said = JSON.stringify(parsed.failure)
    for (const piece of password.match(/[a-zA-Z0-9]{5,}/g) ?? []) expect(said).not.toContain(piece)
  }
})

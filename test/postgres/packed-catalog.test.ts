import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differenceOf, fingerprintOf, readCatalog } from '../../src/postgres/catalog.ts'
import { connect, type OpenSession } from '../../src/postgres/connection.ts'
import { differenceSince, packCatalog } from '../../src/postgres/packed-catalog.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import { type LabServer, startServer } from '../lab/server.ts'

function tableOf(name: string, columns: number): string {
  return `CREATE TABLE public.${name} (${Array.from({ length: columns }, (_, index) => `column${index} int`).join()})`
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe.each([14, 18] as const)('the catalog in pieces, of PostgreSQL %i', (major) => {
  let server: LabServer
  let session: OpenSession

  beforeAll(async () => {
    server = await startServer(major)
    await server.createDatabase('pieces')
    const parsed = parseDatabaseUrl(server.superuserUrl('pieces'), 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    session = await connect(parsed.url)
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('of a database without a line has the fingerprint of nothing, and nothing is different', async () => {
    await session.query('DROP SCHEMA public; DROP EXTENSION plpgsql')
    const packed = await packCatalog(session)
    expect(packed).toEqual({ fingerprint: sha256(''), pieces: [] })
    expect(await differenceSince(packed, session)).toEqual({ added: [], removed: [] })
    await session.query('CREATE SCHEMA public')
    expect(await differenceSince(packed, session)).toEqual({ added: ['schema public'], removed: [] })
    await session.query('CREATE EXTENSION plpgsql')
  })

  test('says what the whole says: its fingerprint, and every difference of many pieces', async () => {
    await session.query(`CREATE SCHEMA "zwölf 🐘"; CREATE TABLE "zwölf 🐘"."ﬀ" (a int, "🐘" int, "￼" int);
      CREATE VIEW "zwölf 🐘".v AS SELECT 1 AS one UNION SELECT 2`)
    for (const table of ['a', 'k', 'z']) await session.query(tableOf(table, 1_500))
    const whole = await readCatalog(session)
    const packed = await packCatalog(session)
    expect(whole.lines.length).toBeGreaterThan(2 * 2_000)
    expect(packed.pieces).toHaveLength(3)
    expect(packed.fingerprint).toBe(fingerprintOf(whole, sha256))
    expect(await differenceSince(packed, session)).toEqual({ added: [], removed: [] })

    await session.query(`DROP TABLE public.a; ALTER TABLE public.k RENAME column700 TO "OTHER"; DROP TABLE "zwölf 🐘"."ﬀ";
      ALTER TABLE public.z ALTER column1 SET NOT NULL; ALTER TABLE public.z RENAME TO "Z";
      CREATE OR REPLACE VIEW "zwölf 🐘".v AS SELECT 1 AS one UNION SELECT 3`)
    await session.query(tableOf('b', 1_590))
    const difference = await differenceSince(packed, session)
    expect(difference).toEqual(differenceOf(whole, await readCatalog(session)))
    expect(difference.removed.some((line) => line.startsWith('view') && line.includes('\n'))).toBe(true)
  })

  test('leaves the session as it was, also where it could not be read', async () => {
    const parsed = parseDatabaseUrl(server.superuserUrl(), 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    await using other = await connect(parsed.url)
    await other.query('SET statement_timeout = 1; CREATE TABLE public.some (id int PRIMARY KEY)').catch(() => undefined)
    await expect(
      packCatalog({ query: (text) => other.query(text.replace('SELECT line FROM lines', 'SELECT 1/0')) }),
    ).rejects.toThrow()
    await other.query('SET statement_timeout = 0; CREATE TABLE public.another (id int)')
    expect((await packCatalog(other)).pieces).toHaveLength(1)
  })
})

import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PrismaMajor } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { hold } from './held-session.ts'
import { until } from './processes.ts'
import { openScene, type Scene } from './scene.ts'
import { openShop, type Policy, pendingName, type Shop, shopProject } from './shop.ts'

/** The application does not wait for a migration longer than it was promised, whatever the migration does. */

let scene: Scene
let shop: Shop
beforeAll(async () => {
  scene = await openScene()
  shop = await openShop(17)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

interface Begun extends AsyncDisposable {
  readonly url: string
  readonly ended: ReturnType<Scene['run']>
  /** Waits until the server has such a row. */
  sees(what: string): Promise<void>
}

async function begin(
  sql: string,
  prisma: PrismaMajor,
  { later = {}, ...policy }: Policy & { readonly later?: Readonly<Record<string, string>> },
): Promise<Begun> {
  const database = await shop.copy()
  const url = shop.server.superuserUrl(database)
  await query(shop.server.ownerUrl(database), 'CREATE TABLE old (id INT)')
  const project = await shopProject(sql, policy, prisma)
  for (const [name, text] of Object.entries(later)) await project.addMigration(name, text)
  const ended = scene.run(['deploy', '--prisma-engine', 'wasm', '--format', 'json'], {
    cwd: await realpath(project.path),
    databaseUrl: shop.server.ownerUrl(database),
  })
  return {
    url,
    ended,
    sees: (what) => until(what, async () => (await query(url, `SELECT FROM ${what} LIMIT 1`)).length > 0),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

/** How long a query of the application takes; it must not fail. */
async function applicationMs(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'the application' })
  await client.connect()
  try {
    const startedAt = performance.now()
    await client.query(sql)
    return performance.now() - startedAt
  } finally {
    await client.end()
  }
}

const sleeping = `pg_stat_activity WHERE wait_event = 'PgSleep' AND application_name LIKE 'airlock-apply-%'`
const worksFor = (seconds: number) => `BEGIN;\nLOCK TABLE "User";\nSELECT pg_sleep(${seconds});\nCOMMIT;\n`

test.each([6, 7] as const)(
  'Prisma %i: a migration that works under its lock gives way, is taken back and not repeated',
  async (prisma) => {
    await using deploy = await begin(worksFor(60), prisma, { lockTimeout: '700ms', attempts: 10 })
    await deploy.sees(sleeping)
    expect(await applicationMs(deploy.url, 'SELECT FROM "User"')).toBeLessThan(1_700)
    const { exitCode, result, stderr } = await deploy.ended
    expect({ exitCode, reasonCode: result.reasonCode }).toEqual({
      exitCode: 4,
      reasonCode: 'rolled_back_by_postgresql',
    })
    expect(result.reason).toMatch(/Airlock cancelled it: a session of the application waited for it/)
    expect(result.next).toContain('queue: { while-holding: allow }')
    expect(result.stages.find(({ name }) => name === 'apply')?.detail).toMatchObject({ attempts: 1 })
    expect(stderr).toContain(`${pendingName} was cancelled: a session of the application waited for it`)
  },
)

test('where the policy lets the application wait, it waits', async () => {
  await using deploy = await begin(worksFor(3), 7, { lockTimeout: '300ms', more: 'queue: { while-holding: allow }' })
  await deploy.sees(sleeping)
  expect(await applicationMs(deploy.url, 'SELECT FROM "User"')).toBeGreaterThan(1_500)
  expect((await deploy.ended).result.outcome).toBe('applied')
})

test('a migration that holds one lock while it waits for another gives way and is tried again', async () => {
  await using deploy = await begin('BEGIN;\nLOCK TABLE "User";\nSELECT pg_sleep(0.5);\nLOCK TABLE old;\nCOMMIT;\n', 7, {
    lockTimeout: '20s',
    attempts: 10,
    more: 'queue: { longest: 500ms }',
  })
  await deploy.sees(sleeping)
  {
    await using _reader = await hold(deploy.url, 'BEGIN; SELECT FROM old')
    expect(await applicationMs(deploy.url, 'SELECT FROM "User"')).toBeLessThan(2_500)
  }
  const { result, stderr } = await deploy.ended
  expect(result.outcome).toBe('applied')
  expect(result.stages.find(({ name }) => name === 'apply')?.detail).toMatchObject({ attempts: 2 })
  expect(stderr).toMatch(/waits \d+ ms for process \d+ \(somebody else\); 1 session waits behind it/)
})

test('an index that is built CONCURRENTLY waits for an old transaction beyond the lock timeout, and what follows it does not', async () => {
  await using deploy = await begin('CREATE INDEX CONCURRENTLY "User_email" ON "User" (email);\n', 7, {
    lockTimeout: '400ms',
    later: { '20240103000000_later': 'ALTER TABLE "User" ADD COLUMN name TEXT;\n' },
  })
  {
    await using _writer = await hold(deploy.url, 'BEGIN; UPDATE "User" SET email = email')
    await deploy.sees(`pg_stat_progress_create_index WHERE phase LIKE 'waiting%'`)
    expect(await applicationMs(deploy.url, 'SELECT FROM "User"')).toBeLessThan(400)
    await sleep(1_500)
  }
  // It is valid, and nothing had to be tried again, unless the next one met somebody.
  const { result, stderr } = await deploy.ended
  expect(result.applied).toEqual([pendingName, '20240103000000_later'])
  expect(
    await query(deploy.url, `SELECT FROM pg_index WHERE indexrelid = '"User_email"'::regclass AND indisvalid`),
  ).toHaveLength(1)
  expect(stderr).toMatch(/CREATE INDEX CONCURRENTLY: waiting for writers before build/)
  expect(stderr).toContain('migration 1 of 2: 20240102000000_name')
})

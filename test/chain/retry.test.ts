import { realpath } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PrismaMajor, prismaMajors } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { hold } from './held-session.ts'
import { until } from './processes.ts'
import { openScene, type Scene, type SceneRun } from './scene.ts'
import { additive, openShop, pendingName, type Shop, shopProject } from './shop.ts'

/** What another moment cures is tried again by itself, and only where nothing of it is in force. */

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

const inOne = (...statements: readonly string[]) => `BEGIN;\n${statements.join('\n')}\nCOMMIT;\n`
const mark = `UPDATE "User" SET email = email || '!';`

interface Play {
  readonly sql: string
  readonly prisma: PrismaMajor
  readonly lockTimeout?: string
  readonly attempts?: number
  /** More of the environment in airlock.yml. */
  readonly policy?: string
  readonly more?: Readonly<Record<string, string>>
  /** While it runs. `sees` waits until a query gives a row. */
  readonly meanwhile: (database: string, sees: (what: string) => Promise<void>) => Promise<void>
}

async function play({ sql, prisma, meanwhile, more = {}, policy, lockTimeout, attempts = 10 }: Play) {
  const database = await shop.copy()
  const superuserUrl = shop.server.superuserUrl(database)
  await query(shop.server.ownerUrl(database), 'CREATE TABLE old (id INT)')
  await using project = await shopProject(
    sql,
    {
      attempts,
      ...(lockTimeout === undefined ? {} : { lockTimeout }),
      ...(policy === undefined ? {} : { more: policy }),
    },
    prisma,
  )
  for (const [name, text] of Object.entries(more)) await project.addMigration(name, text)
  const args = ['deploy', '--prisma-engine', 'wasm', '--format', 'json']
  const options = { cwd: await realpath(project.path), databaseUrl: shop.server.ownerUrl(database) }
  const sees = (what: string) =>
    until(what, async () => (await query(superuserUrl, `SELECT FROM ${what} LIMIT 1`)).length > 0)
  const [run] = await Promise.all([scene.run(args, options), meanwhile(superuserUrl, sees)])
  return {
    run,
    rows: (from: string) => query<Record<string, unknown>>(superuserUrl, `SELECT * FROM ${from}`),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

function attemptsOf({ result }: SceneRun): { readonly attempts?: number; readonly again?: readonly unknown[] } {
  return result.stages.find(({ name }) => name === 'apply')?.detail ?? {}
}

const gaveUp = `_prisma_migrations WHERE logs LIKE '%55P03%'`

describe.each(prismaMajors)('Prisma %i', (prisma) => {
  test('a lock that is free at the next attempt: it is applied once, and the result says how often it was tried', async () => {
    const { run, rows } = await play({
      sql: additive,
      prisma,
      lockTimeout: '300ms',
      async meanwhile(url, sees) {
        await using _reader = await hold(url, 'BEGIN; SELECT FROM "User"')
        await sees(gaveUp)
      },
    })
    expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied', applied: [pendingName] } })
    const { attempts, again } = attemptsOf(run)
    expect(attempts).toBeGreaterThan(1)
    expect(again).toContainEqual({
      migration: pendingName,
      because: 'a lock was not free in time',
      afterMs: expect.any(Number),
    })
    expect(run.stderr).toMatch(/20240102000000_name: a lock was not free in time\. .*attempt 2 of 10 in \d/)
    expect(await rows('_prisma_migrations WHERE rolled_back_at IS NOT NULL')).toHaveLength((attempts ?? 0) - 1)
  })
})

test('a deadlock', async () => {
  const { run, rows } = await play({
    sql: inOne(mark, 'SELECT pg_sleep(2);', 'LOCK TABLE old;'),
    prisma: 6,
    lockTimeout: '10s',
    async meanwhile(url, sees) {
      await sees(`pg_stat_activity WHERE wait_event = 'PgSleep'`)
      // So that it is ours that finds out.
      await using other = await hold(url, "SET deadlock_timeout = '60s'; BEGIN; LOCK TABLE old")
      await other.query('LOCK TABLE "User"')
    },
  })
  expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied' } })
  expect(attemptsOf(run)).toMatchObject({ attempts: 2, again: [{ because: expect.stringMatching(/each other/) }] })
  expect(await rows('"User"')).toMatchObject([{ email: 'ada@shop.test!' }])
})

test('a serialization failure', async () => {
  const { run, rows } = await play({
    sql: `BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM "User";\nSELECT pg_sleep(1);\n${mark}\nCOMMIT;\n`,
    prisma: 7,
    async meanwhile(url, sees) {
      await sees(`pg_stat_activity WHERE wait_event = 'PgSleep'`)
      await query(url, `UPDATE "User" SET email = 'eve@shop.test'`)
    },
  })
  expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied' } })
  expect(attemptsOf(run)).toMatchObject({ attempts: 2 })
  expect(await rows('"User"')).toMatchObject([{ email: 'eve@shop.test!' }])
})

test('what is applied before it stands and is not applied again', async () => {
  const later = '20240103000000_later'
  const { run, rows } = await play({
    sql: mark,
    prisma: 6,
    lockTimeout: '300ms',
    more: { [later]: additive },
    async meanwhile(url, sees) {
      // Lets rows be changed, and no column added.
      await using _writer = await hold(url, 'BEGIN; LOCK "User" IN ROW EXCLUSIVE MODE')
      await sees(gaveUp)
    },
  })
  expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied', applied: [pendingName, later] } })
  expect(await rows('"User"')).toMatchObject([{ email: 'ada@shop.test!', name: null }])
})

test('a file of several statements is tried again where its first one would show and does not', async () => {
  const { run } = await play({
    sql: `${additive}ALTER TABLE "User" ADD COLUMN "city" TEXT;\n`,
    prisma: 7,
    lockTimeout: '300ms',
    async meanwhile(url, sees) {
      await using _reader = await hold(url, 'BEGIN; SELECT FROM "User"')
      await sees(gaveUp)
    },
  })
  expect(run.result).toMatchObject({ outcome: 'applied', migrations: [{ atomic: false }] })
})

test('and left as it is where rows may have been changed', async () => {
  const { run, rows } = await play({
    sql: `${mark}\n${additive}`,
    prisma: 7,
    lockTimeout: '300ms',
    async meanwhile(url, sees) {
      await using _writer = await hold(url, 'BEGIN; LOCK "User" IN ROW EXCLUSIVE MODE')
      await sees(`${gaveUp} AND rolled_back_at IS NULL`)
      await until(
        'it ended',
        async () =>
          (await query(url, "SELECT FROM pg_stat_activity WHERE application_name LIKE 'airlock%'")).length === 0,
      )
    },
  })
  expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', failed: [pendingName] } })
  expect(attemptsOf(run)).toEqual({ attempts: 1, again: [] })
  expect(await rows('"User"')).toMatchObject([{ email: 'ada@shop.test!' }])
})

test('the attempts end: it is taken back and the next deploy is not blocked', async () => {
  const { run, rows } = await play({
    sql: additive,
    prisma: 7,
    lockTimeout: '100ms',
    attempts: 2,
    async meanwhile(url, sees) {
      await using _reader = await hold(url, 'BEGIN; SELECT FROM "User"')
      await sees(`(SELECT count(*) FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL) c WHERE count = 2`)
    },
  })
  expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', reasonCode: 'rolled_back_by_postgresql' } })
  expect(attemptsOf(run)).toMatchObject({ attempts: 2 })
  expect(run.stderr).toContain('is not tried again: 2 of 2 attempts are made')
  expect(await rows('_prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')).toEqual([])
})

test('a cancel while it waits for the next attempt leaves nothing to clean up', async () => {
  let pid = 0
  const database = await shop.copy()
  const url = shop.server.superuserUrl(database)
  await using project = await shopProject(additive, { attempts: 10, lockTimeout: '100ms' }, 7)
  await using _reader = await hold(url, 'BEGIN; SELECT FROM "User"')
  const ended = scene.run(['deploy', '--prisma-engine', 'wasm', '--format', 'json'], {
    cwd: await realpath(project.path),
    databaseUrl: shop.server.ownerUrl(database),
    onStart: (started) => {
      pid = started
    },
  })
  await until(
    'an attempt is taken back',
    async () => (await query(url, 'SELECT FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL')).length > 0,
  )
  process.kill(pid, 'SIGINT')
  const run = await ended
  expect(run.result.outcome).toMatch(/failed|recovered/)
  expect(
    await query(url, 'SELECT FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL'),
  ).toEqual([])
  expect(run.left).toEqual([])
})

test.each(prismaMajors)(
  'Prisma %i, an index that was not finished CONCURRENTLY is dropped, and built again',
  async (prisma) => {
    const { run, rows } = await play({
      sql: 'CREATE INDEX CONCURRENTLY "User_email" ON "User" (email);\n',
      prisma,
      lockTimeout: '300ms',
      policy: 'blocker-wait: 300ms',
      async meanwhile(url, sees) {
        await using _writer = await hold(url, 'BEGIN; UPDATE "User" SET email = email')
        await sees(gaveUp)
      },
    })
    expect(run.result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
    expect(attemptsOf(run)).toMatchObject({ again: [{ because: 'a lock was not free in time' }] })
    expect(run.stderr).toContain('DROP INDEX CONCURRENTLY public."User_email";')
    expect(await rows(`pg_index WHERE indexrelid = '"User_email"'::regclass AND indisvalid`)).toHaveLength(1)
  },
)

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { hold } from './held-session.ts'
import { until } from './processes.ts'
import { openScene, type Scene, type SceneRun } from './scene.ts'
import { additive, initName, openShop, pendingName, type Shop, shopProject } from './shop.ts'

let scene: Scene
let shop: Shop

beforeAll(async () => {
  scene = await openScene()
  shop = await openShop(16)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

const deploy = ['deploy', '--prisma-engine', 'wasm', '--format', 'json']
const plan = ['plan', '--format', 'json']

async function count(database: string, sql: string): Promise<number> {
  const [row] = await query<{ count: string }>(shop.server.superuserUrl(database), `SELECT count(*) FROM ${sql}`)
  return Number(row?.count)
}

function runIn(project: LabProject, database: string, args: readonly string[], env = {}): Promise<SceneRun> {
  return scene.run(args, { cwd: project.path, databaseUrl: shop.server.ownerUrl(database), env })
}

test('of eight deploys that start together one applies, and seven find nothing to do', async () => {
  const database = await shop.copy()
  await using project = await shopProject(`BEGIN;\n${additive}SELECT pg_sleep(2);\nCOMMIT;\n`)
  const runs = await Promise.all(Array.from({ length: 8 }, () => runIn(project, database, deploy)))
  expect(runs.map(({ result }) => result.outcome).sort()).toEqual(['applied', ...Array(7).fill('nothing-pending')])
  expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0))
  expect(await count(database, `_prisma_migrations WHERE migration_name = '${pendingName}'`)).toBe(1)
})

test('a deploy that waits longer than lock-wait for another one says who holds the lock', async () => {
  const database = await shop.copy()
  await using project = await shopProject(additive)
  await project.writeFile('airlock.yml', 'version: 1\nenvironments: { production: { lock-wait: 1s } }\n')
  await using _other = await hold(shop.server.ownerUrl(database), 'SELECT pg_advisory_lock(4702394921427289)')
  const run = await runIn(project, database, deploy)
  expect(run).toMatchObject({ exitCode: 2, result: { failure: { code: 'DEPLOY.LOCKED' } } })
  expect(run.result.failure?.why).toMatch(/process \d+ \(somebody else from 127\.0\.0\.1, connected since 20/)
  expect(await count(database, '_prisma_migrations')).toBe(1)
})

test('a plan of another file, another schema or another policy is not the one that was approved', async () => {
  const database = await shop.copy()
  await using project = await shopProject('ALTER TABLE "User" DROP COLUMN "email";\n')
  await project.writeFile('airlock.yml', 'version: 1\n')
  const planned = (await runIn(project, database, plan)).result
  expect(planned).toMatchObject({ outcome: 'needs-approval', reasonCode: 'approval_missing' })
  const approved = [...deploy, '--approve', planned.digest ?? '']
  const expectRefused = async (what: string) => {
    const run = await runIn(project, database, approved)
    expect({ what, exitCode: run.exitCode, reasonCode: run.result.reasonCode, applied: run.result.applied }).toEqual({
      what,
      exitCode: 3,
      reasonCode: 'approval_of_another_plan',
      applied: [],
    })
    expect(run.result.digest).not.toBe(planned.digest)
    expect(await count(database, '_prisma_migrations')).toBe(1)
  }
  await project.addMigration(pendingName, 'ALTER TABLE "User" DROP COLUMN "email";\nDROP TABLE "User";\n')
  await expectRefused('the file was edited')
  await project.addMigration(pendingName, 'ALTER TABLE "User" DROP COLUMN "email";\n')
  await query(shop.server.superuserUrl(database), 'ALTER TABLE "User" ADD COLUMN "fax" TEXT')
  await expectRefused('the schema was changed by hand')
  await query(shop.server.superuserUrl(database), 'ALTER TABLE "User" DROP COLUMN "fax"')
  await project.writeFile('airlock.yml', 'version: 1\nenvironments: { production: { lock-timeout: 30s } }\n')
  await expectRefused('the policy was changed')
  await project.writeFile('airlock.yml', 'version: 1\n')
  expect((await runIn(project, database, approved)).result).toMatchObject({
    outcome: 'applied',
    applied: [pendingName],
  })
})

/** What changes while the deploy waits for the lock, which it passed the gate without. */
test.each([
  [
    'a migration file that is edited',
    async (project: LabProject) => project.addMigration(pendingName, `${additive}-- and more\n`),
  ],
  [
    'a schema that is changed by hand',
    async (_project: LabProject, url: string) => void (await query(url, 'ALTER TABLE "User" ADD COLUMN "fax" TEXT')),
  ],
  [
    'another migration that appears',
    async (project: LabProject) => project.addMigration('20240103000000_late', 'CREATE TABLE "Late" (id INT);\n'),
  ],
])('%s between plan and apply stops the deploy', async (_title, change) => {
  const database = await shop.copy()
  const url = shop.server.superuserUrl(database)
  await using project = await shopProject(additive)
  const other = await hold(shop.server.ownerUrl(database), 'SELECT pg_advisory_lock(4702394921427289)')
  const running = runIn(project, database, deploy)
  const waiting = `pg_stat_activity WHERE datname = '${database}' AND application_name = 'airlock' AND query ~ 'pg_try_advisory_lock|pg_locks'`
  await until('the deploy waits', async () => (await count(database, waiting)) > 0)
  await change(project, url)
  await other[Symbol.asyncDispose]()
  const run = await running
  expect({ exitCode: run.exitCode, reasonCode: run.result.reasonCode }).toEqual({
    exitCode: 3,
    reasonCode: 'plan_changed',
  })
  expect(run.result.next).toContain('airlock plan')
  expect(await count(database, '_prisma_migrations')).toBe(1)
})

test('a migration that is edited after the backup, right before it is applied, is refused as well', async () => {
  const database = await shop.copy()
  const url = shop.server.superuserUrl(database)
  await query(url, 'CREATE TABLE "Archive" (id INT); ALTER TABLE "Archive" OWNER TO app_owner')
  await using project = await shopProject(additive, { backup: 'pg_dump', lockTimeout: '30s' })
  const reader = await hold(url, 'BEGIN; LOCK "Archive" IN ACCESS EXCLUSIVE MODE')
  const running = runIn(project, database, deploy)
  await until(
    'pg_dump waits',
    async () =>
      (await count(
        database,
        `pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'`,
      )) > 0,
  )
  await project.addMigration(pendingName, 'DROP TABLE "User";\n')
  await reader[Symbol.asyncDispose]()
  expect((await running).result).toMatchObject({ outcome: 'refused', reasonCode: 'plan_changed', applied: [] })
  expect(await count(database, '"User"')).toBe(1)
})

test.each([6, 7] as const)(
  'a long reader: Prisma %i gives up after lock-timeout, readers are not held up, the history is clean',
  async (prisma) => {
    const database = await shop.copy()
    const url = shop.server.superuserUrl(database)
    const lockTimeoutMs = 1_000
    await using project = await shopProject(additive, { lockTimeout: `${lockTimeoutMs}ms` }, prisma)
    const reader = await hold(url, 'BEGIN; SELECT * FROM "User"')
    const readers = readAgainAndAgain(url)
    const run = await runIn(project, database, deploy)
    const slowestMs = await readers.stop()
    expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', applied: [] } })
    expect(run.result.reason).toContain('lock timeout')
    // It was in the way at all, and never for longer than it may.
    expect(slowestMs).toBeGreaterThan(lockTimeoutMs / 2)
    expect(slowestMs).toBeLessThan(lockTimeoutMs + 1_000)
    expect(await count(database, '_prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')).toBe(0)
    await reader[Symbol.asyncDispose]()
    expect((await runIn(project, database, deploy)).result).toMatchObject({
      outcome: 'applied',
      applied: [pendingName],
    })
  },
)

/** An application that reads the table all the time. */
function readAgainAndAgain(url: string): { readonly stop: () => Promise<number> } {
  let stopped = false
  const reading = (async () => {
    await using session = await hold(url, 'SELECT 1')
    let slowestMs = 0
    while (!stopped) {
      const startedAt = performance.now()
      await session.query('SELECT * FROM "User"')
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
      await sleep(10)
    }
    return slowestMs
  })()
  return {
    stop: () => {
      stopped = true
      return reading
    },
  }
}

test('an applied migration that is edited between plan and deploy stops it', async () => {
  const database = await shop.copy()
  await using project = await shopProject(additive)
  expect((await runIn(project, database, plan)).result.outcome).toBe('clear')
  await project.addMigration(initName, 'CREATE TABLE "Other" (id INT);\n')
  expect((await runIn(project, database, deploy)).result.failure?.code).toBe('HISTORY.EDITED')
})

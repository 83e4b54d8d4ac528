import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../lab/query.ts'
import { startReplica } from '../lab/replica.ts'
import { hold } from './held-session.ts'
import { until } from './processes.ts'
import { openScene, type Scene } from './scene.ts'
import { additive, openShop, type Policy, pendingName, type Shop, shopProject } from './shop.ts'

/** Nothing is touched while somebody holds what the migrations need. */

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

async function deploy(policy: Policy, meanwhile: (url: string) => Promise<void>) {
  const database = await shop.copy()
  await using project = await shopProject(additive, { lockTimeout: '300ms', ...policy }, 7)
  const options = { cwd: await realpath(project.path), databaseUrl: shop.server.ownerUrl(database) }
  const begin = meanwhile(shop.server.superuserUrl(database))
  await Promise.race([begin, sleep(200)])
  const run = await scene.run(['deploy', '--prisma-engine', 'wasm', '--format', 'json'], options)
  await begin
  return run
}

const read = 'BEGIN; SELECT FROM "User"'

test('a transaction that has read the table is waited for, and then it takes one attempt', async () => {
  const { exitCode, result, stderr } = await deploy({ blockers: 'wait' }, async (url) => {
    await using _reader = await hold(url, read)
    const looks = `SELECT FROM pg_stat_activity WHERE application_name = 'airlock' AND query LIKE '%virtualtransaction%'`
    await until('Airlock looks for blockers', async () => (await query(url, looks)).length > 0)
    await sleep(1_500)
  })
  expect({ exitCode, applied: result.applied }).toEqual({ exitCode: 0, applied: [pendingName] })
  expect(stderr).toMatch(/waiting: process \d+ \(somebody else, postgres\) holds a lock on public\.User for at least/)
  expect(result.stages.find(({ name }) => name === 'blockers')?.summary).toMatch(/nobody is in the way any more, after/)
  expect(result.stages.find(({ name }) => name === 'apply')?.detail).toMatchObject({ attempts: 1 })
})

test.each<[string, Policy]>([
  ['is refused where the policy says so', { blockers: 'refuse' }],
  ['is waited for no longer than the policy says', { blockers: 'wait', more: 'blocker-wait: 1s' }],
])('one that stays %s, with who it is and what to do', async (_how, policy) => {
  const done = new AbortController()
  const run = await deploy(policy, async (url) => {
    await using _reader = await hold(url, read)
    await sleep(6_000, undefined, { signal: done.signal }).catch(() => undefined)
  })
  expect(run).toMatchObject({ exitCode: 2, result: { outcome: 'failed', reasonCode: 'DEPLOY.BLOCKED', applied: [] } })
  expect(run.result.failure?.why).toMatch(/^process \d+ \(somebody else, postgres\) holds a lock on public\.User/)
  expect(run.result.next[0]).toContain('pg_terminate_backend')
})

test('a database with no connection left for the deploy is told before anything is touched', async () => {
  const run = await deploy({ blockers: 'refuse' }, async (url) => {
    await query(url, `ALTER DATABASE "${new URL(url).pathname.slice(1)}" CONNECTION LIMIT 3`)
  })
  expect(run).toMatchObject({ exitCode: 2, result: { reasonCode: 'DEPLOY.NO_CONNECTIONS', applied: [] } })
  expect(run.result.failure?.why).toMatch(/^\d connections? free within the connection limit of the database/)
})

test('a replica that is further behind than allowed is told before anything is touched, or that nobody may see it', async () => {
  await using _replica = await startReplica(shop.server, 1_500)
  const database = shop.server.superuserUrl()
  const lag = `SELECT extract(epoch FROM replay_lag) * 1000 AS ms FROM pg_stat_replication`
  await using busy = await hold(database, 'CREATE TABLE written (id int)')
  await until('the replica is behind', async () => {
    await busy.query('INSERT INTO written VALUES (1)')
    return (await query<{ ms: number | null }>(database, lag)).some(({ ms }) => Number(ms) > 1_000)
  })
  const done = new AbortController()
  const writing = (async () => {
    while (!done.signal.aborted) {
      await busy.query('INSERT INTO written VALUES (1)')
      await sleep(20)
    }
  })()
  const policy: Policy = { blockers: 'refuse', more: 'replica-lag: 500ms' }
  const unseen = await deploy(policy, async () => undefined)
  await query(database, 'GRANT pg_monitor TO app_owner')
  const behind = await deploy(policy, async () => undefined)
  done.abort()
  await writing
  expect(unseen.result.notices.join()).toContain('hidden from this role, and was not checked: GRANT pg_monitor')
  expect(behind).toMatchObject({ exitCode: 2, result: { reasonCode: 'DEPLOY.REPLICA_BEHIND', applied: [] } })
  expect(behind.result.failure?.why).toMatch(/^replica replica \(127\.0\.0\.1\) is .* behind, and 500 ms are allowed/)
  const near = await deploy({ blockers: 'refuse', more: 'replica-lag: 1m' }, async () => undefined)
  expect(near.result.applied).toEqual([pendingName])
})

test('a replica that falls behind between two migrations is waited for before the next one', async () => {
  await using _replica = await startReplica(shop.server, 1_000)
  await query(shop.server.superuserUrl(), 'GRANT pg_monitor TO app_owner')
  const database = await shop.copy()
  await using project = await shopProject(
    `SELECT pg_sleep(4);\n${additive}`,
    { blockers: 'wait', more: 'apply: atomic, replica-lag: 500ms, blocker-wait: 1m' },
    7,
  )
  await project.addMigration('20240109000000_later', 'ALTER TABLE "User" ADD COLUMN "later" TEXT;\n')
  const superuser = shop.server.superuserUrl(database)
  const running = scene.run(['deploy', '--format', 'json'], {
    cwd: await realpath(project.path),
    databaseUrl: shop.server.ownerUrl(database),
  })
  await until(
    'the first migration runs',
    async () =>
      (await query(superuser, `SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`))
        .length > 0,
  )
  await using busy = await hold(superuser, 'CREATE TABLE written (id int)')
  const writeUntil = Date.now() + 6_000
  while (Date.now() < writeUntil) {
    await busy.query('INSERT INTO written VALUES (1)')
    await sleep(20)
  }
  const { result, stderr } = await running
  expect(stderr).toMatch(
    /waiting before the next migration: replica replica \(127\.0\.0\.1\) is .* behind, and 500 ms are allowed/,
  )
  expect(result.applied).toEqual([pendingName, '20240109000000_later'])
  expect(result.notices.join()).not.toContain('was begun although')
})

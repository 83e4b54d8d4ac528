import { realpath } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../lab/query.ts'
import { until } from './processes.ts'
import { openScene, type Scene } from './scene.ts'
import { additive, openShop, pendingName, type Shop, shopProject } from './shop.ts'

/** Programs of the user's own, before and after. */

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

async function deploy(more: string, onStart?: (pid: number, url: string) => void) {
  const database = await shop.copy()
  const url = shop.server.superuserUrl(database)
  await using project = await shopProject(additive, { more }, 7)
  const databaseUrl = shop.server.ownerUrl(database)
  const run = await scene.run(['deploy', '--prisma-engine', 'wasm', '--format', 'json'], {
    cwd: await realpath(project.path),
    databaseUrl,
    env: { AIRLOCK_SCRATCH_URL: 'postgresql://x:topsecret@h/d', MINE: 'kept' },
    secrets: [decodeURIComponent(new URL(databaseUrl).password), 'topsecret'],
    onStart: (pid) => onStart?.(pid, url),
  })
  return {
    run,
    columns: await query(url, `SELECT FROM pg_attribute WHERE attname = 'name' AND attrelid = '"User"'::regclass`),
    url,
  }
}

const shell = (script: string) => `[sh, -c, ${JSON.stringify(script)}]`

test('they get the checked URL and the environment, and no secret of Airlock; what they print is redacted', async () => {
  const script = 'echo "before $DATABASE_URL $MINE [$AIRLOCK_SCRATCH_URL]"'
  const { run, columns, url } = await deploy(
    `hooks: { before-deploy: [${shell(script)}], after-deploy: [[echo, it is done]] }, analyze: true`,
  )
  expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied', notices: [] } })
  expect(run.stderr).toMatch(/before \*\*\*\S* kept \[\]/)
  expect(run.stderr).toContain('it is done')
  expect(run.result.stages.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
    expect.arrayContaining(['before-deploy pass', 'after-deploy pass']),
  )
  expect(columns).toHaveLength(1)
  expect(await query(url, `SELECT FROM pg_stats WHERE tablename = 'User' AND attname = 'email'`)).toHaveLength(1)
})

test.each([
  ['ends with another code than 0', shell('echo not today >&2; exit 3'), /`sh` ended with exit code 3\.\nnot today/],
  ['is not there', '[no-such-program]', /`no-such-program` (?:could not be started|ended with exit code 12\d)/],
  [
    'takes too long and ends well when it is told to end',
    shell('trap "exit 0" TERM; sleep 60 & wait'),
    /`sh` was stopped after 0\.5 s/,
  ],
  ['takes too long', '[sleep, "60"]', /`sleep` was stopped after 0\.5 s, `hooks\.time-limit`/],
])('a program before the deploy that %s stops it', async (_what, argv, why) => {
  const { run, columns } = await deploy(`hooks: { before-deploy: [${argv}], time-limit: 500ms }`)
  expect(run).toMatchObject({ exitCode: 2, result: { reasonCode: 'HOOK.FAILED', applied: [] } })
  expect(run.result.failure?.why).toMatch(why)
  expect(columns).toEqual([])
})

test('one after the deploy that fails is told, and the deploy stands', async () => {
  const { run } = await deploy(`hooks: { after-deploy: [${shell('exit 4')}, [echo, still run]] }`)
  expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied', applied: [pendingName] } })
  expect(run.result.notices.join()).toMatch(/`sh` ended with exit code 4/)
  expect(run.result.stages.find(({ name }) => name === 'after-deploy')?.outcome).toBe('fail')
  expect(run.stderr).toContain('still run')
})

test('a cancel ends it, and nothing is applied', async () => {
  const { run, columns } = await deploy(
    `hooks: { before-deploy: [${shell('psql=$(echo begun); echo "$psql"; sleep 60')}] }`,
    (pid, url) => {
      void until(
        'the deploy lock is held',
        async () => (await query(url, `SELECT FROM pg_locks WHERE locktype = 'advisory'`)).length > 0,
      )
        .then(() => new Promise((resolve) => setTimeout(resolve, 1_500)))
        .then(() => process.kill(pid, 'SIGINT'))
    },
  )
  expect(run.result.reasonCode).toBe('RUN.CANCELLED')
  expect(columns).toEqual([])
  expect(run.left).toEqual([])
})

import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { hold } from './held-session.ts'
import { until } from './processes.ts'
import { openScene, type Scene, type SceneRun } from './scene.ts'
import { init, initName, openShop, type Shop } from './shop.ts'

/** `apply: atomic`: whatever stops it, the next deploy ends where an undisturbed one would have, and nobody has to do anything. */

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

interface Play extends AsyncDisposable {
  readonly project: LabProject
  readonly url: string
  start(): { readonly pid: () => number; readonly ended: Promise<SceneRun> }
  deploy(...more: readonly string[]): Promise<SceneRun>
  rows<Row extends Record<string, unknown>>(sql: string): Promise<readonly Row[]>
  there(from: string): Promise<boolean>
}

const first = '20240102000000_first'
const second = '20240103000000_second'
const third = '20240104000000_third'

async function play(files: Readonly<Record<string, string>>, on: Shop = shop): Promise<Play> {
  const database = await on.copy()
  const project = await createProject({
    prisma: 7,
    migrations: { [initName]: init, ...files },
    files: {
      'airlock.yml':
        'version: 1\nenvironments: { production: { apply: atomic, blockers: ignore, require-approval: [], backup: { strategy: none } } }\n',
    },
  })
  const url = on.server.superuserUrl(database)
  const options = { cwd: await realpath(project.path), databaseUrl: on.server.ownerUrl(database) }
  const args = ['deploy', '--format', 'json']
  const rows: Play['rows'] = (sql) => query(url, sql)
  return {
    project,
    url,
    start() {
      let pid = 0
      const onStart = (started: number) => {
        pid = started
      }
      return { pid: () => pid, ended: scene.run(args, { ...options, onStart }) }
    },
    deploy: (...more) => scene.run([...args, ...more], options),
    rows,
    there: async (from) => (await query(url, `SELECT FROM ${from}`)).length > 0,
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

/** Every row as Prisma leaves it. */
async function expectCleanHistory({ rows }: Play): Promise<void> {
  expect(
    await rows(
      'SELECT migration_name FROM _prisma_migrations WHERE logs IS NOT NULL OR applied_steps_count <> 1 OR finished_at IS NULL OR rolled_back_at IS NOT NULL',
    ),
  ).toEqual([])
}

/** The last word on it: Prisma finds its history in order and nothing left to do. */
async function expectPrismaContent(deploy: Play): Promise<void> {
  const { project, url } = deploy
  await expectCleanHistory(deploy)
  const status = await project.prisma(['migrate', 'status'], { DATABASE_URL: url })
  expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Database schema is up to date') })
  const again = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No pending migrations to apply') })
}

const emails = async ({ rows }: Play) =>
  (await rows<{ email: string }>('SELECT email FROM "User" ORDER BY id')).map(({ email }) => email)
const historyOf = ({ rows }: Play) =>
  rows<{ name: string; finished: boolean; logs: string | null }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, logs FROM _prisma_migrations WHERE migration_name <> '${initName}' ORDER BY started_at`,
  )
const sleeps = ({ there }: Play) =>
  until('the file sleeps', () => there(`pg_stat_activity WHERE wait_event = 'PgSleep'`))

/** Applied twice it would show twice. */
const mark = `UPDATE "User" SET email = email || '!';\n`
const add = (column: string) => `ALTER TABLE "User" ADD COLUMN "${column}" TEXT;\n`
const index = 'CREATE INDEX CONCURRENTLY "User_email_idx" ON "User"("email");\n'
const indexThere = `pg_index WHERE indexrelid = to_regclass('"User_email_idx"') AND indisvalid`

test('several files are applied, each with its row, and Prisma finds nothing to do', async () => {
  await using deploy = await play({
    [first]: add('name') + mark,
    [second]: `BEGIN;\n${add('code')}COMMIT;\n`,
    [third]: `${add('late')}${index}-- the end\n`,
  })
  const { exitCode, result } = await deploy.deploy()
  expect({ exitCode, reason: result.reason }).toEqual({ exitCode: 0, reason: '3 migrations applied by Airlock.' })
  expect(result).toMatchObject({ outcome: 'applied', applied: [first, second, third] })
  expect(result.migrations.map(({ atomic }) => atomic)).toEqual([true, true, false])
  expect(await emails(deploy)).toEqual(['ada@shop.test!'])
  expect(await deploy.there(indexThere)).toBe(true)
  await expectPrismaContent(deploy)
  expect((await deploy.deploy()).result.outcome).toBe('nothing-pending')
})

test('what a file says to its session is forgotten before the next', async () => {
  await using deploy = await play({
    [first]: `SET search_path = ''; SET statement_timeout = 1; RESET statement_timeout; CREATE TEMP TABLE "User" (id int);\nSET ROLE pg_monitor;\n`,
    [second]: add('name'),
  })
  await deploy.rows('GRANT pg_monitor TO app_owner')
  expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [first, second] })
  expect(await deploy.there(`pg_attribute WHERE attrelid = '"User"'::regclass AND attname = 'name'`)).toBe(true)
  await expectCleanHistory(deploy)
})

describe('a file that the server refuses', () => {
  test('the first of them: nothing is left, not even a row, and the corrected one is applied', async () => {
    await using deploy = await play({ [first]: `${mark}SELECT 1 / 0;\n` })
    const run = await deploy.deploy()
    expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', applied: [] } })
    expect(run.result.reason).toContain('division by zero')
    expect(await historyOf(deploy)).toEqual([])
    expect(await emails(deploy)).toEqual(['ada@shop.test'])
    await deploy.project.addMigration(first, mark)
    expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [first] })
    await expectCleanHistory(deploy)
  })

  test('the second of three: the first stands, and the corrected ones follow it', async () => {
    await using deploy = await play({ [first]: mark, [second]: `${add('name')}SELECT 1 / 0;\n`, [third]: mark })
    const run = await deploy.deploy()
    expect(run).toMatchObject({
      exitCode: 5,
      result: { outcome: 'needs-human', reasonCode: 'migration_failed', applied: [first] },
    })
    expect(run.result.reason).toContain(`failed: ${second}; its row of the history is committed together`)
    expect(run.result.reason).toContain(`not reached: ${third}`)
    expect(await historyOf(deploy)).toMatchObject([{ name: first, finished: true }])
    await deploy.project.addMigration(second, add('name'))
    expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [second, third] })
    expect(await emails(deploy)).toEqual(['ada@shop.test!!'])
    await expectCleanHistory(deploy)
  })

  test('in its third statement, behind two that are in force: the rest is corrected and goes on', async () => {
    await using deploy = await play({ [first]: `${index}${mark}SELECT 1 / 0;\n` })
    const run = await deploy.deploy()
    expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', failed: [first] } })
    expect(run.result.reason).toContain('2 of its 3 statements are in force, and the next deploy goes on behind them')
    expect(run.result.next.join('\n')).not.toContain('resolve')
    await deploy.project.addMigration(first, `${index}${mark}${add('name')}`)
    expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [first] })
    expect(await emails(deploy)).toEqual(['ada@shop.test!'])
    await expectPrismaContent(deploy)
  })

  test('an index that the rows stand against leaves no invalid index and no row', async () => {
    await using deploy = await play({
      [first]: 'CREATE UNIQUE INDEX CONCURRENTLY "User_kind_key" ON "User"((email LIKE \'%@shop.test\'));\n',
    })
    await deploy.rows(`INSERT INTO "User" (email) VALUES ('eve@shop.test')`)
    const run = await deploy.deploy()
    expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered' } })
    expect(await deploy.rows('SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([])
    expect(await historyOf(deploy)).toEqual([])
  })

  test('what is in force was edited since: a person has to say what is true', async () => {
    await using deploy = await play({ [first]: `${mark}${index}SELECT 1 / 0;\n` })
    await deploy.deploy()
    await deploy.project.addMigration(first, `${mark}-- other\n${index}${add('name')}`)
    const { result } = await deploy.deploy()
    expect(result.failure).toMatchObject({
      code: 'HISTORY.FAILED_MIGRATION',
      why: expect.stringContaining('the part of the file that is in force was changed since'),
    })
    expect(await emails(deploy)).toEqual(['ada@shop.test!'])
  })
})

describe('killed', () => {
  test('in the middle of a transaction: nothing is left, and the next deploy applies it', async () => {
    await using deploy = await play({ [first]: `${mark}SELECT pg_sleep(4);\n` })
    const { pid, ended } = deploy.start()
    await sleeps(deploy)
    process.kill(pid(), 'SIGKILL')
    await ended
    const run = await deploy.deploy()
    expect(run.result).toMatchObject({ outcome: 'applied', applied: [first] })
    expect(await emails(deploy)).toEqual(['ada@shop.test!'])
    await expectCleanHistory(deploy)
  })

  test.each(['leaves at once, so that it may still become valid', 'stays until its session is ended'])(
    'while an index waits for a reader who %s: the next deploy sees in the catalog what became of it',
    async (reader) => {
      await using deploy = await play({ [first]: `${mark}${index}${add('name')}` })
      {
        await using _reader = await hold(deploy.url, 'BEGIN; LOCK "User" IN ROW EXCLUSIVE MODE')
        const { pid, ended } = deploy.start()
        await until('the index waits', () => deploy.there('pg_stat_progress_create_index'))
        process.kill(pid(), 'SIGKILL')
        await ended
        if (reader.startsWith('stays'))
          await until('its session is ended', async () => !(await deploy.there('pg_stat_progress_create_index')))
      }
      const run = await deploy.deploy()
      expect(run.result).toMatchObject({ outcome: 'applied', applied: [first] })
      expect(await deploy.there(indexThere)).toBe(true)
      expect(await deploy.rows('SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([])
      expect(await emails(deploy)).toEqual(['ada@shop.test!'])
      await expectCleanHistory(deploy)
    },
  )
})

test('an index waits for readers longer than the lock timeout, because nobody waits behind it', async () => {
  await using deploy = await play({ [first]: index })
  const { ended } = deploy.start()
  {
    await using _reader = await hold(deploy.url, 'BEGIN; LOCK "User" IN ROW EXCLUSIVE MODE')
    await until('the index waits', () => deploy.there('pg_stat_progress_create_index'))
    await sleep(2_500)
  }
  expect((await ended).result).toMatchObject({ outcome: 'applied', applied: [first] })
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the statement on the server within ten seconds', async (signal) => {
  await using deploy = await play({ [first]: mark, [second]: `${add('name')}SELECT pg_sleep(60);\n` })
  const { pid, ended } = deploy.start()
  await sleeps(deploy)
  const asked = Date.now()
  process.kill(pid(), signal)
  const run = await ended
  expect(Date.now() - asked).toBeLessThan(10_000)
  expect(await deploy.there(`pg_stat_activity WHERE wait_event = 'PgSleep'`)).toBe(false)
  expect(run).toMatchObject({ exitCode: 5, result: { applied: [first] } })
  expect(await historyOf(deploy)).toMatchObject([{ name: first, finished: true }])
  await deploy.project.addMigration(second, add('name'))
  expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [second] })
  await expectCleanHistory(deploy)
})

test('the server crashes in the middle of a file and comes back', async () => {
  await using own = await openShop(16)
  // Without it a crash takes the last commits along, here as everywhere.
  await query(own.server.superuserUrl(), 'ALTER ROLE app_owner SET synchronous_commit = on')
  await using deploy = await play({ [first]: index + mark, [second]: `${add('name')}SELECT pg_sleep(3);\n` }, own)
  const { ended } = deploy.start()
  await sleeps(deploy)
  await own.server.kill()
  expect(await ended).toMatchObject({ exitCode: 5, result: { reasonCode: 'state_unknown' } })
  await own.server.restart()
  expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [second] })
  expect(await emails(deploy)).toEqual(['ada@shop.test!'])
  await expectCleanHistory(deploy)
})

test('of four deploys at the same time one applies, and the others find nothing to do', async () => {
  await using deploy = await play({ [first]: mark, [second]: index })
  const runs = await Promise.all(Array.from({ length: 4 }, () => deploy.deploy()))
  expect(runs.map(({ result }) => result.outcome).toSorted()).toEqual([
    'applied',
    'nothing-pending',
    'nothing-pending',
    'nothing-pending',
  ])
  expect(await emails(deploy)).toEqual(['ada@shop.test!'])
})

describe('only a part is applied', () => {
  const files = { [first]: add('name'), [second]: 'ALTER TABLE "User" DROP COLUMN "name";\n', [third]: add('late') }

  test.each([
    ['up to the one that is named', ['--through', second], [first, second]],
    ['up to the first that takes something away', ['--stages', 'expand'], [first]],
  ])('%s, and the rest is said to be pending', async (_what, asked, applied) => {
    await using deploy = await play(files)
    const { exitCode, result } = await deploy.deploy(...asked)
    expect({ exitCode, applied: result.applied }).toEqual({ exitCode: 0, applied })
    expect(result.reason).toMatch(new RegExp(`Still pending, because it was not asked for: .*${third}`))
    const again = await deploy.deploy(...asked)
    expect(again.result).toMatchObject({ outcome: 'nothing-pending', reason: expect.stringContaining(third) })
    expect((await deploy.deploy()).result).toMatchObject({
      outcome: 'applied',
      applied: [first, second, third].slice(applied.length),
    })
    await expectCleanHistory(deploy)
  })

  test('the bundled engine of Prisma does so too, and the one that Prisma downloads is not begun with', async () => {
    await using deploy = await play(files)
    await deploy.project.writeFile(
      'airlock.yml',
      'version: 1\nenvironments: { production: { require-approval: [], backup: { strategy: none } } }\n',
    )
    const native = await deploy.deploy('--through', first)
    expect(native.result).toMatchObject({ outcome: 'failed', reasonCode: 'USAGE.INVALID', applied: [] })
    const bundled = await deploy.deploy('--through', first, '--prisma-engine', 'wasm')
    expect(bundled.result).toMatchObject({ outcome: 'applied', applied: [first] })
    await expectCleanHistory(deploy)
  })

  test('a name that is not pending is no reason to apply everything', async () => {
    await using deploy = await play(files)
    const { result } = await deploy.deploy('--through', '20240103')
    expect(result).toMatchObject({ reasonCode: 'USAGE.INVALID', applied: [] })
    expect(await historyOf(deploy)).toEqual([])
  })
})

test.each([
  ['an index that is not there', 'DROP INDEX CONCURRENTLY "Usr_email_idx";\n'],
  ['a partition that is not one', 'ALTER TABLE "m" DETACH PARTITION "User" CONCURRENTLY;\n'],
])('what takes away %s is refused, and not recorded as applied', async (_what, sql) => {
  await using deploy = await play({ [first]: sql })
  await deploy.rows('CREATE TABLE m (a int) PARTITION BY LIST (a); ALTER TABLE m OWNER TO app_owner')
  const run = await deploy.deploy()
  expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', applied: [] } })
  expect(await historyOf(deploy)).toEqual([])
})

test('what no transaction takes back is done once, whatever it waits for', async () => {
  await using deploy = await play({
    [first]: `SELECT setval('"User_id_seq"', nextval('"User_id_seq"') + 100);\n${add('name')}`,
  })
  await deploy.project.writeFile(
    'airlock.yml',
    'version: 1\nenvironments: { production: { apply: atomic, lock-timeout: 300ms, blockers: ignore, require-approval: [], backup: { strategy: none } } }\n',
  )
  await using _held = await hold(deploy.url, 'BEGIN; LOCK "User" IN SHARE MODE')
  const { exitCode, result } = await deploy.deploy()
  expect({ exitCode, attempts: result.stages.find(({ name }) => name === 'apply')?.summary }).toEqual({
    exitCode: 4,
    attempts: expect.not.stringContaining('attempts'),
  })
  expect(await deploy.rows('SELECT last_value::int AS at FROM "User_id_seq"')).toEqual([{ at: 102 }])
})

test('a lock that is not free in time is tried for again, and what was taken back is applied once', async () => {
  await using deploy = await play({ [first]: mark, [second]: `${mark}${add('name')}` })
  await deploy.project.writeFile(
    'airlock.yml',
    'version: 1\nenvironments: { production: { apply: atomic, lock-timeout: 300ms, blockers: ignore, require-approval: [], backup: { strategy: none } } }\n',
  )
  const { ended } = deploy.start()
  {
    await using _held = await hold(deploy.url, 'BEGIN; LOCK "User" IN SHARE MODE')
    await until('it waits', () =>
      deploy.there(`pg_stat_activity WHERE application_name LIKE 'airlock-apply-%' AND wait_event_type = 'Lock'`),
    )
    await sleep(1_000)
  }
  const { result, stderr } = await ended
  expect(result).toMatchObject({ outcome: 'applied', applied: [first, second] })
  expect(stderr).toMatch(/a lock was not free in time\. PostgreSQL took it back; attempt 2 of 10/)
  expect(result.stages.find(({ name }) => name === 'apply')?.summary).toMatch(/^by Airlock itself, \d+ attempts$/)
  expect(await emails(deploy)).toEqual(['ada@shop.test!!'])
})

test('what keeps Airlock from beginning is told, and nothing was applied', async () => {
  await using deploy = await play({ [first]: mark })
  await deploy.rows(
    `CREATE FUNCTION public.keep_out() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF current_setting('application_name') LIKE 'airlock-apply-%' THEN RAISE 'no migrations today'; END IF; END $$`,
  )
  await deploy.rows('CREATE EVENT TRIGGER keep_out ON login EXECUTE FUNCTION public.keep_out()')
  await deploy.rows('ALTER EVENT TRIGGER keep_out ENABLE ALWAYS')
  const { exitCode, result } = await deploy.deploy()
  expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'DATABASE.QUERY_FAILED' })
  expect(result.failure?.why).toContain('no migrations today')
  expect(await historyOf(deploy)).toEqual([])
  expect(await emails(deploy)).toEqual(['ada@shop.test'])
})

test('what another session did while Airlock waited for Prisma’s lock is not overwritten', async () => {
  await using deploy = await play({ [first]: mark })
  await using other = await hold(deploy.url, 'SELECT pg_advisory_lock(72707369)')
  const { ended } = deploy.start()
  await until('it waits', () => deploy.there(`pg_stat_activity WHERE application_name LIKE 'airlock-apply-%'`))
  await other.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at) VALUES ('other', 'x', '${first}', now(), now())`,
  )
  await other.query('SELECT pg_advisory_unlock(72707369)')
  const { exitCode, result } = await ended
  expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'DEPLOY.LOCKED' })
  expect(result.failure?.why).toContain(`${first} is no longer pending`)
  expect(await emails(deploy)).toEqual(['ada@shop.test'])
})

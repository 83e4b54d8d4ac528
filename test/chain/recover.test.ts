import { execFileSync } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LabProject, PrismaMajor } from '../lab/prisma.ts'
import { prismaMajors } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type HeldSession, hold } from './held-session.ts'
import { canSeeProcesses, processesIn, until } from './processes.ts'
import { openScene, type Scene, type SceneRun } from './scene.ts'
import { additive, openShop, type Policy, pendingName, type Shop, shopProject } from './shop.ts'

/** Prisma stopped. Whatever is said then has to be what the database shows, above all that something left nothing behind. */

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
  readonly superuserUrl: string
  start(): { readonly pid: () => number; readonly ended: Promise<SceneRun> }
  deploy(): Promise<SceneRun>
  plan(): Promise<SceneRun>
  emails(): Promise<readonly string[]>
  count(sql: string): Promise<number>
}

async function play(
  sql: string,
  prisma: PrismaMajor,
  policy?: Policy,
  more: { readonly env?: Record<string, string>; readonly engine?: 'of the project' } = {},
): Promise<Play> {
  const database = await shop.copy()
  const project = await shopProject(sql, policy, prisma)
  const superuserUrl = shop.server.superuserUrl(database)
  const own = more.engine === 'of the project'
  const env = { ...(own ? engineOf(await project.environment()) : {}), ...more.env }
  const options = { cwd: await realpath(project.path), databaseUrl: shop.server.ownerUrl(database), env }
  const args = ['deploy', ...(own ? [] : ['--prisma-engine', 'wasm']), '--format', 'json']
  return {
    project,
    superuserUrl,
    start() {
      let pid = 0
      const onStart = (started: number) => {
        pid = started
      }
      return { pid: () => pid, ended: scene.run(args, { ...options, onStart }) }
    },
    deploy: () => scene.run(args, options),
    plan: () => scene.run(['plan', '--format', 'json'], options),
    emails: async () =>
      (await query<{ email: string }>(superuserUrl, 'SELECT email FROM "User"')).map(({ email }) => email),
    count: async (from) =>
      Number((await query<{ count: string }>(superuserUrl, `SELECT count(*) FROM ${from}`))[0]?.count),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

/** Where Prisma finds an engine that is not ours to command. */
function engineOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) =>
      key.startsWith('PRISMA_') && value !== undefined ? [[key, value]] : [],
    ),
  )
}

/** Applied twice it would show twice. */
const mark = `UPDATE "User" SET email = email || '!';\n`
const marked = ['ada@shop.test!']
const untouched = ['ada@shop.test']
const inOne = (...statements: readonly string[]) => `BEGIN;\n${statements.join('\n')}\nCOMMIT;\n`

const sleeps = ({ count }: Play) =>
  until('the script sleeps', async () => (await count(`pg_stat_activity WHERE wait_event = 'PgSleep'`)) > 0)
const unresolved = ({ count }: Play) => count('_prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')

async function expectHuman(deploy: Play, run: SceneRun, said: RegExp): Promise<void> {
  expect(run).toMatchObject({
    exitCode: 5,
    result: { outcome: 'needs-human', reasonCode: 'migration_failed', applied: [], failed: [pendingName] },
  })
  expect(run.result.reason).toMatch(said)
  expect(run.result.reason).not.toMatch(/left nothing|took it back|nothing of it/)
  expect(run.result.next.join('\n')).toContain(`npx prisma migrate resolve --applied ${pendingName}`)
  expect(await unresolved(deploy)).toBe(1)
  // A person has to say what is true before anything is applied again.
  const rows = await deploy.emails()
  expect((await deploy.deploy()).result.failure?.code).toBe('HISTORY.FAILED_MIGRATION')
  expect(await deploy.emails()).toEqual(rows)
}

async function expectRecovered(deploy: Play, run: SceneRun, because: RegExp): Promise<void> {
  expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', reasonCode: 'rolled_back_by_postgresql' } })
  expect(run.result.reason).toMatch(because)
  expect(run.result.failed).toBeUndefined()
  expect(await deploy.emails()).toEqual(untouched)
  expect(await unresolved(deploy)).toBe(0)
  // Nothing is in the way of the next deploy.
  await deploy.project.addMigration(pendingName, mark)
  expect((await deploy.plan()).result).toMatchObject({ outcome: 'clear', migrations: [{ name: pendingName }] })
}

/** Somebody else holds the row of the migration from the moment it is there. */
async function holdRow(deploy: Play): Promise<HeldSession> {
  await sleeps(deploy)
  return hold(
    deploy.superuserUrl,
    `BEGIN; SELECT FROM _prisma_migrations WHERE migration_name = '${pendingName}' FOR UPDATE`,
  )
}

describe.each(prismaMajors)('Prisma %i, rows are committed and Prisma’s record of it fails', (prisma) => {
  test('because the file left a setting behind', async () => {
    await using deploy = await play(inOne(mark, 'SET default_transaction_read_only = on;'), prisma)
    const run = await deploy.deploy()
    expect(await deploy.emails()).toEqual(marked)
    await expectHuman(deploy, run, /whether its changes are in force is not known/)
    expect(run.result.next).toContain(`- line 2: ${mark.trim().replace(';', '')}`)
  })

  test('because somebody holds its row for longer than the lock timeout', async () => {
    await using deploy = await play(inOne(mark, 'SELECT pg_sleep(3);'), prisma, { lockTimeout: '500ms' })
    const { ended } = deploy.start()
    let run: SceneRun
    {
      await using _held = await holdRow(deploy)
      run = await ended
    }
    expect(await deploy.emails()).toEqual(marked)
    await expectHuman(deploy, run, /whether its changes are in force is not known/)
  })

  test('because the run is cancelled while that waits', async () => {
    await using deploy = await play(inOne(mark, 'SELECT pg_sleep(3);'), prisma, { lockTimeout: '60s' })
    const { pid, ended } = deploy.start()
    let run: SceneRun
    {
      await using _held = await holdRow(deploy)
      const waits = `pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE%_prisma_migrations%'`
      await until('Prisma waits for its row', async () => (await deploy.count(waits)) > 0)
      process.kill(pid(), 'SIGINT')
      run = await ended
    }
    expect(await deploy.emails()).toEqual(marked)
    await expectHuman(deploy, run, /whether its changes are in force is not known/)
  })
})

test.each<[PrismaMajor, string, string]>([
  [7, 'on its own', `${mark}SET bogus = 1;`],
  [6, 'after the transaction', `${inOne(mark)}SET lock_timeout = 'bogus';`],
  [7, 'after the transaction', `${inOne(mark)}SET lock_timeout = 'bogus';`],
])(
  'Prisma %i, a setting %s is refused when the rows before it are committed: they are said to stay',
  async (prisma, _what, sql) => {
    await using deploy = await play(sql, prisma)
    const run = await deploy.deploy()
    expect(await deploy.emails()).toEqual(marked)
    expect(run.result.migrations).toMatchObject([{ atomic: false }])
    await expectHuman(deploy, run, /what came before the failing statement stayed/)
  },
)

describe.each(prismaMajors)('Prisma %i, one transaction that the server refuses is taken back', (prisma) => {
  test.each([
    ['one statement', 'UPDATE "User" SET email = (1 / (id - 1))::text;'],
    ['a transaction of the file’s own', inOne(mark, 'SELECT 1 / 0;')],
  ])('%s', async (_what, sql) => {
    await using deploy = await play(sql, prisma)
    await expectRecovered(deploy, await deploy.deploy(), /the server refused it \(SQLSTATE 22012\)/)
    expect((await deploy.deploy()).result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
    expect(await deploy.emails()).toEqual(marked)
  })

  test('what no transaction takes back is said to stay', async () => {
    const sequence = `SELECT setval('"User_id_seq"', 42);`
    await using deploy = await play(inOne(mark, sequence, 'SELECT 1 / 0;'), prisma)
    await expectRecovered(deploy, await deploy.deploy(), /What setval\(\) did stays/)
    expect(await deploy.count('"User_id_seq" WHERE last_value = 42')).toBe(1)
  })

  test('so is what a function that it calls did to a sequence', async () => {
    const moves = `CREATE FUNCTION moves() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM setval('"User_id_seq"', 43); END $$;`
    await using deploy = await play(inOne(moves, 'SELECT moves();', 'SELECT 1 / 0;'), prisma)
    await expectRecovered(deploy, await deploy.deploy(), /What setval\(\) did stays/)
    expect(await deploy.count('"User_id_seq" WHERE last_value = 43')).toBe(1)
  })

  test('nobody is told to correct a migration that waited for a lock in vain', async () => {
    await using deploy = await play(mark, prisma, { lockTimeout: '300ms' })
    let run: SceneRun
    {
      await using _held = await hold(deploy.superuserUrl, 'BEGIN; LOCK "User" IN SHARE MODE')
      run = await deploy.deploy()
    }
    expect(run.result.next).toEqual([expect.stringMatching(/^A lock was not free in time/)])
    await expectRecovered(deploy, run, /SQLSTATE 55P03/)
  })

  test('a row that cannot be marked in time is said to block the next deploy', async () => {
    await using deploy = await play("DO $$ BEGIN PERFORM pg_sleep(2); RAISE 'no'; END $$;", prisma, {
      lockTimeout: '3s',
    })
    const { ended } = deploy.start()
    await sleeps(deploy)
    await using waiting = await hold(deploy.superuserUrl, 'SELECT 1')
    // Takes the row the moment Prisma has written its error.
    await until(
      'the error is recorded',
      async () => (await deploy.count('_prisma_migrations WHERE logs IS NOT NULL AND finished_at IS NULL')) > 0,
    )
    await waiting.query(`BEGIN; SELECT FROM _prisma_migrations WHERE migration_name = '${pendingName}' FOR UPDATE`)
    const run = await ended
    expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', reasonCode: 'history_not_clean' } })
    expect(run.result.reason).toContain('could not be marked as rolled back')
    expect(run.result.next).toContain(`npx prisma migrate resolve --rolled-back ${pendingName}`)
  })
})

describe('the server ends Prisma’s session in the middle of a transaction', () => {
  const endIt = async (deploy: Play) => {
    const { ended } = deploy.start()
    await sleeps(deploy)
    await query(
      deploy.superuserUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`,
    )
    return ended
  }

  test('rows only: nobody knows, and nobody says so', async () => {
    await using deploy = await play(inOne(mark, 'SELECT pg_sleep(60);'), 7)
    const run = await endIt(deploy)
    expect(await deploy.emails()).toEqual(untouched)
    await expectHuman(deploy, run, /whether its changes are in force is not known/)
  })

  test('with a column that is not there: it is taken back', async () => {
    await using deploy = await play(inOne(additive, mark, 'SELECT pg_sleep(60);'), 7)
    await expectRecovered(deploy, await endIt(deploy), /none of what it does to the schema is there/)
  })
})

describe('Airlock ends the session that is left', () => {
  test('of a run that was cancelled: the server says what became of the transaction', async () => {
    await using deploy = await play(inOne(mark, 'SELECT pg_sleep(60);'), 7)
    const { pid, ended } = deploy.start()
    await sleeps(deploy)
    process.kill(pid(), 'SIGTERM')
    await expectRecovered(deploy, await ended, /which the server rolled back/)
  })

  test.runIf(canSeeProcesses)('of an engine that was killed, before it commits behind everybody’s back', async () => {
    await using deploy = await play(inOne(mark, 'SELECT pg_sleep(5);'), 7)
    const { ended } = deploy.start()
    await sleeps(deploy)
    const cwd = await realpath(deploy.project.path)
    const engine = processesIn(cwd).find(({ commandLine }) => commandLine.includes('schema-engine'))
    if (engine === undefined) throw new Error('the engine was not found')
    process.kill(engine.pid, 'SIGKILL')
    await expectRecovered(deploy, await ended, /which the server rolled back/)
  })
})

test('what another Prisma is applying at the moment is not called failed, and its row is left alone', async () => {
  await using deploy = await play(mark, 7)
  await using other = await hold(deploy.superuserUrl, 'SELECT pg_advisory_lock(72707369)')
  const { ended } = deploy.start()
  const waits = `pg_stat_activity WHERE application_name LIKE 'airlock-apply-%' AND wait_event = 'advisory'`
  await until('our Prisma waits for its lock', async () => (await deploy.count(waits)) > 0)
  await other.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('other', 'x', '${pendingName}', now())`,
  )
  const run = await ended
  expect(run).toMatchObject({
    exitCode: 5,
    result: { outcome: 'needs-human', reasonCode: 'still_at_work', applied: [] },
  })
  expect(run.result.reason).toContain('somebody else')
  expect(await unresolved(deploy)).toBe(1)
})

describe('what Prisma ran is not what was planned', () => {
  const file = `prisma/migrations/${pendingName}/migration.sql`
  const configThat = (code: string) => `import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { defineConfig } from 'prisma/config'
${code}
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
})
`

  test('another text of the same name', async () => {
    await using deploy = await play('SELECT 1 / 0;', 6, {}, { engine: 'of the project' })
    await deploy.project.writeFile(
      'prisma.config.ts',
      configThat(`writeFileSync('${file}', ${JSON.stringify(`${mark}COMMIT; SELECT 1 / 0;`)})`),
    )
    const run = await deploy.deploy()
    expect(await deploy.emails()).toEqual(marked)
    await expectHuman(deploy, run, /not the text that was planned/)
  })

  test('a migration that was in no plan, before the one that failed', async () => {
    await using deploy = await play('SELECT 1 / 0;', 7, {}, { engine: 'of the project' })
    const evil = 'prisma/migrations/20240101500000_evil'
    await deploy.project.writeFile(
      'prisma.config.ts',
      configThat(
        `mkdirSync('${evil}', { recursive: true }); writeFileSync('${evil}/migration.sql', ${JSON.stringify(mark)})`,
      ),
    )
    const run = await deploy.deploy()
    expect(await deploy.emails()).toEqual(marked)
    expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', applied: ['20240101500000_evil'] } })
    expect(run.result.reason).toContain('20240101500000_evil was applied during this run and was in no plan')
  })
})

test('a file that takes its own row out of the history is not "nothing"', async () => {
  await using deploy = await play(
    `${mark}DELETE FROM _prisma_migrations WHERE finished_at IS NULL;\nSELECT 1 / 0;\n`,
    7,
  )
  const run = await deploy.deploy()
  expect(await deploy.emails()).toEqual(marked)
  expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', reasonCode: 'history_in_doubt' } })
})

/** The words that a shell makes of a command. */
function words(command: string): readonly string[] {
  const script = `for word in ${command}; do printf '%s\\n' "$word"; done`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n')
}

test('names in the commands to paste stay one word, whatever is in them', async () => {
  const name = `20240103000000_it's $(date) "late"`
  await using deploy = await play(additive, 7, { backup: 'pg_dump' })
  await deploy.project.addMigration(name, `${mark}SELECT 1 / 0;\n`)
  const folder = `my backups' $(date)`
  await deploy.project.writeFile(
    'airlock.yml',
    `version: 1\nenvironments: { production: { require-approval: [], rehearse: off, backup: { strategy: pg_dump, dir: ${JSON.stringify(folder)} } } }\n`,
  )
  const { result } = await deploy.deploy()
  expect(result).toMatchObject({ outcome: 'needs-human', applied: [pendingName], failed: [name] })
  const resolve = result.next.filter((line) => line.startsWith('npx prisma migrate resolve'))
  expect(resolve.map((command) => words(command).slice(4))).toEqual([
    ['--applied', name],
    ['--rolled-back', name],
  ])
  const restore = result.next.find((line) => line.startsWith('airlock restore')) ?? ''
  expect(words(restore)).toEqual([
    'airlock',
    'restore',
    '--from',
    result.backup?.manifest,
    '--into',
    expect.stringMatching(/_restored$/),
  ])
  expect(result.backup?.manifest).toContain(folder)
})

describe('a run that fails after its plan', () => {
  test('still says for which plan of which database', async () => {
    await using deploy = await play(
      additive,
      7,
      { backup: 'pg_dump' },
      { env: { AIRLOCK_PG_BIN: '/nowhere', PATH: '/nowhere' } },
    )
    const { exitCode, result } = await deploy.deploy()
    expect(exitCode).toBe(2)
    expect(result.failure?.code).toMatch(/^BACKUP\./)
    expect(result).toMatchObject({
      target: { host: '127.0.0.1' },
      digest: expect.stringMatching(/^sha256:/),
      migrations: [{ name: pendingName }],
      applied: [],
    })
  })

  test('in the middle of Prisma, because the database goes away, says that nobody could look', async () => {
    await using server = await openShop(16)
    const database = await server.copy()
    await using project = await shopProject(inOne(mark, 'SELECT pg_sleep(60);'))
    const ended = scene.run(['deploy', '--prisma-engine', 'wasm', '--format', 'json'], {
      cwd: await realpath(project.path),
      databaseUrl: server.server.ownerUrl(database),
    })
    await until('the script sleeps', async () => {
      const [row] = await query<{ count: string }>(
        server.server.superuserUrl(),
        `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`,
      )
      return row?.count === '1'
    })
    await server.server.kill()
    const { exitCode, result } = await ended
    expect({ exitCode, reasonCode: result.reasonCode }).toEqual({ exitCode: 5, reasonCode: 'state_unknown' })
    expect(result).toMatchObject({ digest: expect.stringMatching(/^sha256:/), migrations: [{ name: pendingName }] })
  })
})

test('what is worth knowing and stops nobody stands in the result and in the text', async () => {
  const database = await shop.copy()
  await using project = await shopProject(additive)
  await project.writeFile('prisma/migrations/loose.sql', 'SELECT 1;')
  const options = { cwd: project.path, databaseUrl: shop.server.ownerUrl(database) }
  const run = await scene.run(['plan'], options)
  expect(run.result.notices).toEqual([expect.stringContaining('prisma/migrations/loose.sql')])
  expect(run.stdout).toContain(run.result.notices[0])
})

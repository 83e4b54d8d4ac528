import { readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FailureCode } from '../../src/errors.ts'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import type { LabServer } from '../lab/server.ts'
import { badUrls, secret, urlSecrets } from './bad-urls.ts'
import { brokenProjects } from './broken-projects.ts'
import { stateOf } from './database-state.ts'
import { expectFailure, expectText, openScene, type Scene } from './scene.ts'
import { additive, init, initName, openShop, pendingName, type Shop } from './shop.ts'

let scene: Scene
let shop: Shop
let server: LabServer
const migrations = { [initName]: init, [pendingName]: additive }
const plan = ['plan', '--format', 'json']
const deploy = ['deploy', '--prisma-engine', 'wasm']

beforeAll(async () => {
  scene = await openScene()
  shop = await openShop(16)
  server = shop.server
  await query(server.superuserUrl(), `CREATE ROLE stranger LOGIN PASSWORD '${secret}'`)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

describe('a connection URL', () => {
  let project: LabProject
  beforeAll(async () => {
    project = await createProject({ prisma: 7, migrations })
  })
  afterAll(() => project[Symbol.asyncDispose]())

  const optionsWith = (url: string | undefined) => ({
    cwd: project.path,
    ...(url === undefined ? {} : { databaseUrl: url }),
    secrets: urlSecrets,
  })

  test.concurrent.each(badUrls)('%s stops a deploy', async (_title, url, code) => {
    const run = await scene.run(deploy, optionsWith(url))
    expectFailure(run, code)
    expectText(run)
  })

  // A plan reads the URL in the same place: one of each kind shows that it does.
  const ofEachKind = [...new Map(badUrls.map((bad) => [bad[2], bad])).values()]
  test.concurrent.each(ofEachKind)('%s stops a plan', async (_title, url, code) => {
    expectFailure(await scene.run(plan, optionsWith(url)), code)
  })
})

/** Neither in the database nor in the project may anything remain of what was run. */
async function untouched<Value>(database: string, project: LabProject, work: () => Promise<Value>): Promise<Value> {
  const url = server.superuserUrl(database)
  const [state, files] = [await stateOf(url), await listing(project.path)]
  const value = await work()
  expect(await stateOf(url)).toEqual(state)
  expect(await listing(project.path)).toEqual(files)
  return value
}

async function listing(path: string): Promise<readonly string[]> {
  return (await readdir(path, { recursive: true })).sort()
}

function passwordIn(url: string): string {
  return decodeURIComponent(new URL(url).password)
}

describe('a project', () => {
  test.each(brokenProjects)(
    'with $title stops every command that needs it',
    async ({ breakIt, code, names, check }) => {
      const database = await shop.copy()
      await using project = await createProject({ prisma: 7, migrations })
      await breakIt(project.path)
      const databaseUrl = server.ownerUrl(database)
      const options = { cwd: project.path, databaseUrl, secrets: [passwordIn(databaseUrl), 'vault81'] }
      const [planned, deployed, checked] = await untouched(database, project, () =>
        scene.runAll([plan, deploy, ['check', '--format', 'json']], options),
      )
      for (const run of check === 'fails too' ? [planned, deployed, checked] : [planned, deployed]) {
        expectFailure(run, code)
        expect(`${run?.result.failure?.what}\n${run?.result.failure?.why}`).toContain(names)
      }
      if (check === 'does not look') expect(checked?.exitCode).toBe(0)
      expectText(deployed)
    },
  )

  test('with several problems is told all of them at once', async () => {
    const database = await shop.copy()
    await using project = await createProject({
      prisma: 7,
      migrations: { ...migrations, '20240103000000_empty': '', '20240104000000_mark': '\ufeffSELECT 1;' },
    })
    await rm(join(project.path, 'prisma/migrations/migration_lock.toml'))
    const run = await scene.run(['plan'], { cwd: project.path, databaseUrl: server.ownerUrl(database) })
    expectFailure(run, 'MIGRATIONS.NO_LOCK_FILE')
    for (const code of ['MIGRATIONS.NO_LOCK_FILE', 'MIGRATIONS.EMPTY', 'MIGRATIONS.BYTE_ORDER_MARK']) {
      expect(run.result.failure?.why).toContain(code)
    }
  })
})

interface DatabaseCase {
  readonly title: string
  /** Run in the database by the superuser; `DB` stands for its name. */
  readonly before?: string
  readonly url: (database: string) => string | Promise<string>
  readonly code: FailureCode
  readonly names: string
  /** A plan only reads, so what keeps a deploy from writing does not stop it. */
  readonly planned?: 'goes on'
}

const as = (user: string, password: string) => (database: string) => {
  const url = new URL(server.ownerUrl(database))
  url.username = user
  return url.href.replace(/:[^:@]*@/, `:${encodeURIComponent(password)}@`)
}
const asOwner = (database: string) => server.ownerUrl(database)
const asStranger = as('stranger', secret)
const failedRow = (logs: string) =>
  `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, started_at) VALUES ('1', 'x', '${pendingName}', ${logs}, now())`

const databaseCases: readonly DatabaseCase[] = [
  {
    title: 'a server that does not answer',
    url: async (database) => server.ownerUrl(database).replace(`:${server.port}/`, `:${await freePort()}/`),
    code: 'DATABASE.UNREACHABLE',
    names: '127.0.0.1',
  },
  { title: 'a wrong password', url: as('app_owner', secret), code: 'DATABASE.WRONG_PASSWORD', names: 'app_owner' },
  {
    title: 'a database that does not exist',
    url: () => server.ownerUrl('shop_prod'),
    code: 'DATABASE.NOT_FOUND',
    names: 'shop_prod',
  },
  {
    title: 'a role that may not connect',
    before: 'REVOKE CONNECT ON DATABASE "DB" FROM PUBLIC',
    url: asStranger,
    code: 'DATABASE.NO_PRIVILEGES',
    names: 'stranger',
  },
  {
    title: 'a role that may not log in',
    before: "CREATE ROLE nologin NOLOGIN PASSWORD 'p'",
    url: as('nologin', 'p'),
    code: 'DATABASE.NO_ACCESS',
    names: 'nologin',
  },
  {
    title: 'a role without a free connection',
    before: `CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD 'p'`,
    url: as('crowded', 'p'),
    code: 'DATABASE.TOO_MANY_CONNECTIONS',
    names: 'pg_stat_activity',
  },
  {
    title: 'a role that may not see the history',
    url: asStranger,
    code: 'DATABASE.NO_PRIVILEGES',
    names: '_prisma_migrations',
  },
  {
    title: 'a role that may read the history and owns nothing',
    before: 'GRANT SELECT ON _prisma_migrations TO stranger',
    url: asStranger,
    code: 'DATABASE.NO_PRIVILEGES',
    names: 'public.User belongs to `app_owner`',
    planned: 'goes on',
  },
  {
    title: 'a role that may not create in the schema of an empty database',
    before: 'DROP TABLE "User", _prisma_migrations; REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    url: asStranger,
    code: 'DATABASE.NO_PRIVILEGES',
    names: 'may not create anything in schema `public`',
    planned: 'goes on',
  },
  {
    title: 'row-level security on the history',
    before: 'ALTER TABLE _prisma_migrations ENABLE ROW LEVEL SECURITY; GRANT SELECT ON _prisma_migrations TO stranger',
    url: asStranger,
    code: 'DATABASE.NO_PRIVILEGES',
    names: 'Row-level security',
  },
  {
    title: 'a role whose transactions are read-only',
    before: 'ALTER ROLE app_owner IN DATABASE "DB" SET default_transaction_read_only = on',
    url: asOwner,
    code: 'DATABASE.READ_ONLY',
    names: 'default_transaction_read_only',
    planned: 'goes on',
  },
  {
    title: 'a failed row with its error',
    before: failedRow(
      `E'Database error code: 23502\\n\\nDatabase error:\\nERROR: column "name" contains null values\\n\\nDETAIL: Failing row contains (1, secret@shop.test)'`,
    ),
    url: asOwner,
    code: 'HISTORY.FAILED_MIGRATION',
    names: 'contains null values (SQLSTATE 23502)',
  },
  {
    title: 'a failed row without an error',
    before: failedRow('NULL'),
    url: asOwner,
    code: 'HISTORY.FAILED_MIGRATION',
    names: 'interrupted or is still running',
  },
  {
    title: 'tables and no history',
    before: 'DROP TABLE _prisma_migrations',
    url: asOwner,
    code: 'HISTORY.NOT_BASELINED',
    names: '_prisma_migrations',
  },
  {
    title: 'a history in another schema',
    before: 'CREATE SCHEMA app AUTHORIZATION app_owner; ALTER TABLE _prisma_migrations SET SCHEMA app',
    url: asOwner,
    code: 'HISTORY.NOT_BASELINED',
    names: 'public',
  },
  {
    title: 'a history that knows more than the folder',
    before: `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at) VALUES ('2', 'x', '20251231000000_newer', now(), now())`,
    url: asOwner,
    code: 'HISTORY.MISSING_FROM_FOLDER',
    names: '20251231000000_newer',
  },
  {
    title: 'a history with another checksum',
    before: `UPDATE _prisma_migrations SET checksum = repeat('0', 64)`,
    url: asOwner,
    code: 'HISTORY.EDITED',
    names: initName,
  },
  {
    title: 'a table of that name that is not Prisma’s',
    before:
      'DROP TABLE _prisma_migrations; CREATE TABLE _prisma_migrations (id INT); GRANT ALL ON _prisma_migrations TO app_owner',
    url: asOwner,
    code: 'DATABASE.QUERY_FAILED',
    names: 'not a history table',
  },
]

describe('a database', () => {
  let project: LabProject
  beforeAll(async () => {
    project = await createProject({ prisma: 7, migrations })
  })
  afterAll(() => project[Symbol.asyncDispose]())

  test.each(databaseCases)(
    'with $title stops plan and deploy',
    async ({ before, url, code, names, planned: onPlan }) => {
      const database = await shop.copy()
      if (before !== undefined) await query(server.superuserUrl(database), before.replaceAll('"DB"', database))
      const databaseUrl = await url(database)
      const options = {
        cwd: project.path,
        databaseUrl,
        secrets: [passwordIn(databaseUrl), 'secret@shop.test'].filter((text) => text.length > 1),
      }
      const [planned, deployed] = await untouched(database, project, () => scene.runAll([plan, deploy], options))
      if (onPlan === 'goes on') expect(planned).toMatchObject({ exitCode: 0, result: { outcome: 'clear' } })
      for (const run of onPlan === 'goes on' ? [deployed] : [planned, deployed]) {
        expectFailure(run, code)
        expect(JSON.stringify(run?.result.failure)).toContain(JSON.stringify(names).slice(1, -1))
      }
      expectText(deployed)
    },
  )
})

async function freePort(): Promise<number> {
  const listening = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  const address = listening.address()
  await new Promise((resolve) => listening.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('a command line', () => {
  test.concurrent.each([
    ['with an unknown command', ['depoly'], 'depoly'],
    ['with an option of another command', ['check', '--approve', 'sha256:1'], '--approve'],
    ['with an option without its value', ['plan', '--environment'], '--environment'],
    ['with an unknown option', ['plan', '--force'], '--force'],
    ['with a word too many', ['plan', 'production'], 'production'],
    ['with a connection URL', ['plan', `postgresql://app:${encodeURIComponent(secret)}@10.0.0.5/shop`], ''],
    [
      'with a connection URL as an option',
      ['deploy', `--database-url=postgresql://app:${secret}@10.0.0.5/shop`],
      '--database-url',
    ],
    ['with a format that there is not', ['deploy', '--format', 'sarif'], 'sarif'],
    ['with an engine that there is not', ['deploy', '--prisma-engine', 'rust'], 'rust'],
  ] as const)('%s is told so, as JSON where that was asked for', async (_title, args, names) => {
    const spoken = await scene.run(args, { cwd: scene.path, secrets: [secret], reports: 'none' })
    expect(spoken).toMatchObject({ exitCode: 2, stdout: '' })
    expect(spoken.stderr).toContain('USAGE.INVALID')
    expect(spoken.stderr).toContain(names)
    if (args.includes('--format' as never) || args.at(-1) === '--environment') return
    const asked = await scene.run([...args, '--format=json'], { cwd: scene.path, secrets: [secret], reports: 'none' })
    expectFailure(asked, 'USAGE.INVALID')
  })

  test.concurrent('with a folder that does not exist is told so', async () => {
    const run = await scene.run(['plan', '--cwd', 'no/such/folder'], { cwd: scene.path })
    expectFailure(run, 'PROJECT.NOT_FOUND')
  })

  test.concurrent('with a migrations folder that Prisma would not use is told so', async () => {
    await using project = await createProject({ prisma: 7, migrations })
    const run = await scene.run(['deploy', '--migrations', 'other'], {
      cwd: project.path,
      databaseUrl: 'postgresql://app:p@127.0.0.1:1/shop',
    })
    expectFailure(run, 'USAGE.INVALID')
  })
})

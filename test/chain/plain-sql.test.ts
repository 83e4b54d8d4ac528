import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { tempFolder } from '../lab/temp.ts'
import { until } from './processes.ts'
import { expectFailure, openScene, type Scene, type SceneRun } from './scene.ts'

/** A folder of numbered SQL files goes the whole way; `supabase/migrations` does so in the history of the Supabase CLI. */

let scene: Scene
let server: LabServer
beforeAll(async () => {
  scene = await openScene()
  server = await startServer(16)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

const policy = 'version: 1\nenvironments: { production: { require-approval: [], backup: { strategy: none } } }\n'

interface Play extends AsyncDisposable {
  readonly url: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  airlock(...args: readonly string[]): Promise<SceneRun>
  start(): { readonly pid: () => number; readonly ended: Promise<SceneRun> }
  rows<Row extends Record<string, unknown>>(sql: string): Promise<readonly Row[]>
}

async function play(files: Readonly<Record<string, string>>): Promise<Play> {
  const folder = await tempFolder('airlock-plain-')
  const write: Play['write'] = async (texts) => {
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true })
      await writeFile(join(folder.path, path), text)
    }
  }
  await write({ 'airlock.yml': policy, ...files })
  const url = await server.createDatabase()
  const options = { cwd: await realpath(folder.path), databaseUrl: url }
  return {
    url,
    write,
    airlock: (...args) => scene.run([...args, '--format', 'json'], options),
    start() {
      let pid = 0
      const onStart = (started: number) => {
        pid = started
      }
      return { pid: () => pid, ended: scene.run(['deploy'], { ...options, onStart }) }
    },
    rows: (sql) => query(url, sql),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

const users = 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL);\n'
const name = 'ALTER TABLE users ADD COLUMN name text;\n'
const index = 'CREATE INDEX CONCURRENTLY users_email ON users (email);\n'

const own = {
  applied: 'SELECT migration_name AS name FROM _airlock_migrations WHERE finished_at IS NOT NULL ORDER BY started_at',
}

describe('a folder of numbered files', () => {
  test('is deployed in the order of the numbers, once', async () => {
    await using deploy = await play({
      'migrations/10_index.sql': index,
      'migrations/2_name.sql': name,
      'migrations/1_users.sql': users,
      'migrations/2_name.down.sql': 'ALTER TABLE users DROP COLUMN name;',
      'migrations/seed.sql': 'INSERT INTO users (email) VALUES (1);',
    })
    const ran = await deploy.airlock('deploy')
    expect(ran.exitCode).toBe(0)
    expect(ran.result).toMatchObject({ outcome: 'applied', applied: ['1_users', '2_name', '10_index'] })
    expect(ran.result.notices.join('\n')).toMatch(
      /2_name\.down\.sql.*takes a migration back[\s\S]*seed\.sql.*does not begin with a number/,
    )
    expect(await deploy.rows(own.applied)).toEqual([{ name: '1_users' }, { name: '2_name' }, { name: '10_index' }])
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
    expect((await deploy.airlock('verify')).result.reasonCode).toBe('verified')
  })

  test('with a failing file is back where it was, and goes on once that is corrected', async () => {
    await using deploy = await play({ 'db/migrations/001_users.sql': users })
    expect((await deploy.airlock('deploy')).result.outcome).toBe('applied')
    await deploy.write({ 'db/migrations/002_name.sql': `${name}SELECT 1 / 0;` })
    const ran = await deploy.airlock('deploy')
    expect(ran).toMatchObject({
      exitCode: 4,
      result: { outcome: 'recovered', reasonCode: 'rolled_back_by_postgresql' },
    })
    expect(
      await deploy.rows("SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'name'"),
    ).toEqual([])
    await deploy.write({ 'db/migrations/002_name.sql': name })
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: ['002_name'] })
  })

  test('is applied by exactly one of several deploys that begin together', async () => {
    await using deploy = await play({
      'migrations/1_users.sql': users,
      'migrations/2_name.sql': `${name}SELECT pg_sleep(0.5);`,
    })
    const runs = await Promise.all(['a', 'b', 'c', 'd'].map(() => deploy.airlock('deploy')))
    expect(runs.map(({ result }) => result.outcome).toSorted()).toEqual([
      'applied',
      ...Array(3).fill('nothing-pending'),
    ])
    expect(await deploy.rows(own.applied)).toHaveLength(2)
  })

  test('goes on where a killed deploy left it', async () => {
    await using deploy = await play({
      'migrations/1_users.sql': users,
      'migrations/2_name.sql': `${name}SELECT pg_sleep(600);`,
    })
    const killed = deploy.start()
    await until(
      'the file sleeps',
      async () => (await deploy.rows("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length > 0,
    )
    process.kill(killed.pid(), 'SIGKILL')
    await killed.ended
    await until(
      'its session has ended',
      async () => (await deploy.rows("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length === 0,
    )
    await deploy.write({ 'migrations/2_name.sql': name })
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: ['2_name'] })
  })

  test('with an edited file is refused, and the SQL that accepts the new text works', async () => {
    await using deploy = await play({ 'migrations/001_users.sql': users })
    await deploy.airlock('deploy')
    await deploy.write({ 'migrations/001_users.sql': `-- edited\n${users}` })
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'HISTORY.EDITED')
    await query(deploy.url, ran.result.next.at(-1) ?? '')
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
  })

  test('with tables and no history is refused, and what is said records what is there', async () => {
    await using deploy = await play({ 'migrations/001_users.sql': users, 'migrations/002_name.sql': name })
    await query(deploy.url, users)
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'HISTORY.NOT_BASELINED')
    await query(deploy.url, ran.result.next.filter((line) => /^(CREATE|INSERT)/.test(line)).join('\n'))
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: ['002_name'] })
  })

  test('in which the order or the way cannot be told is refused', async () => {
    await using same = await play({ 'migrations/001_users.sql': users, 'migrations/1_name.sql': name })
    expectFailure(await same.airlock('check'), 'MIGRATIONS.AMBIGUOUS_ORDER')
    await using both = await play({
      'migrations/001_users.sql': `-- +goose Up\n${users}-- +goose Down\nDROP TABLE users;\n`,
    })
    expectFailure(await both.airlock('check'), 'MIGRATIONS.TWO_WAYS')
  })

  test('beside the migrations of another kind is chosen only where airlock.yml says so', async () => {
    await using deploy = await play({
      'supabase/migrations/20240101000000_users.sql': users,
      'drizzle.config.ts': "export default { dialect: 'postgresql' }",
      'sql/001_users.sql': users,
    })
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'PROJECT.SEVERAL_SOURCES')
    expect(ran.result.failure?.what).toContain('drizzle (`drizzle.config.ts`) and supabase (`supabase/migrations`)')
    await deploy.write({ 'airlock.yml': `${policy}migrations: { kind: sql, folder: sql }\n` })
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: ['001_users'] })
    expect((await deploy.airlock('deploy', '--migrations', 'sql')).result.outcome).toBe('nothing-pending')
  })
})

/** What `supabase db push` compares: its versions with those of the folder (supabase/cli, FindPendingMigrations). */
const pushed = 'SELECT version, name, statements FROM supabase_migrations.schema_migrations ORDER BY version'
/** As the CLI makes it (pkg/migration/history.go). */
const theirTable = `CREATE SCHEMA IF NOT EXISTS supabase_migrations;
CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY);
ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[];
ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text;`

const first = 'supabase/migrations/20240101000000_users.sql'
const second = 'supabase/migrations/20240102000000_name.sql'

describe('supabase/migrations', () => {
  test('is deployed into the history of the Supabase CLI, statement by statement as that keeps them', async () => {
    const text = `-- everybody\n${users};\n${name}-- the end\n`
    await using deploy = await play({ [first]: text, 'supabase/migrations/README.md': '' })
    expect((await deploy.airlock('deploy')).result).toMatchObject({
      outcome: 'applied',
      applied: ['20240101000000_users'],
    })
    expect(await deploy.rows(pushed)).toEqual([
      {
        version: '20240101000000',
        name: 'users',
        statements: [`-- everybody\n${users.trim().slice(0, -1)}`, name.trim().slice(0, -1), '-- the end'],
      },
    ])
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
  })

  test('is deployed where the Supabase CLI left off, whatever its version kept', async () => {
    await using deploy = await play({ [first]: `-- as it is now\n${users}`, [second]: name })
    await query(deploy.url, `${users}${theirTable}`)
    await query(
      deploy.url,
      `INSERT INTO supabase_migrations.schema_migrations (version, name, statements) VALUES ('20240101000000', 'users', ARRAY['${users.trim().slice(0, -1)}'])`,
    )
    expect((await deploy.airlock('deploy')).result).toMatchObject({
      outcome: 'applied',
      applied: ['20240102000000_name'],
    })
    await query(deploy.url, 'UPDATE supabase_migrations.schema_migrations SET statements = NULL, name = NULL')
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
    await query(
      deploy.url,
      'ALTER TABLE supabase_migrations.schema_migrations DROP COLUMN statements, DROP COLUMN name',
    )
    expect((await deploy.airlock('verify')).result.reasonCode).toBe('verified')
  })

  test('with an edited file is refused, with other comments it is not', async () => {
    await using deploy = await play({ [first]: users })
    await deploy.airlock('deploy')
    await deploy.write({ [first]: `/* told */ ${users}` })
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
    await deploy.write({ [first]: `${users}${name}` })
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'HISTORY.EDITED')
    await query(deploy.url, ran.result.next.at(-1) ?? '')
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
  })

  test('that stops in the middle of a file leaves the history to what is finished, and goes on', async () => {
    const unique = 'CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n'
    await using deploy = await play({ [first]: users, [second]: `${name}${unique}` })
    await query(deploy.url, `${theirTable}${users}INSERT INTO users (email) VALUES ('a'), ('a');`)
    await query(deploy.url, "INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('20240101000000')")
    const stopped = await deploy.airlock('deploy')
    expect(stopped).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', failed: ['20240102000000_name'] } })
    expect(await deploy.rows(pushed)).toHaveLength(1)
    await query(deploy.url, 'DELETE FROM users WHERE id = 2')
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied' })
    expect(await deploy.rows(pushed)).toHaveLength(2)
    expect(await deploy.rows('SELECT FROM supabase_migrations._airlock_migrations')).toEqual([])
  })
})

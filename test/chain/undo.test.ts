import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'
import { expectFailure, openScene, type Scene } from './scene.ts'

/** The way back of a migration is run before anybody relies on it. */

const migrations = {
  '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT, "age" TEXT);\n',
  '20240102000000_name':
    'ALTER TABLE "User" ADD COLUMN "name" TEXT;\nCREATE INDEX CONCURRENTLY "User_name_idx" ON "User"("name");\n',
  '20240103000000_drop': 'ALTER TABLE "User" DROP COLUMN "age";\n',
  '20240104000000_fill': 'UPDATE "User" SET "email" = lower("email");\n',
}

let scene: Scene
let project: LabProject
beforeAll(async () => {
  scene = await openScene()
  project = await createProject({ prisma: 7, migrations })
})
afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await scene?.[Symbol.asyncDispose]()
})

const undo = (...args: readonly string[]) => scene.run(['undo', ...args], { cwd: project.path })
const down = (name: string) => join(project.path, 'prisma/migrations', name, 'down.sql')

describe('without a database', () => {
  test('the history is replayed on an empty server, and the SQL that was proven is printed', async () => {
    const { result, stdout, left } = await undo('20240102000000_name', '--server-version', '16')
    expect(result).toMatchObject({
      outcome: 'done',
      reasonCode: 'undo_proven',
      undo: {
        kind: 'proven',
        migration: '20240102000000_name',
        server: expect.stringMatching(/^PostgreSQL 16\./),
        loses: [],
      },
      next: ['airlock undo 20240102000000_name --write'],
    })
    expect(result.undo?.notChecked).toContain('rows: there were none')
    expect(result.undo?.writtenSince.map(({ sql }) => sql)).toEqual(['SELECT count("name") FROM "public"."User"'])
    expect(stdout).toContain('ALTER TABLE "public"."User" DROP COLUMN "name";')
    expect(left).toEqual([])
    expect(existsSync(down('20240102000000_name'))).toBe(false)
  })

  test('--write puts it where the next run finds it, and never over what is there', async () => {
    const first = await undo('20240103000000_drop', '--write')
    expect(first.result.undo).toMatchObject({ kind: 'lossy', file: 'prisma/migrations/20240103000000_drop/down.sql' })
    const text = await readFile(down('20240103000000_drop'), 'utf8')
    expect(text).toContain('-- LOST: The column public.User.age comes back without its values')
    expect(text).toContain(`DELETE FROM "public"."_prisma_migrations" WHERE migration_name = '20240103000000_drop';`)
    const own = text.replace('COMMIT;', '-- mine\nCOMMIT;')
    await writeFile(down('20240103000000_drop'), own)
    const again = await undo('20240103000000_drop', '--write')
    expect(again.result.undo).toMatchObject({
      origin: { kind: 'own', file: 'prisma/migrations/20240103000000_drop/down.sql' },
    })
    expect(again.result.notices.join()).toContain('Nothing was written')
    expect(await readFile(down('20240103000000_drop'), 'utf8')).toBe(own)
    await undo('20240103000000_drop', '--write', '--overwrite')
    expect(await readFile(down('20240103000000_drop'), 'utf8')).not.toContain('-- mine')
  })

  test('a way back of the user that does not lead back is refused with what differs', async () => {
    const folder = join(project.path, 'prisma/rollbacks')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, '20240102000000_name_rollback.sql'), 'DROP INDEX "User_name_idx";\n')
    const run = await undo('20240102000000_name')
    expectFailure(run, 'UNDO.NOT_PROVEN')
    expect(run.result.failure?.what).toContain('prisma/rollbacks/20240102000000_name_rollback.sql')
    expect(run.result.failure?.why).toContain('left over: column public."User".name text')
  })

  test('rows that a migration writes over come back from a backup only', async () => {
    const run = await undo('20240104000000_fill')
    expectFailure(run, 'UNDO.IMPOSSIBLE')
    expect(run.result.failure?.why).toContain('public.User')
  })

  test('a file that cannot be read is no reason to write another one', async () => {
    await mkdir(down('20240101000000_init'))
    expectFailure(await undo('20240101000000_init'), 'UNDO.UNREADABLE')
  })

  test.each([
    ['a name that does not exist', ['20249999_nothing'], 'USAGE.INVALID', 'the last is `20240104000000_fill`'],
    ['no name', [], 'USAGE.INVALID', 'One migration'],
  ] as const)('%s is told', async (_what, args, code, why) => {
    const run = await undo(...args)
    expectFailure(run, code)
    expect(run.result.failure?.why).toContain(why)
  })

  test('a file that does not parse, and a history that needs more than its files, each get one message', async () => {
    await using other = await createProject({
      prisma: 6,
      migrations: {
        '20240101000000_needs': 'CREATE VIEW v AS SELECT * FROM nowhere;\n',
        '20240102000000_typo': 'ALTER TABEL x;\n',
        '20240103000000_fine': 'CREATE TABLE a (id INT);\n',
      },
    })
    const run = (name: string) => scene.run(['undo', name], { cwd: other.path })
    expectFailure(await run('20240102000000_typo'), 'SQL.SYNTAX')
    const stopped = await run('20240103000000_fine')
    expectFailure(stopped, 'UNDO.NOT_REPLAYED')
    expect(stopped.result.failure?.what).toContain('20240101000000_needs/migration.sql')
    expect(stopped.result.failure?.next.join()).toContain('--from')
  })

  test('beside Supabase migrations it goes where the CLI does not take it for one of them', async () => {
    await using other = await tempFolder()
    await mkdir(join(other.path, 'supabase/migrations'), { recursive: true })
    await writeFile(join(other.path, 'supabase/migrations/20240101000000_init.sql'), 'CREATE TABLE a (id int);\n')
    const run = () => scene.run(['undo', '20240101000000_init', '--write'], { cwd: other.path })
    await writeFile(join(other.path, 'supabase/rollbacks'), '')
    expectFailure(await run(), 'UNDO.NOT_WRITTEN')
    await rm(join(other.path, 'supabase/rollbacks'))
    expect((await run()).result.undo?.file).toBe('supabase/rollbacks/20240101000000_init_rollback.sql')
    expect((await run()).result.undo?.origin.kind).toBe('own')
  })
})

describe('on a backup', () => {
  let server: LabServer
  let folder: TempFolder
  let manifest: string
  beforeAll(async () => {
    server = await startServer(17)
    folder = await tempFolder()
    const databaseUrl = await server.createDatabase()
    await query(
      databaseUrl,
      `${migrations['20240101000000_init']}${migrations['20240102000000_name'].replace('CONCURRENTLY', '')}
       INSERT INTO "User" ("email", "age") SELECT n::text, CASE WHEN n % 4 = 0 THEN 'x' END FROM generate_series(1, 40) AS n;`,
    )
    const history = `CREATE TABLE _prisma_migrations (id text PRIMARY KEY, checksum text NOT NULL, finished_at timestamptz, migration_name text NOT NULL,
      logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0);
      INSERT INTO _prisma_migrations SELECT n, '', now(), n FROM unnest(ARRAY['20240101000000_init', '20240102000000_name']) AS n`
    await query(databaseUrl, history)
    const made = await scene.run(['backup', '--out', folder.path], { cwd: project.path, databaseUrl })
    expect(made.result).toMatchObject({ outcome: 'done' })
    manifest = made.result.backup?.manifest ?? ''
  })
  afterAll(async () => {
    await folder?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  test('the values that do not come back are counted', async () => {
    const { result, left } = await undo('20240103000000_drop', '--overwrite', '--from', manifest)
    expect(result.undo?.loses).toEqual([
      { kind: 'column', name: 'public.User.age', rows: 10, text: expect.stringContaining('10 rows had one') },
    ])
    expect(left).toEqual([])
  })

  test('what is in the backup already cannot be tried on it', async () => {
    expectFailure(await undo('20240102000000_name', '--from', manifest), 'UNDO.ALREADY_APPLIED')
  })
})

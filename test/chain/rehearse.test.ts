import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultSchema } from '../../src/result.ts'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { openScene, type Scene } from './scene.ts'

/** What is pending runs on the restored copy first, by the engine that is going to apply it. */

const init =
  'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT, "age" TEXT);\n' +
  'INSERT INTO "User" ("email", "age") SELECT \'a\' || n % 499, n::text FROM generate_series(1, 500) AS n;\n'
const unique = 'CREATE UNIQUE INDEX "User_email_key" ON "User"("email");\n'

let server: LabServer
let scene: Scene
beforeAll(async () => {
  server = await startServer(16)
  scene = await openScene()
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

interface Deployed {
  readonly project: LabProject
  readonly databaseUrl: string
  readonly deploy: (...args: readonly string[]) => ReturnType<Scene['run']>
}

/** With the first migration applied. */
async function deployed(engine: string, policy = ''): Promise<Deployed & AsyncDisposable> {
  const project = await createProject({
    prisma: engine === 'Prisma 6' ? 6 : 7,
    migrations: { '20240101000000_init': init },
    files: { 'airlock.yml': configOf(engine, 'backup: { strategy: none }') },
  })
  const databaseUrl = await server.createDatabase()
  const deploy: Deployed['deploy'] = (...args) => scene.run(['deploy', ...args], { cwd: project.path, databaseUrl })
  expect((await deploy()).result).toMatchObject({ outcome: 'applied' })
  await project.writeFile('airlock.yml', configOf(engine, policy))
  return { project, databaseUrl, deploy, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() }
}

function configOf(engine: string, policy: string): string {
  const apply = engine === 'atomic' ? 'atomic' : 'prisma'
  const production = ['require-approval: []', `apply: ${apply}`, ...(policy === '' ? [] : [policy])].join(', ')
  return `version: 1\nprisma: { engine: wasm }\nenvironments: { production: { ${production} } }\n`
}

const indexesOf = async (url: string) =>
  (await query<{ name: string }>(url, `SELECT indexname AS name FROM pg_indexes WHERE tablename = 'User'`)).map(
    ({ name }) => name,
  )

describe.each(['Prisma 6', 'Prisma 7', 'atomic'])('with %s', (engine) => {
  test('a migration that the data does not allow is refused, and production never sees it', async () => {
    await using shop = await deployed(engine)
    await shop.project.addMigration('20240102000000_more', 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n')
    await shop.project.addMigration('20240103000000_unique', unique)
    const stopped = await shop.deploy()
    expect(stopped.exitCode).toBe(3)
    expect(stopped.result).toMatchObject({ outcome: 'refused', reasonCode: 'rehearsal_failed', applied: [] })
    expect(stopped.result.reason).toContain('could not create unique index "User_email_key"')
    expect(stopped.result.reason).toContain('20240103000000_unique:1 2 rows of "User" have the same "email"')
    expect(stopped.result.next.join('\n')).toContain('rows_with_this_key > 1')
    expect(stopped.result.reason).not.toMatch(/\(a\d+\)/)
    expect(existsSync(stopped.result.backup?.manifest ?? '')).toBe(true)
    expect(stopped.left).toEqual([])
    expect(stopped.result.rehearsal?.undo).toMatchObject([
      { migration: '20240102000000_more', kind: 'proven', origin: { kind: 'generated' } },
      {
        migration: '20240103000000_unique',
        kind: 'not-proven',
        because: expect.stringContaining('did not go through'),
      },
    ])
    expect(await indexesOf(shop.databaseUrl)).toEqual(['User_pkey'])
    const recorded = 'SELECT migration_name FROM _prisma_migrations'
    expect(await query(shop.databaseUrl, recorded)).toEqual([{ migration_name: '20240101000000_init' }])

    await query(shop.databaseUrl, 'DELETE FROM "User" a USING "User" b WHERE a.email = b.email AND a.id > b.id')
    const applied = await shop.deploy()
    expect(applied.result, JSON.stringify(applied.result.failure)).toMatchObject({
      outcome: 'applied',
      applied: ['20240102000000_more', '20240103000000_unique'],
    })
    expect(applied.result.stages.find(({ name }) => name === 'rehearse')).toMatchObject({ outcome: 'pass' })
    expect(applied.left).toEqual([])
    // Nothing in it that the published schema does not know.
    for (const { result } of [stopped, applied]) expect(resultSchema.parse(result)).toEqual(result)
  })
})

describe('as the policy says', () => {
  test('nothing is rehearsed where it is switched off, and that is said', async () => {
    await using shop = await deployed('atomic', 'rehearse: off')
    await shop.project.addMigration('20240103000000_unique', unique)
    const { result } = await shop.deploy()
    expect(result.outcome).toBe('recovered')
    expect(result.stages.find(({ name }) => name === 'rehearse')).toMatchObject({
      outcome: 'skipped',
      summary: expect.stringContaining('not checked'),
    })
  })

  test('a rehearsal that was asked for and has no copy stops the deploy', async () => {
    await using shop = await deployed('atomic', 'rehearse: data, backup: { strategy: pg_dump, tier: decoded }')
    await shop.project.addMigration('20240103000000_unique', unique)
    const { exitCode, result } = await shop.deploy()
    expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'REHEARSAL.NO_COPY' })
    expect(await indexesOf(shop.databaseUrl)).toEqual(['User_pkey'])
  })

  test('a backup that leaves no copy is no obstacle where nothing was said', async () => {
    await using shop = await deployed('atomic', 'backup: { strategy: none }')
    await shop.project.addMigration('20240102000000_more', 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n')
    const { result } = await shop.deploy()
    expect(result.outcome).toBe('applied')
    expect(result.stages.find(({ name }) => name === 'rehearse')?.outcome).toBe('skipped')
  })
})

describe('the way back of each migration', () => {
  const lossy = '20240102000000_lossy'
  const rows = '20240103000000_rows'
  const own = '20240104000000_own'

  test('is run on the copy, and what it loses is in the report; it refuses nothing', async () => {
    await using shop = await deployed('Prisma 7')
    await shop.project.addMigration(lossy, 'ALTER TABLE "User" DROP COLUMN "age";\n')
    await shop.project.addMigration(rows, `UPDATE "User" SET "email" = upper("email") WHERE "id" <= 7;\n`)
    await shop.project.addMigration(own, 'CREATE INDEX "User_email_idx" ON "User"("email");\n')
    await shop.project.writeFile(`prisma/migrations/${own}/down.sql`, 'DROP INDEX "User_email_idx";\n')
    const { result, left, stdout } = await shop.deploy()
    expect(result.outcome).toBe('applied')
    expect(result.rehearsal?.undo).toMatchObject([
      { migration: lossy, kind: 'lossy', loses: [{ kind: 'column', name: 'public.User.age', rows: 500 }] },
      { migration: rows, kind: 'impossible', because: expect.stringContaining('7 rows of public.User') },
      { migration: own, kind: 'proven', origin: { kind: 'own', file: `prisma/migrations/${own}/down.sql` } },
    ])
    expect(left).toEqual([])
    expect(resultSchema.parse(result)).toEqual(result)
    expect(stdout).not.toBe('')
  })

  test.each([
    [
      'Prisma 6',
      [
        [0, 'again', 'again'],
        [3, 'recorded', undefined],
      ],
    ],
    [
      'Prisma 7',
      [
        [0, 'again', 'again'],
        [1, 'person', 'person'],
        [2, 'person', 'person'],
        [3, 'recorded', undefined],
      ],
    ],
  ] as const)(
    'what a deploy with %s leaves that ends inside of a migration is in the report, and what the next one does then',
    async (engine, expected) => {
      await using shop = await deployed(engine, 'backup: { strategy: pg_dump, tier: restored }')
      const parts =
        'ALTER TABLE "User" ADD COLUMN "a" INT;\nUPDATE "User" SET "a" = 1;\nCREATE INDEX "User_a_idx" ON "User"("a");\n'
      await shop.project.addMigration('20240102000000_parts', parts)
      const { result, left } = await shop.deploy()
      expect(result.outcome).toBe('applied')
      expect(resultSchema.parse(result)).toEqual(result)
      const [{ states = [], notTried = [] } = {}] = result.rehearsal?.halfway ?? []
      expect(notTried).toEqual([])
      expect(states.map(({ inForce, killed, refused }) => [inForce, killed.next, refused?.next])).toEqual(expected)
      expect(states.some(({ killed, refused }) => killed.wrong || refused?.wrong === true)).toBe(false)
      expect(left).toEqual([])
    },
  )

  test('is left out where the policy says so, and that is said', async () => {
    await using shop = await deployed('Prisma 7', 'undo: off')
    await shop.project.addMigration(lossy, 'ALTER TABLE "User" DROP COLUMN "age";\n')
    const { result } = await shop.deploy()
    expect(result.rehearsal?.undo).toEqual([])
    expect(result.rehearsal?.notChecked).toContain('the way back: airlock.yml says `undo: off`')
  })
})

describe('as a command', () => {
  test('says what the data refuses, of the database and again from a backup without it, and changes nothing', async () => {
    await using shop = await deployed('atomic')
    await shop.project.addMigration('20240103000000_unique', unique)
    const here = { cwd: shop.project.path, databaseUrl: shop.databaseUrl }
    const live = await scene.run(['rehearse'], here)
    expect({ exitCode: live.exitCode, code: live.result.reasonCode }).toEqual({ exitCode: 3, code: 'rehearsal_failed' })
    expect(live.left).toEqual([])
    expect(live.result.backup).toBeUndefined()

    const written = (await scene.run(['backup', '--out', 'copies'], here)).result.backup?.manifest ?? ''
    const from = await scene.run(['rehearse', '--from', written], { cwd: shop.project.path })
    expect({ exitCode: from.exitCode, code: from.result.reasonCode }).toEqual({ exitCode: 3, code: 'rehearsal_failed' })
    expect(from.result).toMatchObject({
      applied: [],
      next: expect.arrayContaining([`airlock rehearse --from ${written}`]),
    })
    expect(from.result.digest).toBeUndefined()

    await shop.project.writeFile(
      'prisma/migrations/20240103000000_unique/migration.sql',
      'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n',
    )
    const corrected = await scene.run(['rehearse', '--from', written], { cwd: shop.project.path })
    expect(corrected.result).toMatchObject({ outcome: 'done', reasonCode: 'rehearsed', applied: [] })
    expect([...from.left, ...corrected.left]).toEqual([])
    expect(await indexesOf(shop.databaseUrl)).toEqual(['User_pkey'])
  })

  test('a role that a migration creates is not there for the second run', async () => {
    await using shop = await deployed('atomic')
    await shop.project.addMigration(
      '20240104000000_role',
      'CREATE ROLE reporting;\nGRANT SELECT ON "User" TO reporting;\nCREATE TABLE "Report" (id INT);\nALTER TABLE "Report" OWNER TO reporting;\n',
    )
    const { result } = await scene.run(['rehearse'], { cwd: shop.project.path, databaseUrl: shop.databaseUrl })
    expect(result).toMatchObject({ outcome: 'done', reasonCode: 'rehearsed' })
  })

  test('knows the schema of the URL, also one that is not there yet, and the roles and settings of production', async () => {
    await query(server.superuserUrl(), 'CREATE ROLE readonly')
    await using project = await createProject({
      prisma: 7,
      migrations: {
        '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "at" TIMESTAMP);\n',
        '20240102000000_grant': `GRANT SELECT ON "User" TO readonly;\nINSERT INTO "User" ("at") VALUES ('13.02.2024');\n`,
      },
      files: { 'airlock.yml': configOf('Prisma 7', '') },
    })
    const url = await server.createDatabase()
    const name = new URL(url).pathname.slice(1)
    await query(server.superuserUrl(), `ALTER DATABASE "${name}" SET datestyle = 'ISO, DMY'`)
    const { result } = await scene.run(['deploy'], { cwd: project.path, databaseUrl: `${url}?schema=shop` })
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({ outcome: 'applied' })
    expect(result.stages.find((stage) => stage.name === 'rehearse')?.outcome).toBe('pass')
    expect(await query(url, 'SELECT "at"::text FROM shop."User"')).toEqual([{ at: '2024-02-13 00:00:00' }])
  })

  test('what must not run on a copy is not rehearsed, and that is said', async () => {
    await using shop = await deployed('atomic')
    await shop.project.addMigration('20240104000000_vector', 'CREATE EXTENSION vector;\n')
    const { result } = await scene.run(['rehearse'], { cwd: shop.project.path, databaseUrl: shop.databaseUrl })
    expect(result.failure).toMatchObject({
      code: 'REHEARSAL.NOT_POSSIBLE',
      why: '20240104000000_vector:1 the extension vector is not on the scratch server',
    })
  })

  test('has nothing to do where nothing is pending', async () => {
    await using shop = await deployed('atomic')
    const { exitCode, result } = await scene.run(['rehearse'], {
      cwd: shop.project.path,
      databaseUrl: shop.databaseUrl,
    })
    expect({ exitCode, outcome: result.outcome }).toEqual({ exitCode: 0, outcome: 'nothing-pending' })
  })
})

import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultSchema } from '../../src/result.ts'
import type { DataCheck } from '../../src/stages/rehearse/data/data-check.ts'
import { createProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { openScene, type Scene, type SceneOptions, type SceneRun } from './scene.ts'
import { additive, init, initName, openShop, pendingName, type Shop } from './shop.ts'

/** What a rehearsal asks of the data, once the migrations went through on the copy. */

let shop: Shop
let scene: Scene
beforeAll(async () => {
  scene = await openScene()
  shop = await openShop(17)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

interface Wanted extends Pick<SceneOptions, 'env' | 'secrets'> {
  readonly apply?: 'prisma' | 'atomic'
  /** The owner of the database where nothing is said. */
  readonly as?: 'superuser'
  /** More of the environment, as airlock.yml has it between braces. */
  readonly policy?: string
  readonly sql?: string
  readonly files?: Readonly<Record<string, string>>
  /** In production, before anything runs. */
  readonly before?: string
  /** Run once more, with the digest of the first run. */
  readonly approved?: true
  readonly shop?: Shop
}

const schemaOnly = 'backup: { strategy: none }, rehearse: schema'

interface Ran {
  /** Before the digest was given; the same as `run` where it was not. */
  readonly first: SceneRun
  readonly run: SceneRun
  readonly checks: readonly DataCheck[]
  readonly url: string
}

async function run(command: 'deploy' | 'rehearse', wanted: Wanted): Promise<Ran> {
  const { shop: on = shop } = wanted
  const { apply = 'atomic', policy = '', sql = additive, files = {}, before, env = {}, secrets = [] } = wanted
  const database = await on.copy()
  const url = on.server.superuserUrl(database)
  if (before !== undefined) await query(url, before)
  const more = policy === '' ? '' : `, ${policy}`
  await using project = await createProject({
    prisma: 7,
    migrations: { [initName]: init, [pendingName]: sql },
    files: {
      'airlock.yml': `version: 1\nprisma: { engine: wasm }\nenvironments: { production: { apply: ${apply}, require-approval: []${more} } }\n`,
      ...files,
    },
  })
  const options = {
    cwd: project.path,
    databaseUrl: wanted.as === 'superuser' ? url : on.server.ownerUrl(database),
    env,
    secrets,
  }
  const first = await scene.run([command], options)
  const digest = first.result.digest ?? ''
  const ran = wanted.approved === true ? await scene.run([command, '--approve', digest], options) : first
  expect(resultSchema.parse(ran.result)).toEqual(ran.result)
  expect(ran.left).toEqual([])
  return { first, run: ran, checks: ran.result.rehearsal?.checks ?? [], url }
}

const refused = { exitCode: 3, result: { outcome: 'refused', reasonCode: 'rehearsal_failed', applied: [] } }
const kindOf = (checks: readonly DataCheck[], kind: DataCheck['kind']) => checks.filter((one) => one.kind === kind)

describe('a second deploy', () => {
  test.each(['prisma', 'atomic'] as const)(
    'with apply: %s finds nothing to do on the copy, and the report says so',
    async (apply) => {
      const { run: ran, checks } = await run('rehearse', { apply })
      expect(ran.result).toMatchObject({ outcome: 'done', reasonCode: 'rehearsed' })
      const [second] = kindOf(checks, 'second-deploy')
      expect(second).toMatchObject({ outcome: 'pass' })
      expect(second?.text).toContain(
        apply === 'prisma'
          ? 'Prisma finds nothing pending and changes neither'
          : 'nothing is pending, 2 migrations applied',
      )
      expect(ran.stdout).toContain(`data: a second deploy: ${second?.text}`)
    },
  )

  test('that writes rows, because every login does now, stops the deploy', async () => {
    const sql = `CREATE TABLE "Login" (at TIMESTAMPTZ);
CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public."Login" VALUES (now()); END';
CREATE EVENT TRIGGER seen ON login EXECUTE FUNCTION seen();\n`
    const { run: ran } = await run('rehearse', { apply: 'prisma', sql, as: 'superuser' })
    expect(ran).toMatchObject(refused)
    expect(ran.result.reason).toContain('a second deploy: it writes rows: public.Login')
  })
})

const pg = createRequire(import.meta.url).resolve('pg')
/** A program of the user's, as a project has one. */
const seedFile = (sql: string) => `import pg from ${JSON.stringify(pg)}
const { DATABASE_URL, REPORTING_URL, PGPASSWORD } = process.env
const client = new pg.Client({ connectionString: DATABASE_URL.replace('sslmode=prefer', 'sslmode=disable') })
await client.connect()
console.log('other connections:', REPORTING_URL === DATABASE_URL, PGPASSWORD === undefined)
await client.query(${JSON.stringify(sql)})
await client.end()
`
const seeded = (sql: string): Wanted => ({
  policy: 'hooks: { seed: [[node, seed.mjs]] }',
  files: { 'seed.mjs': seedFile(sql) },
})
const before =
  'CREATE TABLE "Tag" (name TEXT UNIQUE, at TIMESTAMPTZ); ALTER TABLE "Tag" OWNER TO app_owner; INSERT INTO "Tag" VALUES (\'a\')'

describe('a seed', () => {
  test('that can run twice does so on the copy, and once in production after the deploy', async () => {
    const sql = `INSERT INTO "Tag" VALUES ('a', now()), ('b', now()) ON CONFLICT (name) DO UPDATE SET at = now()`
    const {
      run: ran,
      checks,
      url,
    } = await run('deploy', {
      ...seeded(sql),
      before,
      env: { REPORTING_URL: 'postgresql://nobody:secretary@production.test/shop', PGPASSWORD: 'secretary' },
    })
    expect(ran.result).toMatchObject({ outcome: 'applied' })
    expect(ran.result.notices.join()).not.toContain('hooks.seed')
    expect(kindOf(checks, 'seed')).toEqual([
      {
        kind: 'seed',
        name: 'hooks.seed',
        outcome: 'pass',
        text: 'run twice, and the second run leaves as many rows as the first: "Tag" 1 → 2 → 2; it writes over or replaces 2 rows each time',
        rows: [{ table: 'public.Tag', counts: [1, 2, 2] }],
      },
    ])
    expect(ran.stderr).toContain('on the copy: the seed runs, for the second time')
    expect(ran.stderr).toContain('on the copy: other connections: true true')
    expect(await query(url, 'SELECT name FROM "Tag" ORDER BY 1')).toEqual([{ name: 'a' }, { name: 'b' }])
  })

  test.each([
    [
      'adds its rows again',
      `INSERT INTO "Tag" VALUES (NULL), (NULL)`,
      'the second run changes the number of rows again: "Tag" 1 → 3 → 5',
    ],
    [
      'fails when it runs again',
      `INSERT INTO "Tag" VALUES ('marker')`,
      'it fails when it runs again: `node` ended with',
    ],
  ])('that %s stops the deploy, and production never sees it', async (_what, sql, why) => {
    const { run: ran, url } = await run('deploy', { ...seeded(sql), before })
    expect(ran).toMatchObject(refused)
    expect(ran.result.reason).toContain(`hooks.seed: ${why}`)
    expect(ran.result.reason).not.toContain('marker')
    expect(await query(url, 'SELECT name FROM "Tag"')).toEqual([{ name: 'a' }])
  })

  test('does not run where a variable of its own still leads to production, and the report names the variable', async () => {
    const { run: ran, checks } = await run('rehearse', {
      ...seeded(`INSERT INTO "Tag" VALUES ('b')`),
      before,
      env: { SHOP_DB_HOST: '127.0.0.1' },
    })
    expect(ran.exitCode).toBe(0)
    expect(kindOf(checks, 'seed')).toMatchObject([
      { outcome: 'not-checked', text: expect.stringContaining('it was not run: the variable SHOP_DB_HOST leads to') },
    ])
    expect(ran.stderr).not.toContain('other connections')
  })

  test('that empties its table and fills it again is counted as far as it can be; the other hooks do not run there', async () => {
    const { run: ran, checks } = await run('rehearse', {
      ...seeded(`TRUNCATE "Tag"; INSERT INTO "Tag" VALUES ('x'), ('y'), ('z')`),
      policy:
        'hooks: { seed: [[node, seed.mjs]], before-deploy: [[sh, -c, "echo paused"]], after-deploy: [[sh, -c, "echo told"]] }',
      before,
    })
    expect(ran.stderr).not.toMatch(/paused|told/)
    expect(ran.exitCode).toBe(0)
    expect(kindOf(checks, 'seed')).toMatchObject([
      { outcome: 'pass', rows: [{ table: 'public.Tag', counts: [null, 3, 3] }] },
    ])
  })
})

const assertions = (list: string) => `assertions: [${list}]`

describe('an assertion', () => {
  test('that holds is told; the tables that the plan writes are compared', async () => {
    const sql = `ALTER TABLE "User" ADD COLUMN "name" TEXT;\nUPDATE "User" SET "name" = upper("email");\n`
    const { run: ran, checks } = await run('deploy', {
      sql,
      policy: assertions(
        `{ name: addresses stay, sql: 'SELECT id, email FROM "User"', expect: same },
         { name: names, sql: 'SELECT FROM "User" WHERE name IS NULL;' },
         { name: somebody is there, sql: 'SELECT 1 FROM "User"', expect: rows, when: both },
         { name: one of them, sql: 'SELECT count(*) AS answer FROM "User"', expect: { value: "1" }, when: before }`,
      ),
    })
    expect(ran.result.outcome).toBe('applied')
    expect(checks.map(({ kind, name, outcome, text }) => `${kind} ${outcome} ${name}: ${text}`)).toEqual([
      'table pass tables beside the plan: no row of them was written',
      'table pass "User": 1 row, and the 2 columns that the plan leaves alone have the same values',
      'assertion pass addresses stay: holds before and after the migrations',
      'assertion pass names: holds after the migrations',
      'assertion pass somebody is there: holds before and after the migrations',
      'assertion pass one of them: holds before the migrations',
      'second-deploy pass a second deploy: nothing is pending, 2 migrations applied',
    ])
  })

  test('that does not hold stops the deploy with its name and counts, and no value', async () => {
    const sql = `UPDATE "User" SET "email" = 'marker-' || id;\n`
    const { run: ran, url } = await run('deploy', {
      sql,
      before: `INSERT INTO "User" (email) VALUES ('secret-value')`,
      secrets: ['marker-1', 'secret-value'],
      policy: assertions(
        `{ name: addresses stay, sql: 'SELECT email FROM "User"', expect: same },
         { name: at signs, sql: "SELECT * FROM \\"User\\" WHERE email NOT LIKE '%@%'", when: both },
         { name: an address, sql: 'SELECT max(email) FROM "User"', expect: { value: "x" } },
         { name: a number, sql: 'SELECT email::int FROM "User"' },
         { name: two at once, sql: 'SELECT 1; COMMIT' },
         { name: writes, sql: 'SELECT nextval(''"User_id_seq"'')' }`,
      ),
    })
    expect(ran).toMatchObject(refused)
    for (const line of [
      'addresses stay: its answer after the migrations is another one than before (2 rows both times)',
      'at signs: before the migrations it finds 1 row, and should find none; after the migrations it finds 2 rows, and should find none',
      'an address: after the migrations it answers with another value',
      'a number: after the migrations its query fails: invalid input syntax for type integer: "…"',
      'two at once: after the migrations its query fails: it is not one SELECT',
      'writes: after the migrations its query fails: cannot execute nextval() in a read-only transaction',
    ])
      expect(ran.result.reason).toContain(line)
    expect(await query(url, `SELECT FROM "User" WHERE email LIKE 'marker%'`)).toEqual([])
  })

  test('is said not to be checked where nothing is rehearsed, as is a seed', async () => {
    const { run: ran } = await run('deploy', {
      policy: `rehearse: off, hooks: { seed: [['true']] }, ${assertions('{ name: a, sql: SELECT 1 }')}`,
    })
    expect(ran.result.notices).toContain('`hooks.seed` was not tried on a copy: airlock.yml says `rehearse: off`.')
    expect(ran.result.notices.join()).toContain(
      '1 assertion of airlock.yml not checked: airlock.yml says `rehearse: off`',
    )
  })
})

describe('on the tables without their rows', () => {
  const marker = `INSERT INTO "User" (email) VALUES ('marker')`

  test('what is pending goes through without a backup; what rows would show is said not to be known', async () => {
    const sql = `CREATE UNIQUE INDEX "User_email_key" ON "User"("email");\nUPDATE "User" SET "email" = lower("email");\n`
    const {
      run: ran,
      checks,
      url,
    } = await run('deploy', {
      policy: `${schemaOnly}, ${assertions('{ name: a, sql: SELECT 1 }')}`,
      sql,
      before: marker,
      secrets: ['marker'],
    })
    expect(ran.result).toMatchObject({ outcome: 'applied', rehearsal: { mode: 'schema' } })
    expect(ran.stdout).toContain('The migration ran on an empty copy of production’s schema')
    expect(ran.stdout).toContain('not checked: whether the rows allow it: the copy has none')
    expect(ran.result.notices).toContain('1 assertion of airlock.yml not checked: the copy has no rows.')
    expect(checks.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['second-deploy pass'])
    const [file] = ran.result.rehearsal?.estimate.files ?? []
    expect(file?.statements.map(({ duration }) => duration.kind)).toEqual(['unknown', 'unknown'])
    expect(file?.statements.map(({ rows }) => rows)).toEqual([null, 0])
    expect(await query(url, 'SELECT FROM "User"')).toHaveLength(2)
  })

  test('what fails without any row is refused, and what may only miss rows needs an approval', async () => {
    const index = 'CREATE INDEX "User_now" ON "User" (("email" || now()::text));\n'
    const { run: ran } = await run('deploy', { policy: schemaOnly, sql: index })
    expect(ran).toMatchObject(refused)
    expect(ran.result.reason).toMatch(
      /^On an empty copy of the schema .*\n.*\nfunctions in index expression must be marked IMMUTABLE/,
    )

    const order = `CREATE TABLE "Order" (id SERIAL PRIMARY KEY, "userId" INT NOT NULL REFERENCES "User" (id));\nINSERT INTO "Order" ("userId") VALUES (1);\n`
    const {
      first: stopped,
      run: approved,
      url,
    } = await run('deploy', { policy: schemaOnly, sql: order, approved: true })
    expect(stopped).toMatchObject(refused)
    expect(stopped.result.reason).toContain('stopped on a copy that has no rows, and may only miss those')
    expect(stopped.result.next.join()).toContain('approve the plan by its digest')
    expect(approved.result.outcome).toBe('applied')
    expect(approved.result.notices.join()).toMatch(/Nothing was rehearsed to its end: \S+:2 stopped on a copy/)
    expect(await query(url, 'SELECT FROM "Order"')).toHaveLength(1)
  })

  test('the history comes along, also from an old server and with the program of a newer one', async () => {
    await using old = await openShop(14)
    const { run: ran } = await run('rehearse', { shop: old, policy: schemaOnly, before: marker, secrets: ['marker'] })
    expect(ran.result).toMatchObject({ outcome: 'done', reasonCode: 'rehearsed' })
    expect(ran.result.reason).toContain('1 migration went through on an empty copy of the schema')
    expect(ran.result.stages.map(({ name }) => name)).not.toContain('backup')
  })
})

describe('a mask', () => {
  const people = `INSERT INTO "User" (email) SELECT 'marker-' || n FROM generate_series(1, 3) n`
  // The one that reads the other comes first in the order of names.
  const kept = `CREATE MATERIALIZED VIEW "Z" AS SELECT email FROM "User"; CREATE MATERIALIZED VIEW "A" AS SELECT email FROM "Z";
ALTER MATERIALIZED VIEW "Z" OWNER TO app_owner; ALTER MATERIALIZED VIEW "A" OWNER TO app_owner`
  // What is raised, and what a key has twice, would be quoted by the server.
  const sql = `DO $$ DECLARE found TEXT; BEGIN SELECT string_agg("email", ',') INTO found FROM "User"; RAISE WARNING 'seen %', found; END $$;
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");\n`

  test('is run on the copy before anything else: no value that it replaced is anywhere, and production keeps its own', async () => {
    const { run: ran, url } = await run('rehearse', {
      apply: 'prisma',
      sql,
      before: `${people}; ${kept}`,
      secrets: ['marker-'],
      policy: `mask: prisma/mask.sql, ${assertions('{ name: masked, sql: \'SELECT email FROM "User" WHERE email NOT LIKE $$masked%$$ UNION ALL SELECT email FROM "A" WHERE email NOT LIKE $$masked%$$\', when: both }')}`,
      files: { 'prisma/mask.sql': `UPDATE "User" SET email = 'masked ' || id;\n` },
    })
    expect(ran.result).toMatchObject({ outcome: 'done', reasonCode: 'rehearsed' })
    expect(ran.result.rehearsal?.notChecked).toContain(
      'what `mask` wrote: those values are not production’s ("User": 4 rows)',
    )
    expect(await query(url, `SELECT FROM "User" WHERE email LIKE 'marker-%'`)).toHaveLength(3)
  })

  test.each([
    ['raises', `"DO $$BEGIN RAISE 'marker-1'; END$$"`, 'RAISE in'],
    ['does not commit', `'BEGIN; UPDATE "User" SET email = id'`, 'It leaves its transaction open'],
    ['is not there', 'prisma/mask.sql', 'prisma/mask.sql cannot be read: ENOENT'],
  ])(
    'that %s stops the deploy: the backup stays, the copy goes, production is not touched',
    async (_what, mask, why) => {
      const { run: ran, url } = await run('deploy', {
        before: people,
        secrets: ['marker-'],
        policy: `mask: ${mask}`,
      })
      expect(ran).toMatchObject({ exitCode: 2, result: { reasonCode: 'REHEARSAL.MASK_FAILED', applied: [] } })
      expect(ran.result.failure?.why).toContain(why)
      expect(ran.result.backup?.tier).toBe('compared')
      expect(
        await query(url, `SELECT FROM pg_attribute WHERE attname = 'name' AND attrelid = '"User"'::regclass`),
      ).toEqual([])
    },
  )
})

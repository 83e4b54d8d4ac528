import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDrizzleProject, type DrizzleFile, type DrizzleLab, hashOf } from '../lab/drizzle.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { expectFailure, openScene, type Scene, type SceneRun } from './scene.ts'

/** A Drizzle project goes the whole way, and Drizzle and Airlock take each other's history for their own. */

let scene: Scene
let server: LabServer
beforeAll(async () => {
  scene = await openScene()
  server = await startServer(17)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

const policy = 'version: 1\nenvironments: { production: { require-approval: [], backup: { strategy: none } } }\n'

const init: DrizzleFile = {
  tag: '0000_init',
  when: 1_700_000_000_000,
  sql: 'CREATE TABLE "users" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"email" text NOT NULL\n);\n--> statement-breakpoint\nCREATE TABLE "posts" ("id" serial PRIMARY KEY NOT NULL, "author" integer);\n',
}
const key: DrizzleFile = {
  tag: '0001_key',
  when: 1_700_000_100_000,
  // The statement before the marker has no semicolon: Drizzle sends it on its own all the same.
  sql: 'ALTER TABLE "posts" ADD CONSTRAINT "posts_author_fk" FOREIGN KEY ("author") REFERENCES "users"("id")\n--> statement-breakpoint\nINSERT INTO "users" ("email") VALUES (\'ada@shop.test\');',
}
const late: DrizzleFile = {
  tag: '0002_late',
  when: 1_700_000_200_000,
  sql: 'ALTER TABLE "users" ADD COLUMN "name" text;',
}

interface Play extends AsyncDisposable {
  readonly project: DrizzleLab
  readonly url: string
  airlock(...args: readonly string[]): Promise<SceneRun>
  /** What Drizzle has recorded, in its order. */
  history(): Promise<readonly { readonly hash: string; readonly created_at: string }[]>
}

async function play(files: readonly DrizzleFile[], more: Readonly<Record<string, string>> = {}): Promise<Play> {
  const project = await createDrizzleProject({ 'airlock.yml': policy, ...more })
  await project.write(files)
  const url = await server.createDatabase()
  const options = { cwd: await realpath(project.path), databaseUrl: url }
  return {
    project,
    url,
    airlock: (...args) => scene.run([...args, '--format', 'json'], options),
    history: () => query(url, 'SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id'),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

const recorded = ({ sql, when }: DrizzleFile) => ({ hash: hashOf(sql), created_at: String(when) })

describe('a Drizzle project', () => {
  test('is deployed, and Drizzle finds its own history and nothing to do', async () => {
    await using deploy = await play([init, key])
    const ran = await deploy.airlock('deploy')
    expect(ran.result).toMatchObject({ outcome: 'applied', applied: [init.tag, key.tag] })
    expect(ran.exitCode).toBe(0)
    expect(await deploy.history()).toEqual([recorded(init), recorded(key)])
    await deploy.project.migrate(deploy.url)
    expect(await deploy.history()).toHaveLength(2)
    expect(await query(deploy.url, 'SELECT email FROM users')).toEqual([{ email: 'ada@shop.test' }])
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'nothing-pending' })
    expect((await deploy.airlock('verify')).result).toMatchObject({ outcome: 'done', reasonCode: 'verified' })
    expect((await deploy.airlock('doctor')).result).toMatchObject({ outcome: 'done', reasonCode: 'ready' })
  })

  test('is deployed where Drizzle left off, and the other way round', async () => {
    await using deploy = await play([init])
    await deploy.project.migrate(deploy.url)
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
    await deploy.project.write([init, key])
    expect((await deploy.airlock('plan')).result).toMatchObject({
      outcome: 'clear',
      migrations: [{ name: key.tag, atomic: true }],
    })
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: [key.tag] })
    await deploy.project.write([init, key, late])
    await deploy.project.migrate(deploy.url)
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
    expect(await deploy.history()).toEqual([init, key, late].map(recorded))
  })

  test('gets the very table that Drizzle would have made', async () => {
    await using byAirlock = await play([init])
    await using byDrizzle = await play([init])
    await byAirlock.airlock('deploy')
    await byDrizzle.project.migrate(byDrizzle.url)
    const shape = (url: string) =>
      query(
        url,
        `SELECT c.relname, c.relkind, c.relnamespace::regnamespace::text AS schema, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid) AS value
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE c.relnamespace = 'drizzle'::regnamespace ORDER BY 1, a.attnum`,
      )
    expect(await shape(byAirlock.url)).toEqual(await shape(byDrizzle.url))
  })

  test('that fails leaves nothing of the file behind, and goes on once it is corrected', async () => {
    const broken = {
      ...late,
      sql: `${late.sql}\n--> statement-breakpoint\nINSERT INTO "users" ("id", "email") SELECT 1, 'twice@shop.test';`,
    }
    await using deploy = await play([init, key, broken])
    const ran = await deploy.airlock('deploy')
    expect(ran).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', applied: [init.tag, key.tag] } })
    expect(ran.result.reason).toContain(`failed: ${late.tag}`)
    expect(await deploy.history()).toHaveLength(2)
    const again = await deploy.airlock('deploy')
    expect(again).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', applied: [] } })
    await deploy.project.write([init, key, late])
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: [late.tag] })
    await deploy.project.migrate(deploy.url)
    expect(await deploy.history()).toEqual([init, key, late].map(recorded))
  })

  test('the first of whose files fails is back where it was', async () => {
    await using deploy = await play([{ ...init, sql: `${init.sql}SELECT 1 / 0;` }])
    expect(await deploy.airlock('deploy')).toMatchObject({ exitCode: 4, result: { outcome: 'recovered' } })
    expect(await query(deploy.url, "SELECT to_regclass('users') AS users")).toEqual([{ users: null }])
  })

  test('that builds an index concurrently is recorded only when it is there', async () => {
    const index = {
      ...late,
      sql: `${late.sql}\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY "users_email" ON "users" ("email");`,
    }
    await using deploy = await play([init, key, index])
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied' })
    await deploy.project.migrate(deploy.url)
    expect(await deploy.history()).toEqual([init, key, index].map(recorded))
  })

  test('that stops half-way in such a file goes on behind what is in force', async () => {
    const half = `${late.sql}\n--> statement-breakpoint\nCREATE UNIQUE INDEX CONCURRENTLY "users_email" ON "users" ("email");`
    await using other = await play([init, key])
    await other.airlock('deploy')
    await query(other.url, "INSERT INTO users (email) VALUES ('ada@shop.test')")
    await other.project.write([init, key, { ...late, sql: half }])
    const stopped = await other.airlock('deploy')
    expect(stopped).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', failed: [late.tag] } })
    expect(await other.history()).toHaveLength(2)
    await query(other.url, 'DELETE FROM users WHERE id > 1')
    expect((await other.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: [late.tag] })
    expect(await other.history()).toHaveLength(3)
    expect(await query(other.url, 'SELECT FROM drizzle._airlock_migrations')).toEqual([])
  })

  test.each(['--applied', '--rolled-back'] as const)(
    'whose half-applied file was changed where it is in force is refused, until a person records what is so (%s)',
    async (as) => {
      const half = `${late.sql}\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY "users_none" ON "users" ("none");`
      await using deploy = await play([init, key, { ...late, sql: half }])
      expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'needs-human', failed: [late.tag] })
      await deploy.project.write([init, key, { ...late, sql: `${half} `.replace('"name" text', '"name" varchar') }])
      const refused = await deploy.airlock('deploy')
      expectFailure(refused, 'HISTORY.FAILED_MIGRATION')
      expect(refused.result.failure?.why).toContain('the part of the file that is in force was changed since')
      const [applied = '', rolledBack = ''] = refused.result.next
        .filter((line) => /; DELETE|^DELETE/.test(line))
        .toReversed()
      if (as === '--applied') {
        await query(deploy.url, applied)
        await deploy.project.migrate(deploy.url)
        expect((await deploy.airlock('deploy')).result.failure?.code).toBe('HISTORY.EDITED')
        expect(await deploy.history()).toEqual([recorded(init), recorded(key), recorded({ ...late, sql: half })])
      } else {
        await query(deploy.url, `ALTER TABLE users DROP COLUMN name; ${rolledBack}`)
        await deploy.project.write([init, key, late])
        expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: [late.tag] })
      }
    },
  )

  test('with an edited file is refused, and the SQL that accepts the new text works', async () => {
    await using deploy = await play([init])
    await deploy.project.migrate(deploy.url)
    await deploy.project.write([{ ...init, sql: `-- edited\n${init.sql}` }])
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'HISTORY.EDITED')
    await query(deploy.url, ran.result.next.at(-1) ?? '')
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
  })

  test('with a migration that Drizzle would pass over for ever is refused', async () => {
    await using deploy = await play([init, late])
    await deploy.project.migrate(deploy.url)
    await deploy.project.write([init, late, key])
    await deploy.project.migrate(deploy.url)
    expect(await deploy.history()).toHaveLength(2)
    expectFailure(await deploy.airlock('deploy'), 'HISTORY.NEVER_APPLIED')
  })

  test('whose database is ahead of the folder is refused', async () => {
    await using deploy = await play([init, key])
    await deploy.project.migrate(deploy.url)
    await deploy.project.write([init])
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'HISTORY.MISSING_FROM_FOLDER')
    expect(ran.result.next).toContain(`git log --all --oneline -S ${key.when} -- '*_journal.json'`)
  })

  test('with tables and no history is refused, and what is said records what is there', async () => {
    await using deploy = await play([init, key])
    await query(deploy.url, init.sql)
    const ran = await deploy.airlock('deploy')
    expectFailure(ran, 'HISTORY.NOT_BASELINED')
    await query(deploy.url, ran.result.next.filter((line) => /^(CREATE|INSERT)/.test(line)).join('\n'))
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied', applied: [key.tag] })
    await deploy.project.migrate(deploy.url)
    expect(await deploy.history()).toEqual([recorded(init), recorded(key)])
  })

  test('keeps its history where drizzle.config says', async () => {
    await using deploy = await play([init], {
      'drizzle.config.ts': `import type { Config } from 'drizzle-kit'\nexport default { dialect: 'postgresql', out: 'drizzle', dbCredentials: { url: process.env.PG_URL ?? '' }, migrations: { schema: 'public', table: 'made' } } satisfies Config\n`,
    })
    expect((await deploy.airlock('deploy')).result).toMatchObject({ outcome: 'applied' })
    expect(await query(deploy.url, 'SELECT hash FROM made')).toEqual([{ hash: hashOf(init.sql) }])
    expect((await deploy.airlock('deploy')).result.outcome).toBe('nothing-pending')
  })

  test('goes through the gate with its digest, and behind a backup that knows its history', async () => {
    const drop = { ...late, sql: 'ALTER TABLE "users" DROP COLUMN "email";' }
    await using deploy = await play([init, key], {
      'airlock.yml': 'version: 1\nenvironments: { production: { backup: { tier: decoded } } }\n',
    })
    await deploy.project.migrate(deploy.url)
    await deploy.project.write([init, key, drop])
    const refused = await deploy.airlock('deploy')
    expect(refused).toMatchObject({ exitCode: 3, result: { outcome: 'refused', reasonCode: 'approval_missing' } })
    const digest = refused.result.digest ?? ''
    const out = join(deploy.project.path, 'kept')
    const ran = await deploy.airlock('deploy', '--approve', digest, '--backup-dir', out)
    expect(ran).toMatchObject({ exitCode: 0, result: { outcome: 'applied', backup: { tier: 'decoded' } } })
    const manifest: unknown = JSON.parse(await readFile(ran.result.backup?.manifest ?? '', 'utf8'))
    expect(manifest).toMatchObject({ migrations: { head: String(key.when), applied: 2 } })
    await deploy.project.migrate(deploy.url)
    expect(await deploy.history()).toEqual([init, key, drop].map(recorded))
  })

  test('of a role that may not make the schema of its history is refused before anything is done', async () => {
    await using deploy = await play([init])
    await query(server.superuserUrl(), 'CREATE DATABASE foreign_one')
    await query(server.superuserUrl(), "CREATE ROLE guest LOGIN PASSWORD 'his pass'")
    await query(server.superuserUrl('foreign_one'), 'GRANT CREATE ON SCHEMA public TO guest')
    const url = new URL(server.superuserUrl('foreign_one'))
    url.username = 'guest'
    url.password = 'his pass'
    const ran = await scene.run(['deploy', '--format', 'json'], { cwd: deploy.project.path, databaseUrl: url.href })
    expectFailure(ran, 'DATABASE.NO_PRIVILEGES')
    expect(ran.result.next).toEqual(['CREATE SCHEMA "drizzle" AUTHORIZATION "guest";'])
  })

  test('is judged without a database, file by file', async () => {
    await using deploy = await play([init, { ...late, sql: 'ALTER TABLE "users" DROP COLUMN "email";' }])
    const { result } = await deploy.airlock('check')
    expect(result).toMatchObject({
      outcome: 'needs-approval',
      findings: [{ rule: 'ban-drop-column', file: `drizzle/${late.tag}.sql`, line: 1 }],
    })
  })

  test('laid out as drizzle-kit 1.0 does it is refused with one message', async () => {
    await using deploy = await play([])
    await deploy.project.writeFile('newer/20240101000000_init/migration.sql', 'SELECT 1;')
    await deploy.project.writeFile('drizzle.config.ts', "export default { dialect: 'postgresql', out: './newer' }")
    expectFailure(await deploy.airlock('check'), 'MIGRATIONS.UNSUPPORTED_LAYOUT')
  })
})

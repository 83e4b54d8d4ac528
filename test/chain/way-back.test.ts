import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlock, airlockJson } from './airlock.ts'

/** From a deploy that stopped half-way to the database as it was, with the commands that Airlock prints and nothing else. */

let server: LabServer
let project: LabProject
let databaseUrl: string

beforeAll(async () => {
  server = await startServer(15)
  databaseUrl = await server.createDatabase('shop')
  project = await createProject({
    prisma: 7,
    migrations: {
      '20240101000000_init':
        'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "phone" TEXT);\nINSERT INTO "User" ("phone") SELECT n::text FROM generate_series(1, 500) AS n;\n',
    },
  })
  await project.writeFile(
    'airlock.yml',
    [
      'version: 1',
      'prisma: { engine: wasm }',
      '# What a rehearsal would have shown is to happen here.',
      'environments: { production: { rehearse: off } }',
      '',
    ].join('\n'),
  )
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const run = (args: readonly string[]) => airlockJson(args, { cwd: project.path, databaseUrl })
const count = async (url: string) =>
  (await query<{ n: number }>(url, 'SELECT count("phone")::int AS n FROM "User"'))[0]?.n

describe('after a deploy that lost data and stopped half-way', () => {
  let manifest = ''

  test('the state is described and the restore command is printed', async () => {
    expect((await run(['deploy'])).result.outcome).toBe('applied')
    await project.addMigration(
      '20240102000000_half',
      'ALTER TABLE "User" DROP COLUMN "phone";\nALTER TABLE "User" ADD COLUMN "email" TEXT NOT NULL;\n',
    )
    const { digest } = (await run(['plan'])).result
    const stopped = await run(['deploy', '--approve', digest ?? ''])
    expect(stopped.exitCode).toBe(5)
    expect(stopped.result.reason).toContain('- column public."User".phone text')
    manifest = stopped.result.backup?.manifest ?? ''
    expect(stopped.result.next.join('\n')).toContain(`airlock restore --from ${manifest} --into shop_restored`)
  })

  test('the next deploy is stopped by the failed row, with the commands that resolve it', async () => {
    const { exitCode, result } = await run(['deploy'])
    expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 5, code: 'HISTORY.FAILED_MIGRATION' })
    expect(result.next.join('\n')).toContain('npx prisma migrate resolve --rolled-back 20240102000000_half')
  })

  test('the backup is proven once more without the database that it is of', async () => {
    const { exitCode, result } = await run(['restore', '--from', manifest, '--dry-run'])
    expect({ exitCode, outcome: result.outcome, tier: result.backup?.tier }).toEqual({
      exitCode: 0,
      outcome: 'done',
      tier: 'compared',
    })
  })

  test('the restored database has every row, and the one in use was not touched', async () => {
    const restored = await run(['restore', '--from', manifest, '--into', 'shop_restored'])
    expect(restored.result.failure).toBeUndefined()
    expect(restored.result).toMatchObject({ outcome: 'done', reasonCode: 'restored_into_new_database' })
    expect(await count(server.superuserUrl('shop_restored'))).toBe(500)
    await expect(count(databaseUrl)).rejects.toThrow(/phone/)

    const statements = restored.result.next.filter((line) => /^(ALTER|SELECT|BEGIN|COMMIT)/.test(line))
    for (const statement of transactions(statements)) await query(server.superuserUrl('postgres'), statement)
  })

  test('after the printed swap the application has its data and Prisma its history', async () => {
    expect(await count(databaseUrl)).toBe(500)
    await rm(join(project.path, 'prisma/migrations/20240102000000_half'), { recursive: true })
    expect((await run(['deploy'])).result).toMatchObject({ outcome: 'nothing-pending' })
    expect((await run(['verify'])).result).toMatchObject({ outcome: 'done', reasonCode: 'verified' })
  })

  test('a backup that was changed afterwards is refused', async () => {
    const written = JSON.parse(await readFile(manifest, 'utf8'))
    const dump = join(manifest, '..', written.files[0].name)
    const bytes = await readFile(dump)
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1
    await writeFile(dump, bytes)
    const { exitCode, result } = await run(['restore', '--from', manifest, '--dry-run'])
    expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'RESTORE.CHECKSUM' })
  })
})

/** What stands between BEGIN and COMMIT goes to the server in one message, everything else by itself. */
function transactions(statements: readonly string[]): readonly string[] {
  const messages: string[] = []
  let open: string[] | undefined
  for (const statement of statements) {
    if (statement.startsWith('BEGIN')) open = []
    if (open === undefined) messages.push(statement)
    else open.push(statement)
    if (statement.startsWith('COMMIT')) {
      messages.push((open ?? []).join('\n'))
      open = undefined
    }
  }
  return messages
}

test('backup restores and compares what it wrote', async () => {
  const { exitCode, result } = await run(['backup', '--out', 'backups'])
  expect({ exitCode, outcome: result.outcome, tier: result.backup?.tier }).toEqual({
    exitCode: 0,
    outcome: 'done',
    tier: 'compared',
  })
  expect(result.backup?.manifest).toContain(join(project.path, 'backups'))
  expect(result.reason).not.toContain('not checked')
})

test('backup with a lesser tier says what was not proven', async () => {
  const { exitCode, result } = await run(['backup', '--out', 'backups', '--tier', 'decoded'])
  expect({ exitCode, tier: result.backup?.tier }).toEqual({ exitCode: 0, tier: 'decoded' })
  expect(result.reason).toContain('not checked: restored')
  expect(result.reason).toContain('not checked: compared')
})

test('a command of a later release says so instead of pretending', async () => {
  const { exitCode, result } = await run(['baseline'])
  expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'COMMAND.NOT_AVAILABLE' })
})

describe('doctor', () => {
  test('is content with a project that can be deployed', async () => {
    const { exitCode, result } = await run(['doctor'])
    expect({ exitCode, outcome: result.outcome, failure: result.failure }).toEqual({
      exitCode: 0,
      outcome: 'done',
      failure: undefined,
    })
  })

  test('tells everything that stands in the way at once, env files included', async () => {
    const unexpanded = ['DATABASE_URL="$', '{DATABASE_URL:-postgresql://a:b@localhost/c}"'].join('')
    await project.writeFile('.env.staging', `NAME=x\n${unexpanded}\n`)
    await project.writeFile(
      '.env.production',
      'DATABASE_URL=postgresql://app:change_this_password@db.internal:5432/shop\n',
    )
    const { exitCode, stdout } = await airlock(['doctor'], {
      cwd: project.path,
      databaseUrl: databaseUrl.replace(/:[^:@]+@/, ':wrong@'),
    })
    expect(exitCode).toBe(2)
    for (const part of [
      '.env.production:1 DATABASE_URL',
      'URL.PLACEHOLDER',
      '.env.staging:2 DATABASE_URL',
      'URL.UNEXPANDED',
      'DATABASE.WRONG_PASSWORD',
    ]) {
      expect(stdout).toContain(part)
    }
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlockJson } from './airlock.ts'

/** The migrations are applied, and what comes after them goes wrong. */

let server: LabServer
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server[Symbol.asyncDispose]())

const name = '20240101000000_init'
const databaseOf = (url: string) => new URL(url).pathname.slice(1)

const deploy = ['deploy', '--prisma-engine', 'wasm']

async function projectWith(sql: string): Promise<LabProject> {
  const waived = 'environments: { production: { backup: { strategy: none }, require-approval: [] } }\n'
  return createProject({ prisma: 7, migrations: { [name]: sql }, files: { 'airlock.yml': waived } })
}

test('a report that cannot be written is said, and the deploy stands', async () => {
  const databaseUrl = await server.createDatabase()
  await using project = await projectWith('CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\n')
  const nowhere = join(project.path, 'airlock.yml', 'reports')
  const run = await airlockJson([...deploy, '--report-dir', nowhere], { cwd: project.path, databaseUrl })
  expect(run).toMatchObject({ exitCode: 0, result: { outcome: 'applied', applied: [name] } })
  expect(run.stderr).toContain('the report could not be written: ENOTDIR')
  expect(existsSync(nowhere)).toBe(false)
})

test('a database that shuts its door behind the last migration leaves a state that is neither fine nor just failed', async () => {
  const database = databaseOf(await server.createDatabase())
  const superuserUrl = server.superuserUrl(database)
  await query(superuserUrl, "CREATE ROLE departing LOGIN SUPERUSER PASSWORD 'door'")
  const databaseUrl = superuserUrl.replace(/\/\/[^@]*@/, '//departing:door@')
  await using project = await projectWith(
    'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\nALTER ROLE "departing" NOLOGIN;\n',
  )
  const run = await airlockJson(deploy, { cwd: project.path, databaseUrl })
  expect(run).toMatchObject({
    exitCode: 5,
    result: { outcome: 'needs-human', reasonCode: 'state_unknown', applied: [] },
  })
  expect(run.result.reason).toMatch(/^Prisma reported success, and the state .* could not be read: .*departing/)
  expect(run.result.next).toContain('airlock verify')

  await query(superuserUrl, 'ALTER ROLE departing LOGIN')
  const verified = await airlockJson(['verify'], { cwd: project.path, databaseUrl })
  expect(verified).toMatchObject({ exitCode: 0, result: { reasonCode: 'verified' } })
})

test('`verify` names what is pending and each index that serves no query, with the SQL that repairs it', async () => {
  const databaseUrl = await server.createDatabase()
  await using project = await projectWith('CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT);\n')
  expect((await airlockJson(deploy, { cwd: project.path, databaseUrl })).exitCode).toBe(0)
  await query(databaseUrl, `INSERT INTO "User" ("email") VALUES ('one'), ('one')`)
  const half = query(databaseUrl, 'CREATE UNIQUE INDEX CONCURRENTLY "User_email_key" ON "User" ("email")')
  await expect(half).rejects.toThrow(/could not create unique index/)
  await project.addMigration('20240102000000_phone', 'ALTER TABLE "User" ADD COLUMN "phone" TEXT;\n')
  const { exitCode, result } = await airlockJson(['verify'], { cwd: project.path, databaseUrl })
  expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'VERIFY.INCOMPLETE' })
  expect(result.failure?.why).toContain('20240102000000_phone is pending')
  expect(result.next).toEqual(['airlock plan', 'REINDEX INDEX CONCURRENTLY public."User_email_key";'])
})

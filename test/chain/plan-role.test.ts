import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlockJson } from './airlock.ts'

let server: LabServer
let project: LabProject
let ownerUrl: string
let readerUrl: string

beforeAll(async () => {
  server = await startServer(17)
  ownerUrl = await server.createDatabase('shop')
  project = await createProject({
    prisma: 7,
    migrations: { '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "phone" TEXT);\n' },
  })
  await project.writeFile(
    'airlock.yml',
    'version: 1\nprisma: { engine: wasm }\nenvironments: { production: { backup: { strategy: none } } }\n',
  )
  const first = await airlockJson(['deploy'], { cwd: project.path, databaseUrl: ownerUrl })
  if (first.result.outcome !== 'applied') throw new Error(first.stderr)
  await query(
    server.superuserUrl('shop'),
    `CREATE ROLE reader LOGIN PASSWORD 'reader-password'; ALTER ROLE reader SET default_transaction_read_only = on;
     GRANT USAGE ON SCHEMA public TO reader; GRANT SELECT ON "_prisma_migrations" TO reader;`,
  )
  readerUrl = `postgresql://reader:reader-password@127.0.0.1:${server.port}/shop`
  await project.addMigration('20240102000000_drop', 'ALTER TABLE "User" DROP COLUMN "phone";\n')
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const run = (args: readonly string[], databaseUrl: string) => airlockJson(args, { cwd: project.path, databaseUrl })

test('a role that may only read plans the same digest as the one that deploys', async () => {
  const asReader = (await run(['plan'], readerUrl)).result
  const asOwner = (await run(['plan'], ownerUrl)).result
  expect(asReader).toMatchObject({ outcome: 'needs-approval', digest: asOwner.digest })
})

test('the same role is refused for a deploy, before anything else happens', async () => {
  const { digest } = (await run(['plan'], readerUrl)).result
  const { exitCode, result } = await run(['deploy', '--approve', digest ?? ''], readerUrl)
  expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'DATABASE.READ_ONLY' })
  await query(server.superuserUrl('shop'), 'ALTER ROLE reader RESET default_transaction_read_only')
  const writable = await run(['deploy', '--approve', digest ?? ''], readerUrl)
  expect(writable.result.failure).toMatchObject({
    code: 'DATABASE.NO_PRIVILEGES',
    why: expect.stringContaining('public.User belongs to `app_owner`'),
  })
  expect(writable.result.applied).toEqual([])
})

test('a role that may not read the history is told so: it would look like an empty one', async () => {
  await query(server.superuserUrl('shop'), 'REVOKE SELECT ON "_prisma_migrations" FROM reader')
  expect((await run(['plan'], readerUrl)).result.failure?.code).toBe('DATABASE.NO_PRIVILEGES')
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, prismaMajors } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlockJson } from './airlock.ts'

let server: LabServer
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server[Symbol.asyncDispose]())

test.each(prismaMajors)(
  'where the engine of Prisma %i cannot be downloaded, nothing was applied and the way past it is named',
  async (prisma) => {
    const databaseUrl = await server.createDatabase()
    await using project = await createProject({
      prisma,
      migrations: { '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\n' },
    })
    const nobodyListens = { PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:1' }
    const { exitCode, result } = await airlockJson(['deploy'], { cwd: project.path, databaseUrl, env: nobodyListens })
    expect({ exitCode, code: result.failure?.code, applied: result.applied }).toEqual({
      exitCode: 2,
      code: 'PRISMA.ENGINE_UNREACHABLE',
      applied: [],
    })
    expect(result.failure?.why).toContain('127.0.0.1:1')
    expect(result.next).toContain('prisma: { engine: wasm }')
    const [user] = await query(databaseUrl, "SELECT FROM pg_class WHERE relname = 'User'")
    expect(user).toBeUndefined()
  },
)

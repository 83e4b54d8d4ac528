import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../lab/query.ts'
import { airlockJson } from './airlock.ts'
import { additive, openShop, pendingName, type Shop, shopProject } from './shop.ts'

/** What the project's own code can do between the plan and Prisma's reading of the folder: seen, at the latest, afterwards. */

let shop: Shop
beforeAll(async () => {
  shop = await openShop(17)
})
afterAll(() => shop[Symbol.asyncDispose]())

const planned = `prisma/migrations/${pendingName}/migration.sql`
const evil = 'prisma/migrations/20240103000000_evil'
const drop = `'DROP TABLE "User";'`

/** Read without being run, it says what every configuration says. */
function config(code: string): string {
  return `import { defineConfig } from 'prisma/config'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
${code}
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
})
`
}

const changes = [
  [
    'a migration that is added',
    `mkdirSync('${evil}'); writeFileSync('${evil}/migration.sql', ${drop})`,
    /20240103000000_evil was applied during this run and was in no plan/,
    [pendingName, '20240103000000_evil'],
  ],
  [
    'a migration that is added and taken away again',
    `mkdirSync('${evil}'); writeFileSync('${evil}/migration.sql', ${drop}); process.on('exit', () => rmSync('${evil}', { recursive: true }))`,
    /20240103000000_evil was applied during this run and was in no plan/,
    [pendingName, '20240103000000_evil'],
  ],
  [
    'a file that is changed and changed back',
    `const text = readFileSync('${planned}'); writeFileSync('${planned}', ${drop}); process.on('exit', () => writeFileSync('${planned}', text))`,
    /recorded with another checksum than the file that was planned/,
    [pendingName],
  ],
] as const

test.each(changes)('%s is not called applied and verified', async (_what, code, problem, applied) => {
  const name = await shop.copy()
  await using project = await shopProject(additive)
  await project.writeFile('prisma.config.ts', config(code))
  const run = await airlockJson(['deploy'], {
    cwd: project.path,
    databaseUrl: shop.server.ownerUrl(name),
    env: Object.fromEntries(
      Object.entries(await project.environment()).flatMap(([key, value]) =>
        key.startsWith('PRISMA_') && value !== undefined ? [[key, value]] : [],
      ),
    ),
  })
  expect(run.result).toMatchObject({ outcome: 'needs-human', reasonCode: 'verification_failed', applied })
  expect(run.result.reason).toMatch(problem)
  const [row] = await query<{ there: boolean }>(
    shop.server.superuserUrl(name),
    `SELECT to_regclass('public."User"') IS NOT NULL AS there`,
  )
  expect(row?.there).toBe(false)
})

test.each(changes)('%s is not applied by the engine of our own', async (_what, code) => {
  const name = await shop.copy()
  await using project = await shopProject(additive)
  await project.writeFile('prisma.config.ts', config(code))
  const run = await airlockJson(['deploy', '--prisma-engine', 'wasm'], {
    cwd: project.path,
    databaseUrl: shop.server.ownerUrl(name),
  })
  expect(run.result).toMatchObject({ outcome: 'failed', reasonCode: 'PRISMA.FAILED', applied: [] })
  expect(run.result.failure?.why).toMatch(/is not the file that was planned|was not there when the deploy was planned/)
  const [row] = await query<{ there: boolean; known: number }>(
    shop.server.superuserUrl(name),
    `SELECT to_regclass('public."User"') IS NOT NULL AS there, (SELECT count(*)::int FROM _prisma_migrations WHERE finished_at IS NULL) AS known`,
  )
  expect(row).toEqual({ there: true, known: 0 })
})

import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrismaMajor } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { openScene, type Scene } from './scene.ts'
import { additive, openShop, pendingName, type Shop, shopProject } from './shop.ts'

/** The shapes that Prisma projects have in the wild. Each is planned and deployed through, to the right database. */

let scene: Scene
let shop: Shop
beforeAll(async () => {
  scene = await openScene()
  shop = await openShop(16)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

/** Where the application goes: no deploy may ever try to reach it. */
const pooled = 'postgresql://app:p@ep-cool-1-pooler.eu-central-1.aws.neon.tech/shop?sslmode=require'

const schema = (datasource: string) => `datasource db {\n  provider = "postgresql"\n${datasource}}\n`
const config = (url: string, rest = "schema: 'prisma/schema.prisma'", head = '') =>
  `${head}import { defineConfig, env } from 'prisma/config'\n\nexport default defineConfig({\n  ${rest},\n  migrations: { path: 'prisma/migrations' },\n  datasource: { url: ${url} },\n})\n`

interface Layout {
  readonly title: string
  readonly prisma: PrismaMajor
  readonly files?: (databaseUrl: string) => Readonly<Record<string, string>>
  readonly without?: readonly string[]
  readonly env?: (databaseUrl: string) => Readonly<Record<string, string>>
}

const layouts: readonly Layout[] = [
  {
    title: 'DIRECT_URL beside a pooled DATABASE_URL',
    prisma: 7,
    env: (url) => ({ DATABASE_URL: pooled, DIRECT_URL: url }),
  },
  {
    title: 'directUrl in the schema beside a pooled url',
    prisma: 6,
    files: () => ({
      'prisma/schema.prisma': schema('  url = env("DATABASE_URL")\n  directUrl = env("MIGRATE_URL")\n'),
    }),
    env: (url) => ({ DATABASE_URL: pooled, MIGRATE_URL: url }),
  },
  {
    title: "prisma.config.ts with env('DIRECT_URL')",
    prisma: 7,
    files: () => ({ 'prisma.config.ts': config("env('DIRECT_URL')") }),
    env: (url) => ({ DATABASE_URL: pooled, DIRECT_URL: url }),
  },
  {
    title: 'a .env beside the project',
    prisma: 6,
    files: (url) => ({ '.env': `DATABASE_URL="${url}"\n` }),
  },
  {
    title: 'a .env that the configuration loads',
    prisma: 7,
    files: (url) => ({
      '.env': `DATABASE_URL=${url}\n`,
      'prisma.config.ts': config("env('DATABASE_URL')", undefined, "import 'dotenv/config'\n"),
      // What dotenv does, as far as this needs it.
      'node_modules/dotenv/package.json': '{"name": "dotenv", "version": "17.0.0"}',
      'node_modules/dotenv/config.js': 'process.loadEnvFile()\n',
    }),
  },
  {
    title: 'a folder of schema files, named in package.json',
    prisma: 6,
    files: () => ({
      'package.json': '{"name": "lab", "private": true, "prisma": {"schema": "prisma"}}',
      'prisma/main.prisma': schema('  url = env("DATABASE_URL")\n'),
      'prisma/models/user.prisma': 'model User {\n  id Int @id\n  email String\n}\n',
    }),
    without: ['prisma/schema.prisma'],
    env: (url) => ({ DATABASE_URL: url }),
  },
  {
    title: 'a folder of schema files, named in prisma.config.ts',
    prisma: 7,
    files: () => ({
      'prisma.config.ts': config("env('DATABASE_URL')", "schema: 'prisma/schema'"),
      'prisma/schema/main.prisma': schema(''),
      'prisma/schema/models/user.prisma': 'model User {\n  id Int @id\n  email String\n}\n',
    }),
    without: ['prisma/schema.prisma'],
    env: (url) => ({ DATABASE_URL: url }),
  },
  {
    title: 'a variable of another name',
    prisma: 6,
    files: () => ({ 'prisma/schema.prisma': schema('  url = env("POSTGRES_PRISMA_URL")\n') }),
    env: (url) => ({ POSTGRES_PRISMA_URL: url }),
  },
]

describe.each(layouts)('$title (Prisma $prisma)', ({ prisma, files, without = [], env }) => {
  test('is planned and deployed to the database that Prisma itself would migrate', async () => {
    const database = await shop.copy()
    const databaseUrl = shop.server.ownerUrl(database)
    await using project = await shopProject(additive, {}, prisma)
    for (const [name, content] of Object.entries(files?.(databaseUrl) ?? {})) {
      await mkdir(dirname(join(project.path, name)), { recursive: true })
      await writeFile(join(project.path, name), content)
    }
    for (const name of without) await rm(join(project.path, name))
    const options = { cwd: project.path, env: env?.(databaseUrl) ?? {} }
    const planned = await scene.run(['plan'], options)
    expect(planned).toMatchObject({
      exitCode: 0,
      result: { outcome: 'clear', target: { host: '127.0.0.1', database } },
    })
    const deployed = await scene.run(['deploy', '--prisma-engine', 'wasm'], options)
    expect({ said: deployed.stdout, result: deployed.result }).toMatchObject({
      result: { outcome: 'applied', applied: [pendingName] },
    })
    const columns = await query(
      shop.server.superuserUrl(database),
      `SELECT attname FROM pg_attribute WHERE attrelid = '"User"'::regclass AND attname = 'name'`,
    )
    expect(columns).toHaveLength(1)
  })
})

test('two direct URLs that lead to different databases are not chosen between', async () => {
  await using project = await shopProject(additive)
  const run = await scene.run(['deploy'], {
    cwd: project.path,
    env: { DATABASE_URL: shop.server.ownerUrl('one'), DIRECT_URL: shop.server.ownerUrl('two') },
  })
  expect(run).toMatchObject({ exitCode: 2, result: { failure: { code: 'URL.CONFLICT' } } })
})

// For root nothing is unreadable.
test.runIf(process.getuid?.() !== 0)('a migration.sql that this user may not read is named', async () => {
  const database = await shop.copy()
  await using project = await shopProject(additive)
  await chmod(join(project.path, 'prisma/migrations', pendingName, 'migration.sql'), 0o000)
  const run = await scene.run(['plan'], { cwd: project.path, databaseUrl: shop.server.ownerUrl(database) })
  expect(run).toMatchObject({ exitCode: 2, result: { failure: { code: 'MIGRATIONS.UNREADABLE' } } })
  expect(run.result.failure?.why).toContain('permission denied')
})

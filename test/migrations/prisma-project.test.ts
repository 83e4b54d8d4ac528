import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/errors.ts'
import {
  locateMigrations,
  type PrismaProject,
  type ProjectOptions,
  readPrismaProject,
} from '../../src/migrations/prisma-project.ts'
import { folderWith, installed, schemaOf } from './project-folder.ts'

const envUrl = 'url = env("DATABASE_URL")'
const six = installed('6.19.3')
const seven = installed('7.10.1')

function config(body: string, more = `schema: 'prisma/schema.prisma',`): string {
  return `import { defineConfig, env } from 'prisma/config'\nexport default defineConfig({ ${more} ${body} })\n`
}

async function projectOf(root: string, options?: ProjectOptions): Promise<PrismaProject> {
  const reading = await readPrismaProject(root, options)
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.failure))
  return reading.project
}

async function failureOf(root: string, options?: ProjectOptions): Promise<Failure> {
  const reading = await readPrismaProject(root, options)
  if (reading.kind !== 'invalid') throw new Error('accepted')
  return reading.failure
}

describe('a project with Prisma 6', () => {
  test('is read from its schema', async () => {
    const root = folderWith({ ...six, 'prisma/schema.prisma': schemaOf(`${envUrl}\n  directUrl = env("DIRECT_URL")`) })
    expect(await projectOf(root)).toEqual({
      root,
      prisma: expect.objectContaining({ kind: 'installed', major: 6 }),
      configFile: undefined,
      schemaPath: join(root, 'prisma/schema.prisma'),
      migrationsPath: join(root, 'prisma/migrations'),
      urlVariable: 'DATABASE_URL',
      urlVariables: ['DATABASE_URL'],
      directUrlVariable: 'DIRECT_URL',
      envFiles: { paths: [], expands: true },
      cliArguments: [],
    })
  })

  test.each([
    ['schema.prisma', {}, 'schema.prisma', 'migrations', []],
    [
      'db/shop.prisma',
      { 'package.json': '{"prisma":{"schema":"db/shop.prisma"}}' },
      'db/shop.prisma',
      'db/migrations',
      [],
    ],
    ['db/models/shop.prisma', { 'prisma.config.ts': config('', `schema: 'db',`) }, 'db', 'db/models/migrations', []],
    ['prisma/schema/main.prisma', {}, 'prisma/schema', 'prisma/schema/migrations', ['--schema', 'prisma/schema']],
  ])('finds %s', async (file, files, schema, migrations, cliArguments) => {
    const root = folderWith({ ...six, ...files, [file]: schemaOf(envUrl) })
    expect(await projectOf(root)).toMatchObject({
      schemaPath: join(root, schema),
      migrationsPath: join(root, migrations),
      cliArguments,
    })
  })

  test('keeps reading the URL from the schema when its configuration does not choose `engine: classic`', async () => {
    const files = { ...six, 'prisma/schema.prisma': schemaOf('url = env("SCHEMA_URL")') }
    const datasource = `datasource: { url: env('CONFIG_URL'), directUrl: env('CONFIG_DIRECT') }`
    const plain = folderWith({ ...files, 'prisma.config.ts': config(datasource) })
    expect(await projectOf(plain)).toMatchObject({ urlVariable: 'SCHEMA_URL', directUrlVariable: undefined })
    const classic = folderWith({ ...files, 'prisma.config.ts': config(`engine: 'classic', ${datasource}`) })
    expect(await projectOf(classic)).toMatchObject({ urlVariable: 'CONFIG_URL', directUrlVariable: 'CONFIG_DIRECT' })
  })

  test('is not understood with a driver adapter', async () => {
    const root = folderWith({
      ...six,
      'prisma/schema.prisma': schemaOf(envUrl),
      'prisma.config.ts': config(`engine: 'js'`),
    })
    expect(await failureOf(root)).toMatchObject({
      code: 'PROJECT.URL_NOT_FROM_ENV',
      what: expect.stringContaining('driver adapter'),
    })
  })
})

describe('a project with Prisma 7', () => {
  const schema = { 'prisma/schema.prisma': schemaOf('') }

  test('is read from its configuration', async () => {
    const root = folderWith({
      ...seven,
      ...schema,
      'prisma.config.ts': `import 'dotenv/config'\n${config(`migrations: { path: 'db/migrations' }, datasource: { url: process.env.DIRECT_URL ?? process.env.DATABASE_URL }`)}`,
    })
    expect(await projectOf(root)).toMatchObject({
      configFile: join(root, 'prisma.config.ts'),
      schemaPath: join(root, 'prisma/schema.prisma'),
      migrationsPath: join(root, 'db/migrations'),
      urlVariable: 'DIRECT_URL',
      urlVariables: ['DIRECT_URL', 'DATABASE_URL'],
      directUrlVariable: undefined,
      envFiles: { paths: [join(root, '.env')], expands: false },
    })
  })

  test.each([
    ['prisma.config.ts', 'prisma/schema.prisma'],
    ['prisma.config.mjs', 'prisma/schema.prisma'],
    ['prisma7.config.ts', 'prisma/schema.prisma'],
    ['.config/prisma.ts', '../prisma/schema.prisma'],
  ])('finds %s, and paths relative to it', async (file, path) => {
    const root = folderWith({
      ...seven,
      ...schema,
      [file]: config(`datasource: { url: env('A') }`, `schema: '${path}',`),
    })
    expect(await projectOf(root)).toMatchObject({
      configFile: join(root, file),
      schemaPath: join(root, 'prisma/schema.prisma'),
      urlVariable: 'A',
    })
  })

  test('takes the configuration that Prisma takes where there are two', async () => {
    const root = folderWith({
      ...seven,
      ...schema,
      'prisma.config.ts': config(`datasource: { url: env('OLD') }`),
      'prisma7.config.ts': config(`datasource: { url: env('NEW') }`),
    })
    expect((await projectOf(root)).urlVariable).toBe('NEW')
  })

  test('keeps migrations in the folder of a schema of many files', async () => {
    const root = folderWith({
      ...seven,
      'db/a.prisma': 'model A { id Int @id }',
      'db/models/b.prisma': schemaOf(''),
      'prisma.config.ts': config(`datasource: { url: env('A') }`, `schema: 'db',`),
    })
    expect((await projectOf(root)).migrationsPath).toBe(join(root, 'db/migrations'))
  })

  test('no longer reads package.json', async () => {
    const root = folderWith({
      ...seven,
      ...schema,
      'package.json': '{"prisma":{"schema":"db/other.prisma"}}',
      'prisma.config.ts': config(`datasource: { url: env('A') }`, ''),
    })
    expect((await projectOf(root)).schemaPath).toBe(join(root, 'prisma/schema.prisma'))
  })
})

describe('a project that cannot be read', () => {
  const valid = { 'prisma/schema.prisma': schemaOf(envUrl) }
  const secret = 'Tr0ub4dor'

  test.each([
    ['has no schema', { ...six }, 'PROJECT.NO_SCHEMA', /--cwd/],
    [
      'names a schema that is not there',
      { ...six, 'package.json': '{"prisma":{"schema":"x.prisma"}}' },
      'PROJECT.NO_SCHEMA',
      /package\.json/,
    ],
    ['has a broken package.json', { ...six, ...valid, 'package.json': '{' }, 'PROJECT.CONFIG_UNREADABLE', /not JSON/],
    [
      'is for MySQL',
      { ...six, 'prisma/schema.prisma': schemaOf(envUrl, 'mysql') },
      'PROJECT.NOT_POSTGRESQL',
      /`mysql`/,
    ],
    [
      'is for CockroachDB',
      { ...six, 'prisma/schema.prisma': schemaOf(envUrl, 'cockroachdb') },
      'PROJECT.NOT_POSTGRESQL',
      /cockroachdb/,
    ],
    [
      'has no datasource',
      { ...six, 'prisma/schema.prisma': 'model A { id Int @id }' },
      'PROJECT.SCHEMA_UNREADABLE',
      /no `datasource`/,
    ],
    [
      'has two datasources',
      { ...six, 'prisma/schema.prisma': schemaOf(envUrl) + schemaOf(envUrl) },
      'PROJECT.SCHEMA_UNREADABLE',
      /2 `datasource`/,
    ],
    [
      'has a schema that is not UTF-8',
      { ...six, 'prisma/schema.prisma': Buffer.from(`// \x97\n${schemaOf(envUrl)}`, 'latin1') },
      'PROJECT.SCHEMA_UNREADABLE',
      /reports success/,
    ],
    [
      'has its URL written out in the schema',
      { ...six, 'prisma/schema.prisma': schemaOf(`url = "postgresql://app:${secret}@db/shop"`) },
      'PROJECT.URL_NOT_FROM_ENV',
      /url = env\("DATABASE_URL"\)/,
    ],
    [
      'has no URL in the schema',
      { ...six, 'prisma/schema.prisma': schemaOf('') },
      'PROJECT.URL_NOT_FROM_ENV',
      /no `url`/,
    ],
    [
      'has its directUrl written out',
      { ...six, 'prisma/schema.prisma': schemaOf(`${envUrl}\n directUrl = "postgresql://app:${secret}@db/shop"`) },
      'PROJECT.URL_NOT_FROM_ENV',
      /directUrl = env\("DIRECT_URL"\)/,
    ],
    [
      'has Prisma 7 without a configuration',
      { ...seven, ...valid },
      'PROJECT.URL_NOT_FROM_ENV',
      /no prisma\.config\.ts/,
    ],
    [
      'has Prisma 7 without a URL',
      { ...seven, ...valid, 'prisma.config.ts': config('') },
      'PROJECT.URL_NOT_FROM_ENV',
      /`datasource\.url` is not in it/,
    ],
    [
      'has its URL written out in the configuration',
      { ...seven, ...valid, 'prisma.config.ts': config(`datasource: { url: 'postgresql://app:${secret}@db/shop' }`) },
      'PROJECT.URL_NOT_FROM_ENV',
      /url: env\('DATABASE_URL'\)/,
    ],
    [
      'puts its URL together',
      { ...seven, ...valid, 'prisma.config.ts': config(`datasource: { url: 'postgresql://app:${secret}@' + host }`) },
      'PROJECT.URL_NOT_FROM_ENV',
      /an expression that contains a URL/,
    ],
    [
      'takes its URL from its own code',
      { ...seven, ...valid, 'prisma.config.ts': config('datasource: { url: settings.db.url }') },
      'PROJECT.URL_NOT_FROM_ENV',
      /Line 2 has `settings\.db\.url`/,
    ],
    [
      'has a schema path from its own code',
      { ...seven, ...valid, 'prisma.config.ts': config(`datasource: { url: env('A') }`, 'schema: findSchema(),') },
      'PROJECT.CONFIG_UNREADABLE',
      /`findSchema\(\)`/,
    ],
    [
      'has a migrations path from its own code',
      { ...seven, ...valid, 'prisma.config.ts': config(`migrations: { path: dir }, datasource: { url: env('A') }`) },
      'PROJECT.CONFIG_UNREADABLE',
      /--migrations/,
    ],
  ])('because it %s', async (_what, files, code, says) => {
    const failure = await failureOf(folderWith(files))
    const said = [failure.what, failure.why, ...failure.next].join('\n')
    expect(failure.code).toBe(code)
    expect(said).toMatch(says)
    expect(said).not.toContain(secret)
    expect(failure.next.length).toBeGreaterThan(0)
  })

  test('because its folder does not exist or is a file', async () => {
    const root = folderWith({ 'a.txt': '' })
    expect(await failureOf(join(root, 'nowhere'))).toMatchObject({
      code: 'PROJECT.NOT_FOUND',
      why: expect.stringContaining('checked out'),
    })
    expect(await failureOf(join(root, 'a.txt'))).toMatchObject({
      code: 'PROJECT.NOT_FOUND',
      why: expect.stringContaining('file'),
    })
  })

  test('but not because Prisma is missing: that is said by who needs it', async () => {
    const project = await projectOf(folderWith(valid))
    expect(project.prisma).toMatchObject({ kind: 'not-installed', failure: { code: 'PRISMA.NOT_INSTALLED' } })
    expect(project.urlVariable).toBe('DATABASE_URL')
  })
})

describe('`--migrations`', () => {
  const unreadable = {
    ...seven,
    'prisma/schema.prisma': schemaOf(''),
    'prisma.config.ts': config(`migrations: { path: dir }, datasource: { url: env('A') }`),
  }

  test('gets past a configuration that cannot be told', async () => {
    const root = folderWith(unreadable)
    expect((await projectOf(root, { migrations: 'db/migrations' })).migrationsPath).toBe(join(root, 'db/migrations'))
  })

  test('is refused where Prisma would apply another folder', async () => {
    const root = folderWith({ ...six, 'prisma/schema.prisma': schemaOf(envUrl) })
    expect((await projectOf(root, { migrations: 'prisma/migrations' })).migrationsPath).toBe(
      join(root, 'prisma/migrations'),
    )
    expect(await failureOf(root, { migrations: 'other' })).toMatchObject({
      code: 'USAGE.INVALID',
      what: '`--migrations` names `other`, and Prisma applies `prisma/migrations`.',
    })
  })
})

describe('`check`', () => {
  test('needs nothing but a folder', async () => {
    const root = folderWith({})
    expect(await locateMigrations(root, { migrations: 'anything' })).toMatchObject({
      kind: 'found',
      path: join(root, 'anything'),
    })
    expect(await locateMigrations(root)).toMatchObject({ kind: 'found', path: join(root, 'prisma/migrations') })
  })

  test('reads the folder from the project, whatever its URL is', async () => {
    const root = folderWith({
      ...seven,
      'prisma/schema.prisma': schemaOf(''),
      'prisma.config.ts': config(`migrations: { path: 'db/migrations' }, datasource: { url: vault.url }`),
    })
    expect(await locateMigrations(root)).toMatchObject({
      kind: 'found',
      path: join(root, 'db/migrations'),
      prisma: { version: '7.10.1' },
    })
  })

  test('stops where the folder cannot be told, or the project is not for PostgreSQL', async () => {
    const dynamic = folderWith({
      ...seven,
      'prisma/schema.prisma': schemaOf(''),
      'prisma.config.ts': config('migrations: { path: dir }'),
    })
    expect(await locateMigrations(dynamic)).toMatchObject({
      kind: 'invalid',
      failure: { code: 'PROJECT.CONFIG_UNREADABLE' },
    })
    const sqlite = folderWith({ 'prisma/schema.prisma': schemaOf(envUrl, 'sqlite') })
    expect(await locateMigrations(sqlite)).toMatchObject({
      kind: 'invalid',
      failure: { code: 'PROJECT.NOT_POSTGRESQL' },
    })
  })
})

describe('the env files that Prisma reads', () => {
  const schema = { 'prisma/schema.prisma': schemaOf(envUrl) }

  test('are those of the project and of the schema, where there is no configuration', async () => {
    const root = folderWith({ ...six, ...schema, 'package.json': '{}', '.env': '', 'prisma/.env': '' })
    expect((await projectOf(root)).envFiles).toEqual({
      paths: [join(root, '.env'), join(root, 'prisma/.env')],
      expands: true,
    })
  })

  test('are those of the package above, in a workspace', async () => {
    const root = folderWith({ ...six, 'package.json': '{}', 'shop/schema.prisma': schemaOf(envUrl), 'shop/.env': '' })
    expect((await projectOf(join(root, 'shop'))).envFiles.paths).toEqual([join(root, '.env'), join(root, 'shop/.env')])
  })

  test('are none where there is a configuration that loads none', async () => {
    const root = folderWith({ ...six, ...schema, '.env': '', 'prisma.config.ts': config('') })
    expect((await projectOf(root)).envFiles).toEqual({ paths: [], expands: false })
  })
})

test.each(['prisma.config.ts', 'prisma/schema.prisma'])('%s that cannot be read is named', async (file) => {
  const root = folderWith({ ...seven, 'prisma/migrations/migration_lock.toml': '' })
  symlinkSync(join(root, file), join(root, file))
  expect(await failureOf(root)).toMatchObject({
    code: 'PROJECT.UNREADABLE',
    what: `\`${join(root, file)}\` cannot be read.`,
  })
})

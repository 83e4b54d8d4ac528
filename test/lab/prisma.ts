import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { noQueryEngine, schemaEngine } from './prisma-engine.ts'
import { tempFolder } from './temp.ts'

export type PrismaMajor = 6 | 7
export const prismaMajors: readonly PrismaMajor[] = [6, 7]

export interface LabProjectOptions {
  readonly prisma: PrismaMajor
  /** Text of each migration.sql, by the name of its folder. */
  readonly migrations?: Readonly<Record<string, string>>
  /** Models and enums only; the datasource and the generator are put before them. */
  readonly schema?: string
  /** More files, or other contents for those that are made here. */
  readonly files?: Readonly<Record<string, string>>
}

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface LabProject extends AsyncDisposable {
  readonly path: string
  readonly prismaVersion: string
  /** Runs the project's own Prisma CLI, without any download: its schema engine is ours. */
  prisma(args: readonly string[], environment?: Readonly<Record<string, string | undefined>>): Promise<Ran>
  /** The environment that `prisma` runs it in; for those who start the CLI themselves. */
  environment(more?: Readonly<Record<string, string | undefined>>): Promise<NodeJS.ProcessEnv>
  addMigration(name: string, sql: string): Promise<void>
  writeFile(path: string, content: string): Promise<void>
}

/** A Prisma project as users have them, in a folder of its own that is gone when it is disposed of. */
export async function createProject(options: LabProjectOptions): Promise<LabProject> {
  const folder = await tempFolder('airlock-project-')
  const { path } = folder
  const installed = installedPrisma(options.prisma)
  const version = prismaVersion(options.prisma)
  const write = async (file: string, content: string) => {
    const target = join(path, file)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
  const addMigration = (name: string, sql: string) => write(`prisma/migrations/${name}/migration.sql`, sql)
  const environment = async (more: Readonly<Record<string, string | undefined>> = {}) => ({
    ...withoutPrismaSettings(process.env),
    ...(await offline(version)),
    ...more,
  })
  try {
    for (const [file, content] of Object.entries({ ...projectFiles(options, version), ...options.files }))
      await write(file, content)
    for (const [name, sql] of Object.entries(options.migrations ?? {})) await addMigration(name, sql)
    await linkPrisma(path, installed)
  } catch (thrown) {
    await folder[Symbol.asyncDispose]()
    throw thrown
  }
  return {
    path,
    prismaVersion: version,
    addMigration,
    writeFile: write,
    environment,
    prisma: async (args, more) => run(join(path, 'node_modules/.bin/prisma'), args, path, await environment(more)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

export function prismaVersion(major: PrismaMajor): string {
  const { version } = JSON.parse(readFileSync(join(installedPrisma(major), 'package.json'), 'utf8')) as {
    readonly version: string
  }
  return version
}

function installedPrisma(major: PrismaMajor): string {
  return dirname(createRequire(import.meta.url).resolve(`prisma-${major}/package.json`))
}

function projectFiles({ prisma, schema = '' }: LabProjectOptions, version: string): Readonly<Record<string, string>> {
  const url = prisma === 6 ? '\n  url      = env("DATABASE_URL")' : ''
  const output = prisma === 6 ? '' : '\n  output   = "../generated"'
  const files = {
    'package.json': `${JSON.stringify({ name: 'lab', private: true, devDependencies: { prisma: version } }, null, 2)}\n`,
    'prisma/schema.prisma': `datasource db {\n  provider = "postgresql"${url}\n}\n\ngenerator client {\n  provider = "prisma-client${prisma === 6 ? '-js' : ''}"${output}\n}\n\n${schema}`,
    'prisma/migrations/migration_lock.toml': '# Kept in version control\nprovider = "postgresql"\n',
  }
  return prisma === 6 ? files : { ...files, 'prisma.config.ts': prismaConfig }
}

const prismaConfig = `import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: {
    url: process.env.DATABASE_URL ?? '',
    ...(process.env.SHADOW_DATABASE_URL === undefined ? {} : { shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL }),
  },
})
`

async function linkPrisma(project: string, installed: string): Promise<void> {
  await mkdir(join(project, 'node_modules/.bin'), { recursive: true })
  await symlink(installed, join(project, 'node_modules/prisma'), 'dir')
  await symlink('../prisma/build/index.js', join(project, 'node_modules/.bin/prisma'))
}

async function offline(version: string): Promise<Readonly<Record<string, string>>> {
  return {
    PRISMA_SCHEMA_ENGINE_BINARY: await schemaEngine(),
    AIRLOCK_PRISMA_VERSION: version,
    PRISMA_QUERY_ENGINE_LIBRARY: await noQueryEngine(),
    PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    PRISMA_SKIP_POSTINSTALL_GENERATE: '1',
    NO_COLOR: '1',
    // The engine is started through its first line, which asks for the node on the PATH.
    PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
  }
}

/** What the surroundings of the tests say about Prisma or a database is not meant for the project. */
function withoutPrismaSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(?:PRISMA_|PG|DATABASE_URL|DIRECT_URL|NODE_OPTIONS)/.test(name),
  )
  return Object.fromEntries(kept)
}

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text
      })
    }
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ ...output, exitCode: code ?? (signal === null ? -1 : 128) }))
  })
}

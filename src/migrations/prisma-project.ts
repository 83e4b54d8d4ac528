import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { type Failure, FailureError } from '../errors.ts'
import { readRegularText } from '../regular-file.ts'
import { type ConfigPath, type PrismaConfig, readConfig, type Setting } from './config-file.ts'
import { locateConfig } from './config-location.ts'
import type { EnvFiles } from './env-file.ts'
import { findPrisma, foldersUpwards, type PrismaInstallation } from './prisma-package.ts'
import * as say from './project-failures.ts'
import { type ProjectUrls, urlsOf } from './project-urls.ts'
import { type Datasource, readSchema } from './schema-file.ts'
import { locateSchema, type SchemaLocation } from './schema-location.ts'

export type { PrismaInstallation } from './prisma-package.ts'

/** What a deploy has to know of the user's project. Read, never run. */
export interface PrismaProject extends ProjectUrls {
  readonly root: string
  readonly prisma: PrismaInstallation
  readonly configFile: string | undefined
  readonly schemaPath: string | undefined
  readonly migrationsPath: string
  readonly envFiles: EnvFiles
  /** What has to follow every `prisma migrate …` in this project. */
  readonly cliArguments: readonly string[]
}

export type ProjectReading =
  | { readonly kind: 'read'; readonly project: PrismaProject }
  | { readonly kind: 'invalid'; readonly failure: Failure }

export type FolderLocation =
  | { readonly kind: 'found'; readonly path: string; readonly prisma: PrismaInstallation }
  | { readonly kind: 'invalid'; readonly failure: Failure }

export interface ProjectOptions {
  /** `--migrations`, relative to the project. */
  readonly migrations?: string | undefined
}

/** For `check`, which needs the folder and nothing else. */
export async function locateMigrations(root: string, options: ProjectOptions = {}): Promise<FolderLocation> {
  return await orFailure(async () => {
    requireFolder(root)
    const prisma = await findPrisma(root)
    if (isGiven(options.migrations)) return { kind: 'found', path: resolve(root, options.migrations), prisma }
    const { config, configFile, schema } = await readFiles(root, prisma)
    if (schema !== undefined) datasourceOf(root, schema)
    return { kind: 'found', path: migrationsPath(root, config, configFile, schema, prisma), prisma }
  })
}

/** For what is compared with the schema of another release; `undefined` where the project has none. */
export async function locateSchemaPath(root: string): Promise<string | undefined> {
  return (await readFiles(root, await findPrisma(root))).schema?.path
}

/** For everything that touches a database. */
export async function readPrismaProject(root: string, options: ProjectOptions = {}): Promise<ProjectReading> {
  return await orFailure(async () => {
    requireFolder(root)
    const prisma = await findPrisma(root)
    const { config, configFile, schema } = await readFiles(root, prisma)
    if (schema === undefined) throw say.noSchema(root)
    const datasource = datasourceOf(root, schema)
    const urls = urlsOf({
      root,
      config,
      configFile: configFile === undefined ? undefined : relative(root, configFile),
      datasource,
      major: majorOf(prisma),
    })
    const project: PrismaProject = {
      root,
      prisma,
      configFile,
      schemaPath: schema.path,
      migrationsPath: deployedFolder(root, options, () => migrationsPath(root, config, configFile, schema, prisma)),
      ...urls,
      envFiles: envFilesOf(root, config, schema),
      cliArguments: schema.mustBeNamed ? ['--schema', relative(root, schema.path)] : [],
    }
    return { kind: 'read', project }
  })
}

async function orFailure<Value>(
  work: () => Promise<Value>,
): Promise<Value | { readonly kind: 'invalid'; readonly failure: Failure }> {
  try {
    return await work()
  } catch (error) {
    const failure = error instanceof FailureError ? error : say.unreadableFile(error)
    if (failure === undefined) throw error
    return { kind: 'invalid', failure: failure.failure }
  }
}

function requireFolder(root: string): void {
  const found = statSync(root, { throwIfNoEntry: false })
  if (found?.isDirectory() !== true) throw say.noProject(root, found !== undefined)
}

interface ProjectFiles {
  readonly config: PrismaConfig | undefined
  readonly configFile: string | undefined
  readonly schema: SchemaLocation | undefined
}

async function readFiles(root: string, prisma: PrismaInstallation): Promise<ProjectFiles> {
  const major = majorOf(prisma)
  const configFile = locateConfig(root, major)
  const config = configFile === undefined ? undefined : readConfig(await readRegularText(configFile))
  const configured = pathOf(root, configFile, config?.schema, 'schema')
  return { config, configFile, schema: await locateSchema(root, configured, major) }
}

function pathOf(
  root: string,
  configFile: string | undefined,
  setting: Setting<ConfigPath> | undefined,
  name: string,
): string | undefined {
  if (setting === undefined || configFile === undefined || setting.kind === 'absent') return undefined
  if (setting.kind === 'unreadable') throw say.unreadableSetting(relative(root, configFile), name, setting)
  return resolve(setting.value.base === 'cwd' ? root : dirname(configFile), setting.value.path)
}

/** Prisma 6 keeps migrations beside the file with the datasource, 7 in the schema's folder. */
function migrationsPath(
  root: string,
  config: PrismaConfig | undefined,
  configFile: string | undefined,
  schema: SchemaLocation | undefined,
  prisma: PrismaInstallation,
): string {
  const configured = pathOf(root, configFile, config?.migrations, 'migrations.path')
  if (configured !== undefined) return configured
  const besides = majorOf(prisma) === 7 ? schema?.folder : schema?.datasourceFolder
  return join(besides ?? join(root, 'prisma'), 'migrations')
}

/** A plan of one folder must not be followed by a deploy of another. Where Prisma's own cannot be told, the given one counts. */
function deployedFolder(root: string, { migrations }: ProjectOptions, ofPrisma: () => string): string {
  if (!isGiven(migrations)) return ofPrisma()
  const given = resolve(root, migrations)
  let own: string
  try {
    own = ofPrisma()
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'PROJECT.CONFIG_UNREADABLE') return given
    throw error
  }
  if (own !== given) throw say.anotherFolder(root, given, own)
  return given
}

function datasourceOf(root: string, schema: SchemaLocation): Datasource {
  const shown = relative(root, schema.path)
  const reading = readSchema(schema.texts)
  if (reading.kind !== 'datasource') throw say.noDatasource(shown, reading)
  const { provider } = reading.datasource
  // `postgres` is Prisma's other name for the same connector.
  if (provider !== 'postgresql' && provider !== 'postgres') throw say.notPostgresql(shown, provider)
  return reading.datasource
}

/** Without a configuration Prisma 6 reads the env files itself; with one it leaves that to the configuration. */
function envFilesOf(root: string, config: PrismaConfig | undefined, schema: SchemaLocation): EnvFiles {
  if (config !== undefined) {
    return { paths: config.envFile === undefined ? [] : [resolve(root, config.envFile)], expands: false }
  }
  const packageFolder = foldersUpwards(root).find((folder) => existsSync(join(folder, 'package.json')))
  const ofProject = packageFolder === undefined ? [] : [join(packageFolder, '.env')]
  const ofSchema = [join(dirname(schema.path), '.env'), join(root, 'prisma/.env'), join(root, '.env')].find(existsSync)
  return { paths: [...new Set([...ofProject, ...(ofSchema === undefined ? [] : [ofSchema])])], expands: true }
}

function majorOf(prisma: PrismaInstallation): number | undefined {
  return prisma.kind === 'not-installed' ? undefined : prisma.major
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}

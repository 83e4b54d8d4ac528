import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { FailureError, fail } from '../errors.ts'
import { readRegularText } from '../regular-file.ts'
import { type DrizzleConfig, readDrizzleConfig, type Setting } from './config-file.ts'
import type { DrizzleTable } from './drizzle-history.ts'
import { unreadableFile } from './project-failures.ts'
import type { NamesOfUrl } from './source.ts'

/** What drizzle.config says. Read, never run. */
export interface DrizzleProject {
  readonly configFile: string | undefined
  /** The folder with the journal. */
  readonly migrationsPath: string
  readonly history: DrizzleTable
  readonly urls: NamesOfUrl
}

const configNames = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts', 'json'].map((ending) => `drizzle.config.${ending}`)

export function locateDrizzleConfig(root: string): string | undefined {
  return configNames.map((name) => join(root, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** `folder`: absolute, where it is given. */
export async function readDrizzleProject(root: string, folder: string | undefined): Promise<DrizzleProject> {
  const configFile = locateDrizzleConfig(root)
  const shown = configFile === undefined ? 'drizzle.config.ts' : relative(root, configFile)
  const config = configFile === undefined ? undefined : await readConfigFile(configFile)
  const dialect = config === undefined ? undefined : known(config.dialect)
  if (dialect !== undefined && dialect !== 'postgresql')
    throw fail('PROJECT.NOT_POSTGRESQL', {
      what: `The dialect in \`${shown}\` is \`${dialect}\`.`,
      why: 'Airlock takes migrations to PostgreSQL only.',
      next: ['Run in the folder of the project that uses PostgreSQL: --cwd path/to/project'],
    })
  return {
    configFile,
    migrationsPath: folder ?? folderIn(root, configFile, config, shown),
    history: {
      schema: textOr('drizzle', config?.schema, shown, 'migrations.schema'),
      table: textOr('__drizzle_migrations', config?.table, shown, 'migrations.table'),
    },
    urls: {
      urlVariables: variablesIn(config),
      directUrlVariable: undefined,
      envFiles: { paths: config?.envFile === undefined ? [] : [resolve(root, config.envFile)], expands: false },
    },
  }
}

async function readConfigFile(path: string): Promise<DrizzleConfig> {
  try {
    const text = await readRegularText(path)
    return readDrizzleConfig(path.endsWith('.json') ? `export default ${text}` : text)
  } catch (error) {
    if (error instanceof FailureError) throw error
    throw unreadableFile(error) ?? error
  }
}

/** drizzle-kit writes to `./drizzle` where nothing is said. */
function folderIn(
  root: string,
  configFile: string | undefined,
  config: DrizzleConfig | undefined,
  shown: string,
): string {
  if (configFile === undefined || config === undefined || config.out.kind === 'absent') return join(root, 'drizzle')
  if (config.out.kind === 'unreadable') throw unreadable(shown, 'out', config.out, "out: './drizzle'")
  // drizzle-kit resolves it in the folder in which it is started.
  return resolve(config.out.value.base === 'cwd' ? root : dirname(configFile), config.out.value.path)
}

function textOr(usual: string, setting: Setting<string> | undefined, shown: string, name: string): string {
  if (setting === undefined || setting.kind === 'absent') return usual
  if (setting.kind === 'known') return setting.value
  throw unreadable(shown, name, setting, `${name.split('.').at(-1)}: '${usual}'`)
}

/** The URL is handed to nobody, so one that is written out or put together only means that no variable is named there. */
function variablesIn(config: DrizzleConfig | undefined): readonly string[] {
  const url = config === undefined ? undefined : known(config.url)
  return url?.kind === 'env' ? url.variables : ['DATABASE_URL']
}

function known<Value>(setting: Setting<Value>): Value | undefined {
  return setting.kind === 'known' ? setting.value : undefined
}

function unreadable(
  shown: string,
  name: string,
  { line }: Extract<Setting<unknown>, { kind: 'unreadable' }>,
  example: string,
): FailureError {
  return fail('PROJECT.CONFIG_UNREADABLE', {
    what: `\`${name}\` in \`${shown}\` cannot be told without running the file.`,
    why: `Line ${line} puts it together. Airlock reads the configuration and never runs it: with the credentials of a deploy in reach, it is not its place to start the project's code.`,
    next: [
      ...(name === 'out' ? ['Name the folder in airlock.yml: migrations: { kind: drizzle, folder: drizzle }'] : []),
      `Write it as a text: ${example}`,
    ],
  })
}

export function hasJournal(folder: string): boolean {
  return existsSync(join(folder, 'meta/_journal.json'))
}

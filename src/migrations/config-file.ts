import type { ConfigValue } from './config-names.ts'
import { readStatements } from './config-statements.ts'
import { lineOf } from './config-tokens.ts'

/** A property of the configuration: not there, understood, or there and not understood. */
export type Setting<Value> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'known'; readonly value: Value }
  | { readonly kind: 'unreadable'; readonly source: string; readonly line: number }

export type UrlSource =
  /** The first variable that is set counts. */
  { readonly kind: 'env'; readonly variables: readonly string[] } | { readonly kind: 'written-out' }

export interface ConfigPath {
  readonly path: string
  readonly base: 'config' | 'cwd'
}

export interface PrismaConfig {
  readonly schema: Setting<ConfigPath>
  readonly migrations: Setting<ConfigPath>
  readonly url: Setting<UrlSource>
  readonly directUrl: Setting<UrlSource>
  readonly engine: Setting<string>
  /** The env file that the configuration loads itself, relative to the working directory. */
  readonly envFile: string | undefined
}

export interface DrizzleConfig {
  readonly dialect: Setting<string>
  readonly out: Setting<ConfigPath>
  readonly url: Setting<UrlSource>
  readonly table: Setting<string>
  readonly schema: Setting<string>
  readonly envFile: string | undefined
}

/** Reads drizzle.config.ts and its relatives, in the same way. */
export function readDrizzleConfig(source: string): DrizzleConfig {
  const { config, envFile } = readStatements(source)
  const line = (offset: number) => lineOf(source, offset)
  const text = (path: readonly string[]) => asSetting(settingAt(config, path), textOf, line)
  return {
    dialect: text(['dialect']),
    out: asSetting(settingAt(config, ['out']), pathOf, line),
    url: asSetting(settingAt(config, ['dbCredentials', 'url']), urlOf, line),
    table: text(['migrations', 'table']),
    schema: text(['migrations', 'schema']),
    envFile,
  }
}

function textOf(value: ConfigValue): string | undefined {
  return value.kind === 'text' ? value.text : undefined
}

/** Reads prisma.config.ts and its relatives. Never runs it, never guesses: what it cannot tell is `unreadable`. */
export function readConfig(source: string): PrismaConfig {
  const { config, envFile, interferences } = readStatements(source)
  const at = (path: readonly string[]) => settingAt(config, path)
  const line = (offset: number) => lineOf(source, offset)
  const url = (path: readonly string[]): Setting<UrlSource> => {
    const setting = asSetting(at(path), urlOf, line)
    const changed = interferences.find(({ variable }) => isRead(setting, variable))
    return changed === undefined ? setting : { kind: 'unreadable', source: changed.source, line: line(changed.at) }
  }
  return {
    schema: asSetting(at(['schema']), pathOf, line),
    migrations: asSetting(at(['migrations', 'path']), pathOf, line),
    url: url(['datasource', 'url']),
    directUrl: url(['datasource', 'directUrl']),
    engine: asSetting(at(['engine']), textOf, line),
    envFile,
  }
}

function isRead(setting: Setting<UrlSource>, variable: string | undefined): boolean {
  if (setting.kind !== 'known' || setting.value.kind !== 'env') return false
  return variable === undefined || setting.value.variables.includes(variable)
}

function settingAt(config: ConfigValue | undefined, path: readonly string[]): ConfigValue {
  let value: ConfigValue = config ?? { kind: 'unknown', source: 'the default export', at: 0 }
  for (const name of path) {
    if (value.kind !== 'object') return value.kind === 'nothing' ? value : asUnknown(value)
    const next = value.entries.get(name)
    if (next === undefined) {
      return value.complete
        ? { kind: 'nothing' }
        : { kind: 'unknown', source: `… (\`${path.join('.')}\` may be in what is spread there)`, at: 0 }
    }
    value = next
  }
  return value
}

function asUnknown(value: ConfigValue): ConfigValue {
  return value.kind === 'unknown' ? value : { kind: 'unknown', source: 'something other than an object', at: 0 }
}

function asSetting<Value>(
  value: ConfigValue,
  read: (value: ConfigValue) => Value | undefined,
  line: (offset: number) => number,
): Setting<Value> {
  if (value.kind === 'nothing') return { kind: 'absent' }
  const known = read(value)
  if (known !== undefined) return { kind: 'known', value: known }
  if (value.kind === 'unknown') return { kind: 'unreadable', source: value.source, line: line(value.at) }
  return {
    kind: 'unreadable',
    source: `a value that is ${value.kind === 'env' ? `the variable ${value.name}` : 'put together'}`,
    line: 1,
  }
}

function pathOf(value: ConfigValue): ConfigPath | undefined {
  if (value.kind === 'text') return { path: value.text, base: 'config' }
  return value.kind === 'path' ? { path: value.path, base: value.base } : undefined
}

/** A fallback that is written out is never used: a deploy must not go to a database that nobody named. */
function urlOf(value: ConfigValue): UrlSource | undefined {
  if (value.kind === 'text') return { kind: 'written-out' }
  if (value.kind === 'env') return { kind: 'env', variables: [value.name] }
  if (value.kind !== 'either') return undefined
  const variables = value.values.flatMap((one) => (one.kind === 'env' ? [one.name] : []))
  const readable = value.values.every(({ kind }) => kind === 'env' || kind === 'text' || kind === 'nothing')
  return readable && variables.length > 0 ? { kind: 'env', variables } : undefined
}

import { EngineFailure } from './failures.ts'

export type CliCommand = 'can-connect-to-database' | 'create-database'

/** What the CLI starts its engine for. */
export type Invocation =
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly command: CliCommand; readonly url: string }
  | ServeInvocation

export interface ServeInvocation {
  readonly kind: 'serve'
  readonly datasource: DatasourceUrls
  /** Paths of the schema files. */
  readonly datamodels: readonly string[]
  readonly hasExtensionTypes: boolean
}

export interface DatasourceUrls {
  readonly url: string | undefined
  readonly directUrl: string | undefined
  readonly shadowDatabaseUrl: string | undefined
}

const noUrls: DatasourceUrls = { url: undefined, directUrl: undefined, shadowDatabaseUrl: undefined }

/**
 * The forms that were seen: `--datasource JSON --datamodels FILE…` to serve; `cli --datasource URL COMMAND` of CLI 6
 * and `--datasource JSON cli COMMAND` of CLI 7 for one command; `--version`.
 */
export function readInvocation(args: readonly string[]): Invocation {
  let datasource: string | undefined
  let extensionTypes: string | undefined
  const datamodels: string[] = []
  const words: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? ''
    const [name, inlineValue] = splitAtEquals(arg)
    const value = () => {
      const found = inlineValue ?? args[++at]
      if (found === undefined)
        throw new EngineFailure(undefined, `The schema engine was started with ${name} and no value`)
      return found
    }
    if (name === '--version' || name === '-V') return { kind: 'version' }
    if (name === '--datasource') datasource = value()
    else if (name === '--datamodels' || name === '-d') datamodels.push(value())
    else if (name === '--extension-types') extensionTypes = value()
    // Preview features come with the schema files as well, and nothing here depends on them alone.
    else if (name === '--enabled-preview-features') value()
    else if (name.startsWith('-'))
      throw new EngineFailure(undefined, `The schema engine does not know the argument ${name}`)
    else words.push(arg)
  }
  const urls = datasource === undefined ? noUrls : readDatasource(datasource)
  if (words.length === 0) {
    return { kind: 'serve', datasource: urls, datamodels, hasExtensionTypes: hasTypes(extensionTypes) }
  }
  return { kind: 'command', ...readCommand(words, urls.url) }
}

function splitAtEquals(arg: string): readonly [string, string | undefined] {
  const at = arg.startsWith('--') ? arg.indexOf('=') : -1
  return at === -1 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}

function readDatasource(text: string): DatasourceUrls {
  // CLI 6 hands a plain URL to its commands, and JSON like CLI 7 when it starts the server.
  if (!text.trimStart().startsWith('{')) return { ...noUrls, url: text }
  const fields = readJsonObject(text, '--datasource')
  const string = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return { url: string('url'), directUrl: string('directUrl'), shadowDatabaseUrl: string('shadowDatabaseUrl') }
}

function hasTypes(text: string | undefined): boolean {
  if (text === undefined) return false
  const { types } = readJsonObject(text, '--extension-types')
  return Array.isArray(types) && types.length > 0
}

function readJsonObject(text: string, argument: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // The parser's message would quote the text, and the text holds a password.
  }
  throw new EngineFailure(
    undefined,
    `The schema engine was started with ${argument} and a value that is not a JSON object`,
  )
}

function readCommand(words: readonly string[], url: string | undefined): { command: CliCommand; url: string } {
  const [cli, command] = words
  if (cli !== 'cli' || (command !== 'can-connect-to-database' && command !== 'create-database')) {
    throw new EngineFailure(undefined, `The offline schema engine has no command \`${words.join(' ')}\``)
  }
  if (url === undefined) throw new EngineFailure('P1013', 'The schema engine was started without a connection URL')
  return { command, url }
}

import { checkEncoding } from './url/encoding.ts'
import { noDatabase, noUser, readLocation } from './url/location.ts'
import { DatabaseUrl, isSocket } from './url/model.ts'
import { documentationHostIn, type Placeholder, placeholderIn } from './url/placeholder.ts'
import { refusePooler } from './url/pooler.ts'
import { checkRawText } from './url/raw.ts'
import { problem, type Shown, setting, type UrlProblem } from './url/say.ts'
import { decode, takeApart, type UrlStructure } from './url/structure.ts'
import { decideTls } from './url/tls.ts'

export { type ClientConfig, clientConfig } from './url/client.ts'
export { libpqEnvironment } from './url/libpq.ts'
export { DatabaseUrl, passwordOf, type SslMode, secretsOf, withDatabase, withSessionOf } from './url/model.ts'
export { poolerOf } from './url/pooler.ts'
export { optionsWith, prismaUrl } from './url/prisma.ts'

export type ParsedUrl =
  | { readonly kind: 'ok'; readonly url: DatabaseUrl; readonly warnings: readonly string[] }
  | UrlProblem

export interface ParseOptions {
  /** `allow` only for a URL that nothing is deployed through, such as the application's own. */
  readonly pooled?: 'refuse' | 'allow'
}

/** `variable` is how the user knows the value: an environment variable or an input of the action. */
export function parseDatabaseUrl(raw: string | undefined, variable: string, options: ParseOptions = {}): ParsedUrl {
  if (raw === undefined) return missing(variable)
  const text = raw.trim()
  if (text === '') return empty(variable)
  const unusable = checkRawText(text, variable)
  if (unusable !== undefined) return unusable
  const structure = takeApart(text)
  return (
    checkPlaceholder(structure, variable) ??
    checkEncoding(structure, variable) ??
    build(raw, structure, variable, options)
  )
}

function missing(variable: string): UrlProblem {
  return problem(
    'URL.MISSING',
    `\`${variable}\` is not set.`,
    'Airlock reads the connection URL from the environment, never from the command line.',
    [
      'In a workflow, hand the secret over:',
      `${variable}: \${{ secrets.${/^[A-Z0-9_]+$/.test(variable) ? variable : 'DATABASE_URL'} }}`,
      `In a terminal: export ${setting(/^[A-Z0-9_]+$/.test(variable) ? variable : 'DATABASE_URL')}`,
    ],
  )
}

function empty(variable: string): UrlProblem {
  return problem(
    'URL.EMPTY',
    `\`${variable}\` is set but empty.`,
    'GitHub puts an empty text in place of a secret that does not exist, that belongs to another environment, or that a pull request from a fork may not read.',
    [
      'Check the name of the secret and the `environment:` of the job, then store the URL in it:',
      `gh secret set ${/^[A-Z0-9_]+$/.test(variable) ? variable : 'DATABASE_URL'} --env production`,
    ],
  )
}

function checkPlaceholder(structure: UrlStructure, variable: string): UrlProblem | undefined {
  const found = placeholderIn(structure)
  return found === undefined ? undefined : placeholderProblem(found, variable)
}

function placeholderProblem(found: Placeholder, variable: string): UrlProblem {
  const named = found.shown === undefined ? '' : `, \`${found.shown}\``
  return problem('URL.PLACEHOLDER', `The ${found.part} in \`${variable}\`${named} is a placeholder.`, found.hint, [
    `Put the real ${found.part} in, percent-encoded where it contains special characters:`,
    setting(variable),
  ])
}

function build(raw: string, structure: UrlStructure, variable: string, options: ParseOptions): ParsedUrl {
  const parameters = new Map(new URLSearchParams(structure.query ?? ''))
  const location = readLocation(structure, parameters, variable)
  if (location.kind === 'invalid') return location
  const { host, port } = location
  const user = decode(structure.user ?? '') ?? ''
  const database = decode(structure.path?.replace(/\/$/, '') ?? '') ?? ''
  const shown: Shown = {
    user: user === '' ? undefined : structure.user,
    host: isSocket(host) ? undefined : host,
    port,
    database: database === '' ? undefined : encodeURIComponent(database),
  }
  if (user === '') return noUser(parameters, variable, shown)
  if (database === '') return noDatabase(variable, shown)
  const tls = decideTls(host, parameters, variable, shown)
  if (tls.kind === 'invalid') return tls
  const target = { host, port, user, database, parameters }
  const refused = options.pooled === 'allow' ? undefined : refusePooler(target, variable)
  if (refused !== undefined) return refused
  const documentation = documentationHostIn(host)
  if (documentation !== undefined) return placeholderProblem(documentation, variable)
  const encodedPassword = structure.password ?? ''
  const url = new DatabaseUrl({
    ...target,
    sslmode: tls.sslmode,
    raw,
    password: decode(encodedPassword) ?? '',
    encodedPassword,
  })
  const trimmed =
    raw === raw.trim()
      ? []
      : [`\`${variable}\` has white space around the URL; it is ignored. Store the secret again without it.`]
  return { kind: 'ok', url, warnings: [...trimmed, ...tls.warnings] }
}

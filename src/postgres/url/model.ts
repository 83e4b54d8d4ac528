/** What is left of the given `sslmode` once it is decided what this connection really does. */
export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

interface Secrets {
  /** The text as it was given, before anything was trimmed or decoded. */
  readonly raw: string
  readonly password: string
  readonly encodedPassword: string
  /** Parameters whose values are secrets: `sslpassword` and the like. */
  readonly parameters: ReadonlyMap<string, string>
}

export interface DatabaseUrlParts extends Secrets {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly sslmode: SslMode
  /** Every parameter, secrets included; the constructor sorts them apart. */
  readonly parameters: ReadonlyMap<string, string>
}

const secretParameters: ReadonlySet<string> = new Set([
  'password',
  'sslpassword',
  'sslkeypassword',
  'api_key',
  'passfile',
])

/**
 * A connection URL that passed every check. Printing it in any way prints `***` for the password, and no property
 * holds one: the secrets are reached through `passwordOf` and `secretsOf` alone.
 */
export class DatabaseUrl {
  readonly #secrets: Secrets
  /** A name, an address without brackets, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly schema: string
  readonly sslmode: SslMode
  /** As written in the URL, without those that are secrets. */
  readonly parameters: ReadonlyMap<string, string>

  constructor(parts: DatabaseUrlParts) {
    const all = [...parts.parameters]
    this.host = parts.host
    this.port = parts.port
    this.database = parts.database
    this.user = parts.user
    // Prisma's default, quaint/src/connector/postgres/url.rs.
    this.schema = parts.parameters.get('schema') || 'public'
    this.sslmode = parts.sslmode
    this.parameters = new Map(all.filter(([name]) => !secretParameters.has(name)))
    this.#secrets = {
      raw: parts.raw,
      password: parts.password,
      encodedPassword: parts.encodedPassword,
      parameters: new Map(all.filter(([name]) => secretParameters.has(name))),
    }
  }

  static secretsIn(url: DatabaseUrl): Secrets {
    return url.#secrets
  }

  toString(): string {
    const password = this.#secrets.password === '' ? '' : ':***'
    return writeUrl(this, password, this.parameters)
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

export function passwordOf(url: DatabaseUrl): string {
  return DatabaseUrl.secretsIn(url).password
}

/** Parameters with their secrets, for the adapters that hand them on. */
export function allParametersOf(url: DatabaseUrl): ReadonlyMap<string, string> {
  return new Map([...url.parameters, ...DatabaseUrl.secretsIn(url).parameters])
}

/** Every text that gives something away, longest first, so that masking the password cannot leave half a URL behind. */
export function secretsOf(url: DatabaseUrl): string[] {
  const { raw, password, encodedPassword, parameters } = DatabaseUrl.secretsIn(url)
  const texts = [raw, raw.trim(), password, encodedPassword, encodeURIComponent(password)]
  for (const value of parameters.values()) texts.push(value, encodeURIComponent(value))
  return [...new Set(texts)].filter((text) => text !== '').sort((a, b) => b.length - a.length)
}

export function withDatabase(url: DatabaseUrl, database: string): DatabaseUrl {
  return rewritten(url, database, allParametersOf(url))
}

/** Where `url` leads, with what the session of `like` begins with: its schema, and the settings in its options. */
export function withSessionOf(url: DatabaseUrl, like: DatabaseUrl): DatabaseUrl {
  const parameters = new Map(allParametersOf(url))
  for (const name of ['schema', 'options']) {
    const value = like.parameters.get(name)
    if (value === undefined) parameters.delete(name)
    else parameters.set(name, value)
  }
  return rewritten(url, url.database, parameters)
}

function rewritten(url: DatabaseUrl, database: string, parameters: ReadonlyMap<string, string>): DatabaseUrl {
  const secrets = DatabaseUrl.secretsIn(url)
  const { host, port, user, sslmode } = url
  const parts = { ...secrets, host, port, user, sslmode, database, parameters }
  const changed = new DatabaseUrl({ ...parts, raw: '' })
  return new DatabaseUrl({ ...parts, raw: writeUrl(changed, `:${secrets.encodedPassword}`, parameters) })
}

export function isSocket(host: string): boolean {
  return host.startsWith('/') || host.startsWith('@')
}

/** The one place that writes a URL. `password` comes with its colon, encoded. */
export function writeUrl(
  url: Pick<DatabaseUrl, 'host' | 'port' | 'database' | 'user'>,
  password: string,
  parameters: ReadonlyMap<string, string>,
): string {
  const query = new Map(parameters)
  query.delete('host')
  // A socket has no place in the authority: Prisma reads it from the parameter, whose value may stay readable.
  if (isSocket(url.host)) query.set('host', url.host)
  const host = isSocket(url.host) ? 'localhost' : url.host.includes(':') ? `[${url.host}]` : url.host
  const pairs = [...query].map(([name, value]) => `${name}=${encodeParameter(value)}`)
  const user = `${encodeURIComponent(url.user)}${password}`
  const path = `${host}:${url.port}/${encodeURIComponent(url.database)}`
  return `postgresql://${user}@${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`
}

function encodeParameter(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':')
}

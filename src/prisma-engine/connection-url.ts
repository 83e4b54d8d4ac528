import { EngineFailure } from './failures.ts'
import { revealed } from './withheld-password.ts'

/** What a connection URL means to Prisma's native engine (its documentation: "PostgreSQL connector", arguments). */
export interface ConnectionSettings {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Sets the search path where it is given. */
  readonly schema: string | undefined
  /** `-c lock_timeout=2s` and the like, handed to the server as they are. */
  readonly options: string | undefined
  readonly applicationName: string | undefined
  /** `undefined`: wait for ever. */
  readonly connectTimeoutMs: number | undefined
  /** For the engine's own queries; a migration takes the time it takes. */
  readonly socketTimeoutMs: number | undefined
  readonly tls: TlsSettings
  readonly channelBinding: 'disable' | 'prefer' | 'require'
}

export interface TlsSettings {
  readonly mode: 'disable' | 'prefer' | 'require'
  readonly verify: boolean
  /** Paths, from the folder that the CLI starts its engine in. */
  readonly rootCertificate: string | undefined
  readonly identity: string | undefined
  readonly identityPassword: string | undefined
}

const defaultConnectTimeoutSeconds = 5

export function readConnectionUrl(text: string): ConnectionSettings {
  const url = parseUrl(text)
  const parameters = url.searchParams
  const parameter = (name: string) => parameters.getAll(name).at(-1)
  const connectSeconds = seconds(parameter('connect_timeout'), 'connect_timeout') ?? defaultConnectTimeoutSeconds
  const socketSeconds = seconds(parameter('socket_timeout'), 'socket_timeout')
  const host = parameter('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1')
  return {
    host: host === '' ? 'localhost' : host,
    port: url.port === '' ? 5432 : Number(url.port),
    user: decode(url.username),
    password: revealed(decode(url.password)),
    database: decode(url.pathname.split('/')[1] ?? '') || 'postgres',
    schema: parameter('schema'),
    options: parameter('options'),
    applicationName: parameter('application_name'),
    connectTimeoutMs: connectSeconds === 0 ? undefined : connectSeconds * 1_000,
    socketTimeoutMs: socketSeconds === undefined ? undefined : socketSeconds * 1_000,
    tls: {
      // What the engine does not know, `verify-full` among it, counts as `prefer`.
      mode: oneOf(parameter('sslmode'), ['disable', 'require'] as const) ?? 'prefer',
      verify: parameters.has('sslaccept') && parameter('sslaccept') !== 'accept_invalid_certs',
      rootCertificate: parameter('sslcert'),
      identity: parameter('sslidentity'),
      identityPassword: parameter('sslpassword'),
    },
    channelBinding: oneOf(parameter('channel_binding'), ['disable', 'require'] as const) ?? 'prefer',
  }
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalid('it is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:') {
    throw invalid(`it begins with \`${url.protocol}//\`, and the offline schema engine speaks to PostgreSQL only`)
  }
  return url
}

/** The message names what is wrong and never the URL. */
function invalid(why: string): EngineFailure {
  return new EngineFailure('P1013', `The provided database string is invalid: ${why}.`)
}

function seconds(value: string | undefined, name: string): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d+$/.test(value)) throw invalid(`\`${name}\` is not a whole number of seconds`)
  return Number(value)
}

function oneOf<Value extends string>(value: string | undefined, values: readonly Value[]): Value | undefined {
  return values.find((known) => known === value)
}

/** Undecodable text is taken as it stands, as the native engine does. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

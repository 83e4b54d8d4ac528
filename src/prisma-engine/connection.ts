import { readFile } from 'node:fs/promises'
import pg from 'pg'
import type { ConnectionSettings, TlsSettings } from './connection-url.ts'
import { connectionFailure, EngineFailure } from './failures.ts'

/** Connects as the native engine does: TLS where the server offers it, unless the URL says more or less than that. */
export async function openConnection(settings: ConnectionSettings): Promise<pg.Client> {
  try {
    const client = await connectWithTls(settings)
    if (settings.schema !== undefined) {
      await client.query(`SET search_path = ${pg.escapeIdentifier(settings.schema)}`)
    }
    return client
  } catch (thrown) {
    throw connectionFailure(thrown, settings)
  }
}

async function connectWithTls(settings: ConnectionSettings): Promise<pg.Client> {
  const { tls, host } = settings
  // A Unix socket has no TLS (manual, 34.19.3).
  const wanted = host.startsWith('/') ? 'disable' : tls.mode
  if (settings.channelBinding === 'require' && wanted === 'disable') {
    throw new EngineFailure(
      'P1011',
      'Error opening a TLS connection: `channel_binding=require` needs TLS, and it is off.',
    )
  }
  if (wanted === 'disable') return connect(settings, false)
  const options = await tlsOptions(tls)
  try {
    return await connect(settings, options)
  } catch (thrown) {
    const refused = thrown instanceof Error && thrown.message === 'The server does not support SSL connections'
    if (wanted === 'prefer' && refused && settings.channelBinding !== 'require') return connect(settings, false)
    throw thrown
  }
}

async function connect(settings: ConnectionSettings, tls: object | false): Promise<pg.Client> {
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    // A function, because an empty string would make the driver look for a password elsewhere.
    password: () => settings.password,
    database: settings.database,
    options: settings.options,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    ssl: tls,
    keepAlive: true,
    enableChannelBinding: tls !== false && settings.channelBinding !== 'disable',
  } as pg.ClientConfig)
  if (settings.channelBinding === 'require') refuseWithoutChannelBinding(client)
  // The one who waits for a query hears of a lost connection; nobody else does, and it must not end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (thrown) {
    client.end().catch(() => undefined) // the cause is thrown below
    throw thrown
  }
}

/** `require` means that a server which offers no binding is not talked to: the password could be for somebody else. */
function refuseWithoutChannelBinding(client: pg.Client): void {
  const { connection } = client
  const refuse = () => {
    const message = 'Error opening a TLS connection: the server offers no channel binding, and the URL requires it.'
    connection.emit('error', new EngineFailure('P1011', message))
  }
  connection.prependListener('authenticationCleartextPassword', refuse)
  connection.prependListener('authenticationMD5Password', refuse)
  connection.prependListener('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    if (!mechanisms.includes('SCRAM-SHA-256-PLUS')) refuse()
  })
}

async function tlsOptions(tls: TlsSettings): Promise<object> {
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.rootCertificate === undefined ? {} : { ca: await readTlsFile(tls.rootCertificate, 'sslcert') }),
    ...(tls.identity === undefined ? {} : { pfx: await readTlsFile(tls.identity, 'sslidentity') }),
    ...(tls.identityPassword === undefined ? {} : { passphrase: tls.identityPassword }),
  }
}

async function readTlsFile(path: string, parameter: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch {
    throw new EngineFailure(
      'P1011',
      `Error opening a TLS connection: the file of \`${parameter}\` (${path}) cannot be read.`,
    )
  }
}

/**
 * Looks like a pool to the adapter and is one connection: the advisory lock, the search path and an open transaction
 * live in it, so it is never replaced, not after an error either (a pool closes a connection whose query failed).
 */
export class OneConnection extends pg.Pool {
  readonly #client: pg.Client
  readonly #socketTimeoutMs: number | undefined
  #lost = false

  constructor(client: pg.Client, socketTimeoutMs: number | undefined) {
    super({ max: 1 })
    this.#client = client
    this.#socketTimeoutMs = socketTimeoutMs
    client.once('end', () => {
      this.#lost = true
    })
    this.query = ((query: string | pg.QueryConfig, values?: unknown[]) => this.#run(query, values)) as pg.Pool['query']
    this.connect = (() => Promise.resolve(Object.assign(client, { release: () => undefined }))) as pg.Pool['connect']
    this.end = (() => client.end()) as pg.Pool['end']
  }

  /** The text as it is in one message, without any time limit of ours. */
  async send(sql: string): Promise<void> {
    await this.#client.query(sql)
  }

  async #run(query: string | pg.QueryConfig, values: unknown[] | undefined): Promise<unknown> {
    const limited =
      this.#socketTimeoutMs === undefined || typeof query === 'string'
        ? query
        : { ...query, query_timeout: this.#socketTimeoutMs }
    try {
      return withReadableTypes(await this.#client.query(limited as pg.QueryConfig, values))
    } catch (thrown) {
      throw asSocketError(thrown, this.#lost)
    }
  }
}

const charOid = 18
const textOid = 25

/** The adapter refuses the type `"char"` (adapter-pg 7.10.1), of which the catalog is full; the engine reads it from text. */
function withReadableTypes(result: pg.QueryResult): pg.QueryResult {
  for (const field of result.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = textOid
  return result
}

/** In the shape from which the adapter tells a lost connection (P1017) and a timeout (P1008) from other errors. */
function asSocketError(thrown: unknown, lost: boolean): unknown {
  if (!(thrown instanceof Error)) return thrown
  if (thrown.message === 'Query read timeout') {
    return Object.assign(thrown, { code: 'ETIMEDOUT', syscall: 'read', errno: -110 })
  }
  if (lost || /not queryable|Connection terminated/.test(thrown.message)) {
    return Object.assign(thrown, { code: 'ECONNRESET', syscall: 'read', errno: -104 })
  }
  return thrown
}

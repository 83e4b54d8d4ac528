import { readFileSync } from 'node:fs'
import { fail, messageOf } from '../../errors.ts'
import { type DatabaseUrl, isSocket, passwordOf } from './model.ts'
import { type TlsPaths, tlsPathsOf } from './tls.ts'

export interface ClientTls {
  readonly rejectUnauthorized: boolean
  /** What the certificate is checked against; node-postgres names a host to TLS but no address. */
  readonly host: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly checkServerIdentity?: () => undefined
}

/** What `pg.Client` takes. `ssl` is always there: without it node-postgres would read PGSSLMODE. */
export interface ClientConfig {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl: false | ClientTls
  readonly application_name?: string
  readonly options?: string
  readonly connectionTimeoutMillis?: number
  readonly enableChannelBinding?: boolean
}

type ReadText = (path: string) => string

/**
 * TLS as libpq does it: `require` encrypts and believes any certificate, `verify-ca` checks who signed it, `verify-full`
 * checks the name too. node-postgres itself, given a URL, treats `require` and `prefer` as `verify-full` (pg 8).
 * `prefer` exists on this machine only, where it goes without.
 */
export function clientConfig(url: DatabaseUrl, readText: ReadText = readCertificate): ClientConfig {
  const { parameters } = url
  const application = parameters.get('application_name')
  const options = parameters.get('options')
  const timeoutSeconds = Number(parameters.get('connect_timeout') ?? Number.NaN)
  const binding = parameters.get('channel_binding')
  return {
    host: url.host,
    port: url.port,
    user: url.user,
    password: passwordOf(url),
    database: url.database,
    ssl: tlsOf(url, readText),
    ...(application === undefined ? {} : { application_name: application }),
    ...(options === undefined ? {} : { options }),
    ...(timeoutSeconds > 0 ? { connectionTimeoutMillis: timeoutSeconds * 1_000 } : {}),
    ...(binding === 'require' || binding === 'prefer' ? { enableChannelBinding: true } : {}),
  }
}

function tlsOf(url: DatabaseUrl, readText: ReadText): false | ClientTls {
  if (url.sslmode === 'disable' || url.sslmode === 'prefer' || isSocket(url.host)) return false
  const paths = tlsPathsOf(url.sslmode, url.parameters)
  const files = readFiles(paths, readText)
  switch (url.sslmode) {
    case 'require':
      return { rejectUnauthorized: false, host: url.host, ...files }
    case 'verify-ca':
      return { rejectUnauthorized: true, host: url.host, ...files, checkServerIdentity: () => undefined }
    case 'verify-full':
      return { rejectUnauthorized: true, host: url.host, ...files }
  }
}

function readFiles(paths: TlsPaths, readText: ReadText): Pick<ClientTls, 'ca' | 'cert' | 'key'> {
  return {
    ...(paths.root === undefined || paths.root === 'system' ? {} : { ca: readText(paths.root) }),
    ...(paths.certificate === undefined ? {} : { cert: readText(paths.certificate) }),
    ...(paths.key === undefined ? {} : { key: readText(paths.key) }),
  }
}

/** Relative to the working directory, as libpq reads it. */
function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fail(
      'DATABASE.TLS',
      {
        what: `The certificate file \`${path}\` of the connection URL cannot be read.`,
        why: `${messageOf(error)}. A relative path counts from the working directory, ${process.cwd()}.`,
        next: ['Write the absolute path of the file into the URL: ?sslmode=verify-full&sslrootcert=/path/to/ca.pem'],
      },
      { cause: error },
    )
  }
}

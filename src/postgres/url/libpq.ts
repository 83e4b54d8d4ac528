import type { DatabaseUrl } from './model.ts'
import { tlsPathsOf } from './tls.ts'

/** Parameters of libpq that have an environment variable (manual, 34.15) and are handed on as they are. */
const passedOn: ReadonlyMap<string, string> = new Map([
  ['options', 'PGOPTIONS'],
  ['connect_timeout', 'PGCONNECT_TIMEOUT'],
  ['application_name', 'PGAPPNAME'],
  ['channel_binding', 'PGCHANNELBINDING'],
  ['target_session_attrs', 'PGTARGETSESSIONATTRS'],
  ['sslcrl', 'PGSSLCRL'],
  ['sslcrldir', 'PGSSLCRLDIR'],
  ['sslsni', 'PGSSLSNI'],
  ['ssl_min_protocol_version', 'PGSSLMINPROTOCOLVERSION'],
  ['ssl_max_protocol_version', 'PGSSLMAXPROTOCOLVERSION'],
  ['sslnegotiation', 'PGSSLNEGOTIATION'],
  ['gssencmode', 'PGGSSENCMODE'],
  ['krbsrvname', 'PGKRBSRVNAME'],
  ['require_auth', 'PGREQUIREAUTH'],
  ['requirepeer', 'PGREQUIREPEER'],
  ['client_encoding', 'PGCLIENTENCODING'],
])

/**
 * The environment of `pg_dump`, `pg_restore` and `psql`. The password is not in it: it belongs into a pass file, because
 * the environment of a process is readable. Prisma's own parameters (`schema`, `connection_limit`, `pgbouncer`, …) are
 * left out: libpq refuses a URL that contains them.
 *
 * `systemRoots` is a file with the certificate authorities of the operating system. Without it libpq is told `system`,
 * which it knows from version 16 on, and an older one fails instead of trusting everything.
 */
export function libpqEnvironment(url: DatabaseUrl, systemRoots = 'system'): Record<string, string> {
  const environment: Record<string, string> = {
    PGHOST: url.host,
    PGPORT: String(url.port),
    PGUSER: url.user,
    PGDATABASE: url.database,
    PGSSLMODE: url.sslmode,
  }
  const { root, certificate, key } = tlsPathsOf(url.sslmode, url.parameters)
  if (root !== undefined) environment.PGSSLROOTCERT = root === 'system' ? systemRoots : root
  if (certificate !== undefined) environment.PGSSLCERT = certificate
  if (key !== undefined) environment.PGSSLKEY = key
  for (const [parameter, variable] of passedOn) {
    const value = url.parameters.get(parameter)
    if (value !== undefined && value !== '') environment[variable] = value
  }
  return environment
}

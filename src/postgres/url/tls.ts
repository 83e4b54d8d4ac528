import type { SslMode } from './model.ts'
import { networkOf } from './network.ts'
import { problem, type Shown, setting, type UrlProblem } from './say.ts'

const givenModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type GivenMode = (typeof givenModes)[number]

export type TlsDecision =
  | { readonly kind: 'ok'; readonly sslmode: SslMode; readonly warnings: readonly string[] }
  | UrlProblem

/**
 * What this connection does about TLS, decided once for node-postgres, libpq and Prisma alike.
 *
 * libpq's default `prefer` encrypts where it can and says nothing where it cannot: anybody in between can switch it off.
 * Prisma reads `disable`, `prefer` and `require` and takes everything else, `verify-full` included, for `prefer`
 * (quaint/src/connector/postgres/url.rs). So outside this machine nothing weaker than `require` is used, and going
 * without TLS has to be written down; over public networks it is refused.
 */
export function decideTls(
  host: string,
  parameters: ReadonlyMap<string, string>,
  variable: string,
  shown: Shown,
): TlsDecision {
  const written = parameters.get('sslmode')
  if (written !== undefined && !isGivenMode(written)) {
    return problem(
      'URL.MALFORMED',
      `\`${variable}\` has \`sslmode=${written}\`.`,
      `The modes are ${givenModes.join(', ')}. Prisma takes any other word for \`prefer\`, which can silently go without TLS.`,
      [setting(variable, { ...shown, query: '?sslmode=require' })],
    )
  }
  const given = written ?? modeOfSslParameter(parameters.get('ssl'))
  const network = networkOf(host)
  if (given === 'disable') return withoutTls(network, variable, shown)

  const verified = verifiedMode(given, parameters)
  if (verified !== undefined) return { kind: 'ok', sslmode: verified, warnings: [] }
  if (given === 'require') return { kind: 'ok', sslmode: 'require', warnings: [] }
  if (network === 'local') return { kind: 'ok', sslmode: 'prefer', warnings: [] }
  const said =
    given === undefined ? 'says nothing about TLS' : `has \`sslmode=${given}\`, which can silently go without TLS`
  return {
    kind: 'ok',
    sslmode: 'require',
    warnings: [
      `\`${variable}\` ${said}; Airlock connects with \`sslmode=require\`. Write it into the URL to make every tool do so.`,
    ],
  }
}

function isGivenMode(text: string): text is GivenMode {
  return givenModes.some((mode) => mode === text)
}

/** JDBC and node-postgres write `ssl=true`; libpq reads it in URLs as `sslmode=require` (manual, 34.1.1.2). */
function modeOfSslParameter(ssl: string | undefined): GivenMode | undefined {
  if (ssl === undefined) return undefined
  return /^(?:false|0|off|no)$/i.test(ssl) ? 'disable' : 'require'
}

/** Prisma verifies with `sslaccept=strict`, and reads any unknown value of it as that. */
function verifiedMode(given: GivenMode | undefined, parameters: ReadonlyMap<string, string>): SslMode | undefined {
  if (given === 'verify-full' || given === 'verify-ca') return given
  const accept = parameters.get('sslaccept')
  if (accept !== undefined && accept !== 'accept_invalid_certs') return 'verify-full'
  const root = parameters.get('sslrootcert')
  if (root === 'system') return 'verify-full'
  // libpq: `require` with a root certificate verifies like `verify-ca` (manual, 34.19.1).
  return given === 'require' && root !== undefined ? 'verify-ca' : undefined
}

function withoutTls(network: ReturnType<typeof networkOf>, variable: string, shown: Shown): TlsDecision {
  if (network === 'public') {
    return problem(
      'URL.NO_TLS',
      `\`${variable}\` switches TLS off for \`${shown.host ?? 'a remote host'}\`.`,
      'Password and data would cross public networks readable by everybody in between.',
      [
        'Switch TLS on:',
        setting(variable, { ...shown, query: '?sslmode=require' }),
        'A server inside a private network is reached by its private address or its `.internal` name; there `sslmode=disable` is accepted.',
      ],
    )
  }
  const warnings =
    network === 'private' ? [`\`${variable}\` switches TLS off; everybody in that private network can read along.`] : []
  return { kind: 'ok', sslmode: 'disable', warnings }
}

/** Which certificates a connection trusts and shows, by path. */
export interface TlsPaths {
  /** `system`: the certificate authorities that the operating system trusts. */
  readonly root: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

/**
 * `sslcert` means two things: for libpq the client's own certificate, which comes with `sslkey`; for Prisma the root
 * certificate, which counts only where certificates are verified at all.
 */
export function tlsPathsOf(sslmode: SslMode, parameters: ReadonlyMap<string, string>): TlsPaths {
  const key = parameters.get('sslkey')
  const sslcert = parameters.get('sslcert')
  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full'
  const root = parameters.get('sslrootcert') ?? (key === undefined ? sslcert : undefined)
  return {
    root: verifies ? (root ?? 'system') : undefined,
    certificate: key === undefined ? undefined : sslcert,
    key,
  }
}

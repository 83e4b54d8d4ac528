import { allParametersOf, DatabaseUrl, isSocket, writeUrl } from './model.ts'
import { tlsPathsOf } from './tls.ts'

/**
 * The URL for Prisma: the user's own, with `settings` of the server added and TLS spelled in the words Prisma knows.
 * Of two settings with the same name the server takes the later one, so ours win over those in the URL. `standIn` takes the
 * place of a password that Prisma must not see; it must need no encoding.
 */
export function prismaUrl(url: DatabaseUrl, settings: Readonly<Record<string, string>> = {}, standIn?: string): string {
  const parameters = new Map(allParametersOf(url))
  parameters.delete('ssl')
  parameters.delete('sslmode')
  for (const [name, value] of prismaTls(url)) parameters.set(name, value)
  const options = optionsWith(parameters.get('options'), settings)
  if (options !== undefined) parameters.set('options', options)
  const { encodedPassword } = DatabaseUrl.secretsIn(url)
  return writeUrl(url, encodedPassword === '' ? '' : `:${standIn ?? encodedPassword}`, parameters)
}

/** Prisma verifies name and signer at once, with `sslaccept=strict`; for `verify-ca` that is more than was asked, never less. */
function prismaTls(url: DatabaseUrl): readonly (readonly [string, string])[] {
  if (isSocket(url.host)) return [['sslmode', 'disable']]
  if (url.sslmode !== 'verify-ca' && url.sslmode !== 'verify-full') return [['sslmode', url.sslmode]]
  const { root, key } = tlsPathsOf(url.sslmode, url.parameters)
  const strict = [
    ['sslmode', 'require'],
    ['sslaccept', 'strict'],
  ] as const
  // Prisma's `sslcert` is the root certificate. Beside an `sslkey` the name is taken by the client's own certificate.
  return root === undefined || root === 'system' || key !== undefined ? strict : [...strict, ['sslcert', root]]
}

/** Server settings behind those that the URL has already: of two with the same name the server takes the later one. */
export function optionsWith(given: string | undefined, settings: Readonly<Record<string, string>>): string | undefined {
  const options = [given ?? '', ...Object.entries(settings).map(asOption)].filter((text) => text.trim() !== '')
  return options.length > 0 ? options.join(' ') : undefined
}

/** A backslash keeps a space or a backslash inside one argument of `options` (manual, 34.1.2). */
function asOption([name, value]: readonly [string, string]): string {
  return `-c ${name}=${value.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ')}`
}

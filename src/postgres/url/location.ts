import { isSocket } from './model.ts'
import { problem, type Shown, setting, type UrlProblem } from './say.ts'
import { decode, type UrlStructure } from './structure.ts'

export type Location = { readonly kind: 'ok'; readonly host: string; readonly port: number } | UrlProblem

const defaultPort = 5432

/** The parameter `host` wins over the host of the URL, for Prisma as for libpq: it is how a socket is named. */
export function readLocation(
  structure: UrlStructure,
  parameters: ReadonlyMap<string, string>,
  variable: string,
): Location {
  const port = readPort(structure.port)
  if (port === undefined) return badPort(structure, variable)
  const named = parameters.get('host')
  const host = named === undefined || named === '' ? structure.host : named
  if (host.includes(',') || structure.port?.includes(',')) return severalHosts(variable)
  if (host === '') return noHost(variable)
  const bracketed = /^\[([0-9a-f:.]+)(?:%25[\w.-]+)?\]$/i.exec(host)
  if (bracketed?.[1] !== undefined) return { kind: 'ok', host: bracketed[1].toLowerCase(), port }
  // libpq takes a percent-encoded socket folder in place of the host.
  const decoded = decode(host) ?? host
  if (isSocket(decoded)) return { kind: 'ok', host: decoded, port }
  if (!/^[\p{L}\p{N}._-]+$/u.test(host)) return badHost(variable)
  return { kind: 'ok', host: host.toLowerCase(), port }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return defaultPort
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

function badPort(structure: UrlStructure, variable: string): UrlProblem {
  if (structure.port?.includes(',') || structure.host.includes(',')) return severalHosts(variable)
  // Without an `@` what stands after the colon may be a password: it is not repeated.
  const shown = structure.user !== undefined && /^\d+$/.test(structure.port ?? '') ? ` \`${structure.port}\`` : ''
  return problem(
    'URL.MALFORMED',
    `The port${shown} in \`${variable}\` is not a number from 1 to 65535.`,
    structure.user === undefined
      ? 'What follows the first `:` is read as the port, because the URL has no `@` between password and host.'
      : 'It stands between the host and the database name.',
    [setting(variable)],
  )
}

function severalHosts(variable: string): UrlProblem {
  return problem(
    'URL.MALFORMED',
    `\`${variable}\` names several hosts.`,
    'libpq can try them in turn; Prisma cannot, and migrations belong to the primary alone.',
    ['Keep the host of the primary server:', setting(variable)],
  )
}

function noHost(variable: string): UrlProblem {
  return problem(
    'URL.NO_HOST',
    `\`${variable}\` names no host.`,
    'Nothing stands between the `@` and the port or the database. libpq would use a local socket, Prisma `localhost`.',
    [
      'Write the host:',
      setting(variable),
      'For a Unix socket, name its folder: postgresql://USER:***@localhost/DATABASE?host=/var/run/postgresql',
    ],
  )
}

function badHost(variable: string): UrlProblem {
  return problem(
    'URL.MALFORMED',
    `The host in \`${variable}\` is neither a name nor an address.`,
    'It contains a character that no host name has. An unescaped `@` in the password moves the beginning of the host; an IPv6 address needs brackets.',
    ['Encode special characters of the password (`@` is `%40`), write IPv6 as `[::1]`:', setting(variable)],
  )
}

export function noDatabase(variable: string, shown: Shown): UrlProblem {
  // A text without a dot or a port could be the rest of a password with an `@`; a host is shown only when it is surely one.
  const host = shown.host === 'localhost' || shown.host?.includes('.') === true ? shown.host : undefined
  return problem(
    'URL.NO_DATABASE',
    `\`${variable}\` names no database.`,
    'Prisma would fall back to the database `postgres`, libpq to one named like the user. Migrations must not go to a database by accident.',
    ['Put the name of the database after the host:', setting(variable, { ...shown, host })],
  )
}

export function noUser(parameters: ReadonlyMap<string, string>, variable: string, shown: Shown): UrlProblem {
  const why = parameters.has('user')
    ? 'It has a parameter `user`; Prisma reads user and password only from in front of the host.'
    : 'libpq would use the name of the operating system’s user, Prisma none at all.'
  return problem('URL.NO_USER', `\`${variable}\` names no user.`, why, [
    'Put user and password in front of the host:',
    setting(variable, { database: shown.database, port: shown.port }),
  ])
}

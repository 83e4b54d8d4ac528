import type { Failure } from '../errors.ts'

/** One installed pair of pg_dump and pg_restore. */
export interface ClientTools {
  readonly folder: string
  readonly dump: string
  readonly restore: string
  readonly major: number
  /** As the program prints it: `17.11`. */
  readonly version: string
}

export interface FoundClients {
  readonly usable: readonly ClientTools[]
  readonly unusable: readonly { readonly path: string; readonly because: string }[]
  readonly searched: readonly string[]
}

export type PackageManager = 'apt' | 'dnf' | 'apk' | 'brew' | 'unknown'

/** What decides which command installs something here. */
export interface Machine {
  readonly packageManager: PackageManager
  readonly isRoot: boolean
}

export type ClientChoice =
  | { readonly kind: 'found'; readonly client: ClientTools }
  | { readonly kind: 'none'; readonly failure: Failure }

/**
 * The client for a server of that major: the same major, else the nearest newer one, never an older one.
 * pg_dump refuses a server newer than itself, and pg_restore from 17 on writes settings that an older server does not
 * know, so the nearest is the best (measured with 15.18, 17.11 and 18.6 on servers 14 to 18).
 */
export function chooseClient(found: FoundClients, serverMajor: number, machine: Machine): ClientChoice {
  const [client] = found.usable
    .filter(({ major }) => major >= serverMajor)
    .toSorted((a, b) => a.major - b.major || newestFirst(a.version, b.version))
  if (client !== undefined) return { kind: 'found', client }

  const next = [
    ...installCommands(serverMajor, machine),
    `Or set AIRLOCK_PG_BIN to the folder that holds pg_dump and pg_restore ${serverMajor} or newer.`,
  ]
  const broken = found.unusable.map(({ path, because }) => `${path}: ${because}`)
  if (found.usable.length === 0) {
    return {
      kind: 'none',
      failure: {
        code: 'BACKUP.NO_CLIENT',
        what: `There is no pg_dump for PostgreSQL ${serverMajor} on this machine.`,
        why: [`Looked in ${found.searched.join(', ')}.`, ...broken].join('\n'),
        next,
      },
    }
  }
  const listed = found.usable.map(({ dump, version }) => `${version} (${dump})`)
  return {
    kind: 'none',
    failure: {
      code: 'BACKUP.CLIENT_TOO_OLD',
      what: `The server is PostgreSQL ${serverMajor} and the newest pg_dump on this machine is ${newestOf(found.usable)}.`,
      why: [
        'pg_dump refuses a server that is newer than itself.',
        `Found ${[...new Set(listed)].join(', ')}.`,
        ...broken,
      ].join('\n'),
      next,
    },
  }
}

function newestFirst(a: string, b: string): number {
  const minor = (version: string) => Number(version.split('.')[1] ?? 0)
  return minor(b) - minor(a)
}

function newestOf(clients: readonly ClientTools[]): string {
  return clients.toSorted((a, b) => b.major - a.major || newestFirst(a.version, b.version))[0]?.version ?? 'none'
}

/** The PostgreSQL project's own packages carry every supported major; a distribution carries one. */
function installCommands(major: number, { packageManager, isRoot }: Machine): readonly string[] {
  const sudo = isRoot ? '' : 'sudo '
  switch (packageManager) {
    case 'apt':
      // postgresql-common of Debian and Ubuntu ships the script that adds the PostgreSQL project's repository.
      return [
        [
          `${sudo}apt-get update`,
          `${sudo}apt-get install -y ca-certificates postgresql-common`,
          `${sudo}/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y`,
          `${sudo}apt-get install -y postgresql-client-${major}`,
        ].join(' && '),
      ]
    case 'dnf':
      return [
        `${sudo}dnf install -y postgresql${major}`,
        'Where the distribution has no such package, https://www.postgresql.org/download/linux/redhat/ gives the repository to add first.',
      ]
    case 'apk':
      return [`${sudo}apk add postgresql${major}-client`]
    case 'brew':
      return [`brew install postgresql@${major}`]
    case 'unknown':
      return [`Install the client programs of PostgreSQL ${major}: https://www.postgresql.org/download/`]
  }
}

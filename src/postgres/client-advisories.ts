import type { ClientTools, Machine } from './client-choice.ts'

/**
 * Security fixes of the client programs, by the first minor of each major that has them
 * (https://www.postgresql.org/support/security/). A major that is not named never had the fault.
 */
interface Advisory {
  readonly names: string
  readonly what: string
  readonly fixedIn: Readonly<Record<number, number>>
}

const advisories: readonly Advisory[] = [
  {
    names: 'CVE-2026-116314',
    what: 'a crafted dump runs programs as the user of pg_restore',
    fixedIn: { 14: 25, 15: 20, 16: 16, 17: 12, 18: 7 },
  },
  {
    names: 'CVE-2026-18408',
    what: 'a superuser of the source can have programs run where the dump is restored with psql',
    fixedIn: { 14: 24, 15: 19, 16: 15, 17: 11, 18: 6 },
  },
  {
    names: 'CVE-2026-6477',
    what: 'a superuser of the source can overwrite the memory of pg_dump through large objects',
    fixedIn: { 14: 23, 15: 18, 16: 14, 17: 10, 18: 4 },
  },
  {
    names: 'CVE-2025-8714, CVE-2025-8715',
    what: 'names and data of the source can have programs and SQL run where the dump is restored',
    fixedIn: { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 },
  },
]

/** What to say about a client with known faults; a notice, because the backup is none the worse for it. */
export function clientNotice(client: ClientTools, machine: Machine): string | undefined {
  const minor = /^\d+\.(\d+)/.exec(client.version)?.[1]
  // A beta; its faults are not listed by minor.
  if (minor === undefined) return undefined
  const open = advisories.filter(({ fixedIn }) => Number(minor) < (fixedIn[client.major] ?? 0))
  const [newest] = open
  if (newest === undefined) return undefined
  const faults = open.map(({ names, what }) => `${what} (${names})`)
  return [
    `${client.dump} is ${client.version}, which has known security faults: ${faults.join('; ')}.`,
    `Update to ${client.major}.${newest.fixedIn[client.major]} or newer: ${upgradeCommand(client.major, machine)}`,
  ].join(' ')
}

function upgradeCommand(major: number, { packageManager, isRoot }: Machine): string {
  const sudo = isRoot ? '' : 'sudo '
  switch (packageManager) {
    case 'apt':
      return `${sudo}apt-get update && ${sudo}apt-get install -y --only-upgrade postgresql-client-${major}`
    case 'dnf':
      return `${sudo}dnf upgrade -y postgresql${major}`
    case 'apk':
      return `${sudo}apk upgrade postgresql${major}-client`
    case 'brew':
      return `brew upgrade postgresql@${major}`
    case 'unknown':
      return 'https://www.postgresql.org/download/'
  }
}

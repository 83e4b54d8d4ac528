import { expect, it } from 'vitest'
import { clientNotice } from '../../src/postgres/client-advisories.ts'

const machine = { packageManager: 'apt', isRoot: false } as const

function noticeFor(version: string): string | undefined {
  const major = Number.parseInt(version, 10)
  return clientNotice({ folder: '/b', dump: '/b/pg_dump', restore: '/b/pg_restore', major, version }, machine)
}

it('a client with known faults is told with the version that has none and the command', () => {
  expect(noticeFor('17.11')).toBe(
    '/b/pg_dump is 17.11, which has known security faults: a crafted dump runs programs as the user of pg_restore (CVE-2026-116314). Update to 17.12 or newer: sudo apt-get update && sudo apt-get install -y --only-upgrade postgresql-client-17',
  )
  expect(noticeFor('17.5')).toMatch(
    /CVE-2026-116314.*CVE-2026-18408.*CVE-2026-6477.*CVE-2025-8714.*Update to 17\.12 or/,
  )
})

it.each(['14.25', '15.20', '16.16', '17.12', '18.7', '19.0', '19beta1'])('%s has none that are known', (version) => {
  expect(noticeFor(version)).toBeUndefined()
})

it.each(['14.24', '15.19', '16.15', '18.6', '13.21'])('%s has', (version) => {
  expect(noticeFor(version)).toContain(`/b/pg_dump is ${version}`)
})

it('18 never had those of 2025', () => {
  expect(noticeFor('18.0')).not.toContain('CVE-2025-8714')
})

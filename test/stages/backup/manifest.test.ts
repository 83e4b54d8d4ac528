import { describe, expect, it } from 'vitest'
import { type Manifest, parseManifest } from '../../../src/stages/backup/manifest.ts'

const manifest: Manifest = {
  manifestVersion: 1,
  name: 'shop-20261120T112233Z',
  airlock: '0.1.0',
  strategy: 'pg_dump',
  tier: 'decoded',
  notChecked: ['restored: not in this release'],
  startedAt: '2026-11-20T11:22:33.000Z',
  finishedAt: '2026-11-20T11:22:34.000Z',
  source: {
    host: 'db.example.test',
    port: 5432,
    database: 'shop',
    user: 'app',
    serverVersion: '16.14',
    serverMajor: 16,
    systemIdentifier: '7710213766958018193',
    owner: 'app',
    encoding: 'UTF8',
    localeProvider: 'libc',
    collate: 'C',
    characterType: 'C',
    locale: null,
    bytes: 100,
  },
  client: { version: '16.14', major: 16 },
  files: [{ name: 'shop-20261120T112233Z.dump', bytes: 10, sha256: 'a'.repeat(64) }],
  migrations: { head: '20240101000000_init', applied: 1 },
  tables: [{ schema: 'public', name: 'User', rows: 3 }],
  notIncluded: [],
  restoreByHand: [],
}

function problem(changed: unknown): string {
  const parsed = parseManifest(JSON.stringify(changed), 'x.manifest.json')
  if (parsed.kind === 'ok') throw new Error('accepted')
  expect(parsed.failure.code).toBe('RESTORE.MANIFEST_INVALID')
  return parsed.failure.why
}

describe('parseManifest', () => {
  it('reads back what was written', () => {
    expect(parseManifest(JSON.stringify(manifest), 'x')).toEqual({ kind: 'ok', manifest })
  })

  it('names every problem with its place', () => {
    const why = problem({ ...manifest, tier: 'perfect', tables: [{ schema: 'public', name: 'User', rows: -1 }] })
    expect(why).toMatch(/^tier: .*\ntables\.0\.rows: /)
  })

  it('refuses a version it does not know before anything else', () => {
    expect(problem({ manifestVersion: 2, everything: 'different' })).toBe(
      'Its manifestVersion is 2; this release of Airlock reads version 1.',
    )
  })

  it.each(['../shop.dump', '/etc/passwd', 'a/b', '..', '.', 'a\\b', ''])('refuses the file name %j', (name) => {
    expect(problem({ ...manifest, files: [{ name, bytes: 10, sha256: 'a'.repeat(64) }] })).toMatch(/^files\.0\.name: /)
  })

  it.each([
    [[], /^files: /],
    [[{ name: 'x.dump', bytes: 10, sha256: 'short' }], /^files\.0\.sha256: a SHA-256/],
    [[{ name: 'x.dump', bytes: 1.5, sha256: 'a'.repeat(64) }], /^files\.0\.bytes: /],
  ])('refuses the files %j', (files, expected) => {
    expect(problem({ ...manifest, files })).toMatch(expected)
  })

  it.each(['', 'null', '[]', '{}', '{"manifestVersion": 1', 'PGDMP'])('refuses the text %j', (text) => {
    expect(parseManifest(text, 'x')).toMatchObject({ kind: 'invalid', failure: { code: 'RESTORE.MANIFEST_INVALID' } })
  })
})

import { describe, expect, it } from 'vitest'
import { dumpNameOf, type Manifest } from '../../../src/stages/backup/manifest.ts'
import { withChecksum } from '../../../src/stages/backup/manifest-checksum.ts'
import { parseManifest } from '../../../src/stages/backup/parse-manifest.ts'

const manifest: Manifest = withChecksum({
  manifestVersion: 2,
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
  format: 'custom',
  compression: 'zstd:1',
  encryption: null,
  files: [{ name: 'shop-20261120T112233Z.dump', bytes: 10, sha256: 'a'.repeat(64), md5: 'b'.repeat(32) }],
  migrations: { head: '20240101000000_init', applied: 1 },
  tables: [{ schema: 'public', name: 'User', rows: 3, hash: null }],
  content: null,
  activity: null,
  proof: null,
  globals: null,
  notIncluded: [],
  restoreByHand: [],
})

function problem(changed: unknown): string {
  const parsed = parseManifest(`${JSON.stringify(changed)}\n`, 'x.manifest.json')
  if (parsed.kind === 'ok') throw new Error('accepted')
  expect(parsed.failure.code).toBe('RESTORE.MANIFEST_INVALID')
  return parsed.failure.why
}

describe('parseManifest', () => {
  it('reads back what was written', () => {
    expect(parseManifest(`${JSON.stringify(manifest)}\n`, 'x')).toEqual({ kind: 'ok', manifest })
    expect(parseManifest(JSON.stringify(manifest), 'x')).toMatchObject({
      failure: { why: expect.stringContaining('cut off') },
    })
  })

  it('reads version 1, which knew one file and no encryption', () => {
    const { format: _, compression: __, encryption: ___, checksum: ____, ...old } = manifest
    const files = [{ name: 'shop.dump', bytes: 10, sha256: 'a'.repeat(64) }]
    const read = parseManifest(JSON.stringify({ ...old, manifestVersion: 1, files }), 'x')
    expect(read).toMatchObject({
      kind: 'ok',
      manifest: { format: 'custom', compression: null, encryption: null, checksum: null, files: [{ md5: null }] },
    })
  })

  it('refuses one that was edited, and one whose version was lowered to get around that', () => {
    expect(problem({ ...manifest, tier: 'compared' })).toMatch(/edited or damaged/)
    expect(problem({ ...manifest, tables: [{ schema: 'public', name: 'User', rows: 4, hash: null }] })).toMatch(
      /edited or damaged/,
    )
    expect(problem({ ...manifest, manifestVersion: 1 })).toMatch(/edited or damaged/)
    expect(problem({ ...manifest, surplus: 1 })).toMatch(/edited or damaged/)
  })

  it('does not mind a tool that laid it out anew', () => {
    const reversed = Object.fromEntries(Object.entries(manifest).toReversed())
    expect(parseManifest(`${JSON.stringify(reversed, null, 8)}\n`, 'x').kind).toBe('ok')
  })

  it('says what pg_restore is given once nothing is encrypted', () => {
    const encryption = { kind: 'age', recipients: ['age1x'], plain: { bytes: 1, sha256: 'a'.repeat(64) } } as const
    const file = (name: string) => [{ name, bytes: 1, sha256: 'a'.repeat(64), md5: null }]
    expect(dumpNameOf({ format: 'custom', encryption: null, files: file('a.dump') })).toBe('a.dump')
    expect(dumpNameOf({ format: 'custom', encryption, files: file('a.dump.age') })).toBe('a.dump')
    expect(dumpNameOf({ format: 'directory', encryption, files: file('a.dump.tar.age') })).toBe('a.dump')
    expect(dumpNameOf({ format: 'directory', encryption: null, files: file('a.dump/toc.dat') })).toBe('a.dump')
  })

  it.each([
    [['a.dump/1.dat'], /toc\.dat/],
    [['a.dump/toc.dat', 'b.dump/1.dat'], /one folder/],
    [['a.dump/toc.dat', 'toc.dat'], /one folder/],
    [['a.dump/toc.dat', 'a.dump/toc.dat'], /once/],
    [['a.dump/toc.dat', 'a.dump/b/1.dat'], /at most one folder/],
    [['../toc.dat'], /more than dots/],
  ])('refuses a folder of %j', (names, expected) => {
    const files = names.map((name) => ({ name, bytes: 10, sha256: 'a'.repeat(64), md5: null }))
    expect(problem(withChecksum({ ...manifest, format: 'directory', files }))).toMatch(expected)
  })

  it('names every problem with its place', () => {
    const why = problem({
      ...manifest,
      tier: 'perfect',
      tables: [{ schema: 'public', name: 'User', rows: -1, hash: null }],
    })
    expect(why).toMatch(/^tier: .*\ntables\.0\.rows: /)
  })

  it('refuses a version it does not know before anything else', () => {
    expect(problem({ manifestVersion: 3, everything: 'different' })).toBe(
      'Its manifestVersion is 3; this release of Airlock reads the versions 1 and 2.',
    )
  })

  it.each(['../shop.dump', '/etc/passwd', 'a/b/c', '..', '.', 'a\\b', ''])('refuses the file name %j', (name) => {
    expect(problem({ ...manifest, files: [{ name, bytes: 10, sha256: 'a'.repeat(64), md5: null }] })).toMatch(
      /^files\.0\.name: /,
    )
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

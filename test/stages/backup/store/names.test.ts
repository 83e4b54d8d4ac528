import { describe, expect, it } from 'vitest'
import { isPartOf, kindOfFile, readOwnManifest } from '../../../../src/stages/backup/store/names.ts'
import { artifactFiles } from '../../../../src/stages/backup/store/sealed.ts'
import { fileOf, manifestOf, writtenManifest } from './made-backup.ts'

const name = 'shop-20261120T112233Z'

describe('a file of a store', () => {
  it.each([
    [`${name}.manifest.json`, 'manifest'],
    [`${name}-2.manifest.json`, 'manifest'],
    [`${name}.manifest.removing.json`, 'removing'],
    [`${name}.dump`, 'part'],
    [`${name}.dump.age`, 'part'],
    [`${name}.dump.tar.age`, 'part'],
    [`${name}.dump/`, 'part'],
    [`${name}.dump/toc.dat`, 'part'],
    [`${name}.dump.partial0a1b2c3d`, 'part'],
    ['shop.manifest.json', 'stranger'],
    ['.manifest.json', 'stranger'],
    [`a/${name}.manifest.json`, 'stranger'],
    [`${name}.dump/a/b`, 'stranger'],
    [`${name}.dumpster`, 'stranger'],
    [`${name}.txt`, 'stranger'],
    ['report.dump', 'stranger'],
    ['', 'stranger'],
  ])('%j is: %s', (file, kind) => {
    expect(kindOfFile(file).kind).toBe(kind)
  })

  it.each(['/..', '/.', '/', '/a/b', '/..\\x', '-2', '.a b', '/\0'])('NAME.dump%j belongs to no backup', (rest) => {
    expect(isPartOf(name, `${name}.dump${rest}`)).toBe(false)
  })
})

describe('a manifest in a store', () => {
  const text = (changed: object) => JSON.stringify({ ...writtenManifest({}), ...changed })
  const file = { bytes: 1, sha256: 'a'.repeat(64) }

  it('is read where it describes itself', () => {
    expect(readOwnManifest(text({}), name)).toEqual({ kind: 'ok', manifest: manifestOf({}) })
  })

  it.each([
    ['another backup', { name: 'crm-20261120T112233Z' }, 'describes the backup `crm-'],
    ['a file of another backup', { files: [{ ...file, name: 'crm-20261120T112233Z.dump' }] }, 'does not belong to it'],
    ['a file of nobody', { files: [{ ...file, name: 'payroll.xlsx' }] }, 'does not belong to it'],
    ['a name that only begins alike', { files: [{ ...file, name: `${name}-2.dump` }] }, 'does not belong to it'],
    ['an unknown version', { manifestVersion: 9 }, 'manifestVersion is 9'],
  ])('that names %s is not followed', (_what, changed, because) => {
    expect(readOwnManifest(text(changed), name)).toMatchObject({
      kind: 'unreadable',
      because: expect.stringContaining(because),
    })
  })
})

describe('the files of an artifact', () => {
  const plain = manifestOf({})
  const file = (fileName: string) => fileOf(plain, fileName, 1, 'a'.repeat(64))
  const encryption = { kind: 'age', recipients: ['age1x'], plain: { bytes: 1, sha256: 'b'.repeat(64) } } as const
  const sealed = { ...plain, encryption, files: [file(`${name}.dump.age`)] }

  it('are those of a sealed backup, its manifest last', () => {
    expect(artifactFiles(sealed)).toEqual({ kind: 'files', files: [`${name}.dump.age`, `${name}.manifest.json`] })
  })

  it.each([
    ['is not encrypted', plain],
    ['has `encryption: null`', { ...sealed, encryption: null }],
    ['only has a name that ends with .age', { ...plain, files: [file(`${name}.dump.age`)] }],
    ['says that it is encrypted and names a plain file', { ...sealed, files: plain.files }],
    ['names a file of somebody else', { ...sealed, files: [file('id_rsa.age')] }],
  ])('are none where the backup %s', (_what, manifest) => {
    expect(artifactFiles(manifest)).toMatchObject({ kind: 'refused', failure: { code: 'STORE.PLAINTEXT' } })
  })
})

import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStoreText } from '../../../../src/stages/backup/store/open-store.ts'
import type { BackupStore } from '../../../../src/stages/backup/store/store.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { access, fileOf, madeBackup } from './made-backup.ts'

let folder: TempFolder
let count = 0
let source: string
let kept: string
let store: BackupStore

beforeAll(async () => {
  folder = await tempFolder()
})
afterAll(async () => {
  await folder[Symbol.asyncDispose]()
})
beforeEach(async () => {
  count += 1
  source = join(folder.path, `source-${count}`)
  kept = join(folder.path, `kept-${count}`)
  await mkdir(source)
  store = await openStoreText(kept, '/', access())
})

const name = 'shop-20261120T112233Z'

describe('a folder', () => {
  test('gives back byte for byte what was put into it, readable by its owner only', async () => {
    const backup = await madeBackup(source, { files: { '': 3_000_000 } })
    await store.put(backup)
    expect(await readdir(kept)).toEqual([`${name}.dump`, `${name}.manifest.json`])
    expect((await stat(join(kept, `${name}.dump`))).mode & 0o777).toBe(0o600)
    expect((await store.list()).backups).toEqual([{ name, manifest: backup.manifest }])
    const manifestPath = await store.fetch(name, join(source, 'back'))
    expect(await readFile(manifestPath)).toEqual(await readFile(backup.manifestPath))
    const [first, back] = await Promise.all(
      [source, join(source, 'back')].map((at) => readFile(join(at, `${name}.dump`))),
    )
    expect(back?.equals(first ?? Buffer.alloc(0))).toBe(true)
  })

  test('keeps a dump that is a folder, and removes it with its backup and nothing else', async () => {
    const backup = await madeBackup(source, { files: { '/toc.dat': 2_000, '/12.dat.gz': 70_000 } })
    await store.put(backup)
    expect((await readdir(join(kept, `${name}.dump`))).sort()).toEqual(['12.dat.gz', 'toc.dat'])
    await writeFile(join(kept, 'notes.txt'), 'x')
    await store.remove({ name, manifest: backup.manifest })
    expect(await readdir(kept)).toEqual(['notes.txt'])
  })

  test('takes the same backup twice and never another one under its name', async () => {
    await store.put(await madeBackup(source))
    await store.put({ ...(await reread()), manifestPath: join(source, `${name}.manifest.json`) })
    const other = await madeBackup(source)
    await expect(store.put(other)).rejects.toThrow(/STORE.REFUSED/)
    expect((await store.list()).damaged).toEqual([])
  })

  async function reread() {
    const [backup] = (await store.list()).backups
    if (backup === undefined) throw new Error('Nothing is there')
    return { manifest: backup.manifest }
  }

  test('takes no dump that is not the one its manifest describes', async () => {
    const backup = await madeBackup(source)
    await appendFile(join(source, `${name}.dump`), 'x')
    await expect(store.put(backup)).rejects.toThrow(/STORE.CHECKSUM/)
    expect(await readdir(kept)).toEqual([])
  })

  test('gives out no dump that was changed after it was put there', async () => {
    const backup = await madeBackup(source)
    await store.put(backup)
    const path = join(kept, `${name}.dump`)
    const bytes = await readFile(path)
    bytes[500] = (bytes[500] ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(store.fetch(name, join(source, 'back'))).rejects.toThrow(/STORE.CHECKSUM/)
    expect(await readdir(join(source, 'back'))).toEqual([])
  })

  test('that does not exist is not an empty one', async () => {
    await expect(store.list()).rejects.toThrow(/STORE.NO_BUCKET/)
  })

  test('that is a file is refused', async () => {
    await writeFile(kept, '')
    await expect(store.list()).rejects.toThrow(/STORE.REFUSED/)
    await expect(store.put(await madeBackup(source))).rejects.toThrow(/STORE.REFUSED/)
  })

  test('names what is not whole, and counts what is not ours', async () => {
    await store.put(await madeBackup(source))
    await store.put(await madeBackup(source, { startedAt: '2026-11-19T00:00:00.000Z' }))
    await store.put(await madeBackup(source, { startedAt: '2026-11-18T00:00:00.000Z' }))
    await appendFile(join(kept, 'shop-20261119T000000Z.dump'), 'x')
    await rm(join(kept, 'shop-20261118T000000Z.dump'))
    await writeFile(join(kept, 'shop-20261117T000000Z.manifest.json'), '{')
    await writeFile(join(kept, 'shop-20261116T000000Z.dump'), '')
    await symlink('/etc/passwd', join(kept, 'shop-20261115T000000Z.manifest.json'))
    await writeFile(join(kept, 'notes.txt'), '')
    const listing = await store.list()
    expect(listing.backups.map((backup) => backup.name)).toEqual([name])
    expect(listing.damaged.map(({ file, because }) => `${file}: ${because}`).sort()).toEqual([
      'shop-20261118T000000Z: shop-20261118T000000Z.dump is not there',
      'shop-20261119T000000Z: shop-20261119T000000Z.dump has 1001 bytes; the manifest says 1000',
    ])
    expect(listing.unreadable).toEqual([
      { file: 'shop-20261117T000000Z.manifest.json', because: expect.stringContaining('not JSON') },
    ])
    expect(listing.withoutManifest).toEqual(['shop-20261116T000000Z.dump'])
    expect(listing.strangers).toBe(2)
  })

  test('shows a removal that was cut off as such, and ends it when asked again', async () => {
    await store.put(await madeBackup(source))
    await rename(join(kept, `${name}.manifest.json`), join(kept, `${name}.manifest.removing.json`))
    const listing = await store.list()
    expect(listing.backups).toEqual([])
    expect(listing.withoutManifest).toEqual([])
    expect(listing.halfRemoved.map((backup) => backup.name)).toEqual([name])
    for (const backup of listing.halfRemoved) await store.remove(backup)
    expect(await readdir(kept)).toEqual([])
  })

  test('removes nothing for a manifest that names what is not its own', async () => {
    const { manifest } = await madeBackup(source)
    await mkdir(kept)
    await writeFile(join(kept, 'payroll.xlsx'), 'x')
    const forged = { ...manifest, files: [fileOf(manifest, 'payroll.xlsx', 1, 'a'.repeat(64))] }
    await expect(store.remove({ name, manifest: forged })).rejects.toThrow('does not belong to it')
    expect(await readdir(kept)).toEqual(['payroll.xlsx'])
  })

  test.runIf(process.getuid?.() !== 0)('that may not be written to is refused', async () => {
    await mkdir(kept)
    await chmod(kept, 0o500)
    await expect(store.put(await madeBackup(source))).rejects.toThrow(/STORE.REFUSED/)
  })
})

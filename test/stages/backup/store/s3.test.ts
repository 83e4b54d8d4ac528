import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStoreText } from '../../../../src/stages/backup/store/open-store.ts'
import { S3Client } from '../../../../src/stages/backup/store/s3/client.ts'
import { credentialsFrom } from '../../../../src/stages/backup/store/s3/credentials.ts'
import { sha256Of } from '../../../../src/stages/backup/store/s3/sign.ts'
import { elementsOf } from '../../../../src/stages/backup/store/s3/xml.ts'
import type { BackupStore } from '../../../../src/stages/backup/store/store.ts'
import { type S3Server, startS3Server } from '../../../lab/s3-server.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { type UnsteadyProxy, unsteadyProxy } from '../../../lab/unsteady-proxy.ts'
import { access, madeBackup } from './made-backup.ts'

let server: S3Server
let proxy: UnsteadyProxy
let folder: TempFolder
/** Asks the server as its administrator, past the code under test's own views. */
let admin: S3Client
let count = 0
let prefix: string
let source: string
let store: BackupStore

beforeAll(async () => {
  server = await startS3Server()
  proxy = await unsteadyProxy(server.endpoint)
  folder = await tempFolder()
  const { host, origin } = new URL(server.endpoint)
  admin = new S3Client({
    store: 'lab',
    bucket: 'backups',
    endpoint: { origin, host, root: '/backups/', region: 'us-east-1' },
    credentials: credentialsFrom(server.env, 'us-east-1', 'lab'),
    signal: new AbortController().signal,
  })
  const headers = { 'x-amz-bucket-object-lock-enabled': 'true' }
  await admin.text({ method: 'PUT', key: '', headers, action: 's3:CreateBucket' })
})
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  count += 1
  prefix = `p${count}`
  source = join(folder.path, prefix)
  await mkdir(source)
  store = await open()
})

const open = (env: Readonly<Record<string, string>> = server.env, settings = '', signal?: AbortSignal) =>
  openStoreText(`s3://backups/${prefix}${settings}`, '/', access(env, signal))
const name = 'shop-20261120T112233Z'

async function keys(): Promise<readonly string[]> {
  const query = [
    ['list-type', '2'],
    ['prefix', `${prefix}/`],
  ] as const
  const answer = await admin.text({ method: 'GET', key: '', query, action: 's3:ListBucket' })
  return answer.kind === 'ok' ? elementsOf(answer.value, 'Key').map((key) => key.slice(prefix.length + 1)) : []
}

async function overwrite(file: string, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const body = { content: { kind: 'bytes', bytes }, sha256: sha256Of(bytes) } as const
  await admin.text({ method: 'PUT', key: `${prefix}/${file}`, body, action: 's3:PutObject' })
}

async function sameBytes(back: string, file: string): Promise<boolean> {
  const [one, other] = await Promise.all([source, back].map((at) => readFile(join(at, file))))
  return one !== undefined && other !== undefined && one.equals(other)
}

describe('a bucket', () => {
  test('gives back byte for byte a dump that went there in parts', async () => {
    const backup = await madeBackup(source, { files: { '': 40_000_000 } })
    await store.put(backup)
    const head = await admin.text({
      method: 'HEAD',
      key: `${prefix}/${name}.dump`,
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
      action: 's3:GetObject',
    })
    expect(head).toMatchObject({ headers: { 'content-length': '40000000', etag: expect.stringMatching(/-3"$/) } })
    expect(head.kind === 'ok' ? head.headers['x-amz-checksum-sha256'] : undefined).toMatch(/-3$/)
    expect((await store.list()).backups).toEqual([{ name, manifest: backup.manifest }])
    const back = join(source, 'back')
    expect(await store.fetch(name, back)).toBe(join(back, `${name}.manifest.json`))
    expect(await sameBytes(back, `${name}.dump`)).toBe(true)
    expect(await readFile(join(back, `${name}.manifest.json`))).toEqual(await readFile(backup.manifestPath))
    await store.fetch(name, back)
    await writeFile(join(back, `${name}.dump`), 'mine')
    await expect(store.fetch(name, back)).rejects.toThrow(/STORE.CHECKSUM/)
    expect(await readFile(join(back, `${name}.dump`), 'utf8')).toBe('mine')
  })

  test('keeps a dump that is a folder, and loses nothing but the backup that is removed', async () => {
    const backup = await madeBackup(source, { files: { '/toc.dat': 2_000, '/12.dat.gz': 70_000 } })
    await store.put(backup)
    await overwrite('notes.txt', 'x')
    await overwrite(`${name}-2.dump`, 'x')
    expect(await keys()).toEqual(
      ['notes.txt', `${name}-2.dump`, `${name}.dump/12.dat.gz`, `${name}.dump/toc.dat`, `${name}.manifest.json`].sort(),
    )
    await store.remove({ name, manifest: backup.manifest })
    expect(await keys()).toEqual(['notes.txt', `${name}-2.dump`])
  })

  test('takes the same backup twice and never another one under its name', async () => {
    const first = await madeBackup(source)
    await store.put(first)
    await store.put(first)
    await expect(store.put(await madeBackup(source))).rejects.toThrow(/STORE.REFUSED/)
  })

  test('never writes over a dump whose manifest has not come yet', async () => {
    await overwrite(`${name}.dump`, 'somebody else’s')
    await expect(store.put(await madeBackup(source))).rejects.toThrow(/STORE.CHECKSUM/)
    expect(await keys()).toEqual([`${name}.dump`])
  })

  test('is sent nothing of a dump that is not the one its manifest describes', async () => {
    const backup = await madeBackup(source)
    await writeFile(join(source, `${name}.dump`), Buffer.alloc(1_000))
    await expect(store.put(backup)).rejects.toThrow(/STORE.CHECKSUM/)
    expect(await keys()).toEqual([])
  })

  test('lists more than a thousand files, and what of them is not ours', async () => {
    await store.put(await madeBackup(source))
    for (let at = 0; at < 1_005; at += 67) {
      await Promise.all(Array.from({ length: 67 }, (_, index) => overwrite(`a stränger & co+${at + index}.txt`, '')))
    }
    await overwrite('shop-20261117T000000Z.manifest.json', '{')
    const listing = await store.list()
    expect(listing.strangers).toBe(1_005)
    expect(listing.backups.map((backup) => backup.name)).toEqual([name])
    expect(listing.unreadable.map(({ file }) => file)).toEqual(['shop-20261117T000000Z.manifest.json'])
  })

  test('shows a dump that was cut there as damaged, and gives out none that was changed', async () => {
    await store.put(await madeBackup(source))
    await overwrite(`${name}.dump`, 'x'.repeat(1_000))
    expect((await store.list()).damaged).toEqual([])
    const back = join(source, 'back')
    await expect(store.fetch(name, back)).rejects.toThrow(/STORE.CHECKSUM/)
    expect(await readdir(back)).toEqual([])
    await overwrite(`${name}.dump`, 'x'.repeat(999))
    expect((await store.list()).damaged.map(({ file }) => file)).toEqual([name])
    await expect(store.fetch(name, back)).rejects.toThrow(/STORE.CHECKSUM/)
  })

  test('goes on with a removal that was cut off', async () => {
    const backup = await madeBackup(source)
    await store.put(backup)
    await overwrite(`${name}.manifest.removing.json`, await readFile(backup.manifestPath, 'utf8'))
    expect((await store.list()).backups.map((one) => one.name)).toEqual([name])
    await admin.text({ method: 'DELETE', key: `${prefix}/${name}.manifest.json`, action: 's3:DeleteObject' })
    const { halfRemoved, backups, withoutManifest } = await store.list()
    expect({ backups, withoutManifest }).toEqual({ backups: [], withoutManifest: [] })
    for (const one of halfRemoved) await store.remove(one)
    expect(await keys()).toEqual([])
  })

  test('has a locked backup locked until its day', async () => {
    const locked = await open(server.env, '?lock=compliance&lock-days=3')
    await locked.put(await madeBackup(source))
    for (const file of [`${name}.dump`, `${name}.manifest.json`]) {
      const head = await admin.text({ method: 'HEAD', key: `${prefix}/${file}`, action: 's3:GetObject' })
      const until = head.kind === 'ok' ? String(head.headers['x-amz-object-lock-retain-until-date']) : ''
      expect(head).toMatchObject({ headers: { 'x-amz-object-lock-mode': 'COMPLIANCE' } })
      expect(Date.parse(until) - Date.now()).toBeGreaterThan(2.9 * 86_400_000)
      // What is there stays there, whoever asks: only the name goes.
      const versionId = head.kind === 'ok' ? String(head.headers['x-amz-version-id']) : ''
      await expect(
        admin.text({
          method: 'DELETE',
          key: `${prefix}/${file}`,
          query: [['versionId', versionId]],
          action: 's3:DeleteObject',
        }),
      ).rejects.toThrow(/STORE.REFUSED/)
    }
  })
})

describe('a bucket on an unsteady line', () => {
  const env = () => ({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.endpoint })
  const cut = (from: 'client' | 'server', afterBytes: number) => ({ kind: 'cut', from, afterBytes }) as const

  test('gets the whole dump although connections break and the server says that it is busy', async () => {
    const backup = await madeBackup(source, { files: { '': 40_000_000 } })
    const before = proxy.used()
    proxy.next({ kind: 'close' }, { kind: 'busy' }, cut('client', 5_000_000), cut('client', 9_000_000), {
      kind: 'busy',
    })
    await (await open(env())).put(backup)
    expect(proxy.used() - before).toBe(5)
    expect((await store.list()).backups.map((one) => one.name)).toEqual([name])
    const back = join(source, 'back')
    proxy.next(cut('server', 3_000_000), cut('server', 7_000_000), cut('server', 100), { kind: 'close' })
    await (await open(env())).fetch(name, back)
    expect(await sameBytes(back, `${name}.dump`)).toBe(true)
  })

  test('that never gets better ends with a failure that says so', async () => {
    await using broken = await unsteadyProxy(server.endpoint)
    broken.next(...Array.from({ length: 6 }, (_, at) => ({ kind: at % 2 === 0 ? 'close' : 'busy' }) as const))
    const unreachable = await open({ ...server.env, AWS_ENDPOINT_URL_S3: broken.endpoint })
    await expect(unreachable.list()).rejects.toThrow(/STORE.UNREACHABLE/)
    expect(broken.used()).toBe(6)
  })

  test('leaves no half of an upload there when the run is cancelled', async () => {
    const backup = await madeBackup(source, { files: { '': 60_000_000 } })
    const stop = new AbortController()
    const cancelled = await openStoreText(`s3://backups/${prefix}`, '/', {
      env: server.env,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    await expect(cancelled.put(backup)).rejects.toThrow(/RUN.CANCELLED/)
    expect(await keys()).toEqual([])
    const query = [
      ['uploads', ''],
      ['prefix', prefix],
    ] as const
    const uploads = await admin.text({ method: 'GET', key: '', query, action: 's3:ListBucketMultipartUploads' })
    expect(uploads.kind === 'ok' ? elementsOf(uploads.value, 'UploadId') : ['?']).toEqual([])
  })
})

describe('a bucket that does not let one in', () => {
  const failureOf = async (work: Promise<unknown>) => {
    const thrown: unknown = await work.then(
      () => undefined,
      (error: unknown) => error,
    )
    return thrown
  }

  test.each([
    ['has no such name', {}, 's3://nobodys-bucket/x', 'STORE.NO_BUCKET'],
    ['does not know the key', { AWS_ACCESS_KEY_ID: 'AKnobody' }, undefined, 'STORE.CREDENTIALS'],
    ['does not know the secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, undefined, 'STORE.CREDENTIALS'],
  ] as const)('because it %s', async (_what, env, text, code) => {
    const other = await openStoreText(text ?? `s3://backups/${prefix}`, '/', access({ ...server.env, ...env }))
    expect(await failureOf(other.list())).toMatchObject({ failure: { code } })
  })

  test('to write: the action that is missing is named, and the secret is not', async () => {
    await store.put(await madeBackup(source))
    const reader = await open(server.readerEnv)
    expect((await reader.list()).backups.map((one) => one.name)).toEqual([name])
    const thrown = await failureOf(reader.put(await madeBackup(source, { startedAt: '2026-11-21T00:00:00.000Z' })))
    expect(thrown).toMatchObject({ failure: { code: 'STORE.REFUSED', what: expect.stringContaining('s3:PutObject') } })
    expect(JSON.stringify(thrown)).not.toContain(server.readerEnv.AWS_SECRET_ACCESS_KEY)
  })

  test.each([
    [{}, 'neither'],
    [{ AWS_ACCESS_KEY_ID: 'x' }, 'AWS_SECRET_ACCESS_KEY is missing'],
    [{ AWS_SECRET_ACCESS_KEY: 'x' }, 'AWS_ACCESS_KEY_ID is missing'],
    [{ AWS_ROLE_ARN: 'arn:aws:iam::1:role/x' }, 'neither'],
  ])('without credentials in %j', async (env, why) => {
    const opened = openStoreText('s3://backups/x?endpoint=http://127.0.0.1:9', '/', access(env))
    expect(await failureOf(opened)).toMatchObject({
      failure: { code: 'STORE.CREDENTIALS', why: expect.stringContaining(why) },
    })
  })
})

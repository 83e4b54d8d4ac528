import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { FailureError } from '../../../../errors.ts'
import { makeFolder } from '../../../../private-folder.ts'
import { readRegularText } from '../../../../regular-file.ts'
import { formatBytes } from '../../../../report/words.ts'
import { writeWhole } from '../../dump-file.ts'
import { differs, existsAlready, folderFailure, notOwn, notRemoved, notThere } from '../failures.ts'
import type { S3Location } from '../location.ts'
import { checkOwn, isPartOf, manifestFile, removingFile } from '../names.ts'
import { parallel } from '../parallel.ts'
import { sortFiles } from '../sort-files.ts'
import type { BackupStore, LocalBackup, StoreAccess, StoredBackup, StoreListing } from '../store.ts'
import { S3Client } from './client.ts'
import { credentialsFrom } from './credentials.ts'
import { downloadFile } from './download.ts'
import type { Endpoint } from './endpoint.ts'
import { listKeys } from './list.ts'
import { sha256Of } from './sign.ts'
import { objectHeaders, onlyIfAbsent, uploadFile } from './upload.ts'

/** A bucket, or a part of one, of any server that speaks S3. */
export class S3Store implements BackupStore {
  readonly describe: string
  readonly #client: S3Client
  readonly #location: S3Location
  readonly #access: StoreAccess

  constructor(location: S3Location, endpoint: Endpoint, access: StoreAccess) {
    this.describe = `s3://${location.bucket}/${location.prefix}`
    this.#location = location
    this.#access = access
    this.#client = new S3Client({
      store: this.describe,
      bucket: location.bucket,
      endpoint,
      credentials: credentialsFrom(access.env, endpoint.region, this.describe),
      signal: access.signal,
    })
  }

  async put({ manifestPath, manifest }: LocalBackup): Promise<void> {
    const own = checkOwn(manifest, manifest.name)
    if (own.kind === 'unreadable') throw new FailureError(differs(this.describe, manifest.name, own.because))
    const text = await readRegularText(manifestPath)
    const present = await this.#read(manifestFile(manifest.name))
    if (present === text) return
    if (present !== undefined) throw new FailureError(existsAlready(this.describe, manifest.name))
    await parallel(manifest.files, 4, (file) => {
      const say = (bytes: number) =>
        this.#access.onProgress(`${file.name}: ${formatBytes(bytes)} of ${formatBytes(file.bytes)}`)
      return uploadFile({
        client: this.#client,
        location: this.#location,
        key: this.#key(file.name),
        path: join(dirname(resolve(manifestPath)), file.name),
        file,
        signal: this.#access.signal,
        onProgress: say,
      })
    })
    await this.#putText(manifestFile(manifest.name), text)
    if ((await this.#read(manifestFile(manifest.name))) !== text) {
      throw new FailureError(existsAlready(this.describe, manifest.name))
    }
  }

  async list(): Promise<StoreListing> {
    const { prefix } = this.#location
    return sortFiles(await listKeys(this.#client, prefix, '', '/'), {
      // Listed and gone a moment later: a removal elsewhere, which the next listing shows as what it is.
      read: async (file) => (await this.#read(file)) ?? '',
      inside: (folder) => listKeys(this.#client, prefix, folder, undefined),
    })
  }

  async fetch(name: string, into: string): Promise<string> {
    const text = await this.#read(manifestFile(name))
    if (text === undefined) throw notThere(this.describe, name)
    const manifest = notOwn(this.describe, name, text)
    try {
      await makeFolder(resolve(into))
      for (const file of manifest.files) {
        this.#access.onProgress(`${file.name} (${formatBytes(file.bytes)})`)
        const path = join(into, file.name)
        if (file.name.includes('/')) await mkdir(dirname(path), { mode: 0o700, recursive: true })
        await downloadFile({ client: this.#client, key: this.#key(file.name), path, file })
      }
      const path = join(into, manifestFile(name))
      const present = await readRegularText(path).catch(() => undefined)
      if (present !== undefined && present !== text) throw new FailureError(existsAlready(into, name))
      if (present === undefined) await writeWhole(path, text)
      return path
    } catch (thrown) {
      throw folderFailure(into, thrown)
    }
  }

  async remove({ name, manifest }: StoredBackup): Promise<void> {
    const own = checkOwn(manifest, name)
    if (own.kind === 'unreadable') throw new Error(`Not a backup of ours: ${own.because}`)
    const text = await this.#read(manifestFile(name))
    if (text !== undefined) {
      await this.#putText(removingFile(name), text)
      await this.#delete(manifestFile(name)).catch(async (thrown: unknown) => {
        // Locked, for example: the backup stays, and then it is not being removed.
        await this.#delete(removingFile(name)).catch(() => undefined)
        throw thrown
      })
    }
    await parallel(await this.#parts(name), 8, (file) => this.#delete(file))
    const left = await this.#parts(name)
    // It stays marked as being removed, so that nobody restores from what is left and the next removal goes on.
    if (left.length > 0) throw new FailureError(notRemoved(this.describe, name, left))
    await this.#delete(removingFile(name))
  }

  async #parts(name: string): Promise<readonly string[]> {
    const listed = await listKeys(this.#client, this.#location.prefix, `${name}.dump`, undefined)
    return listed.map((file) => file.name).filter((file) => isPartOf(name, file))
  }

  #key(file: string): string {
    return `${this.#location.prefix}${file}`
  }

  async #read(file: string): Promise<string | undefined> {
    const answer = await this.#client.text({
      method: 'GET',
      key: this.#key(file),
      action: 's3:GetObject',
      expected: ['NoSuchKey'],
    })
    return answer.kind === 'ok' ? answer.value : undefined
  }

  async #putText(file: string, text: string): Promise<void> {
    const bytes = Buffer.from(text)
    const sha256 = sha256Of(bytes)
    // What is being removed must not be locked once more.
    const location = file.endsWith(removingFile('')) ? { ...this.#location, lock: undefined } : this.#location
    await onlyIfAbsent(this.#client, {
      method: 'PUT',
      key: this.#key(file),
      headers: {
        ...objectHeaders(location),
        'content-type': 'application/json',
        ...(location.checksum === 'sha256'
          ? { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') }
          : {}),
      },
      body: { content: { kind: 'bytes', bytes }, sha256 },
      action: 's3:PutObject',
    })
  }

  async #delete(file: string): Promise<void> {
    await this.#client.text({
      method: 'DELETE',
      key: this.#key(file),
      action: 's3:DeleteObject',
      expected: ['NoSuchKey'],
    })
  }
}

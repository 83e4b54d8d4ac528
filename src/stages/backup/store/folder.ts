import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { unlessCancelled } from '../../../cancellation.ts'
import { FailureError } from '../../../errors.ts'
import { errnoOf } from '../../../migrations/errno.ts'
import { makeFolder } from '../../../private-folder.ts'
import { readRegularText } from '../../../regular-file.ts'
import { formatBytes } from '../../../report/words.ts'
import { publish, readWhole, writeStream, writeWhole } from '../dump-file.ts'
import type { Manifest } from '../manifest.ts'
import { differs, existsAlready, folderFailure, notOwn, notThere } from './failures.ts'
import { checkOwn, isPartOf, manifestFile, removingFile } from './names.ts'
import { parallel } from './parallel.ts'
import { type ListedFile, sortFiles } from './sort-files.ts'
import type { BackupStore, LocalBackup, StoreAccess, StoredBackup, StoreListing } from './store.ts'

/** A folder: a disk of the runner, a mounted share. Files appear under their name only when they are whole and compared. */
export class FolderStore implements BackupStore {
  readonly describe: string
  readonly #folder: string
  readonly #access: StoreAccess

  constructor(folder: string, access: StoreAccess) {
    this.#folder = resolve(folder)
    this.describe = this.#folder
    this.#access = access
  }

  async put({ manifestPath, manifest }: LocalBackup): Promise<void> {
    const from = dirname(resolve(manifestPath))
    await this.#answering(async () => {
      await makeFolder(this.#folder)
      const text = await readRegularText(manifestPath)
      await copyBackup({ manifest, from, into: this.#folder, text, store: this.describe, access: this.#access })
    })
  }

  async list(): Promise<StoreListing> {
    return this.#answering(async () => {
      return sortFiles(await this.#files(''), {
        read: (file) => readRegularText(join(this.#folder, file)),
        inside: (folder) => this.#files(folder),
      })
    })
  }

  async #files(below: string): Promise<readonly ListedFile[]> {
    const entries = await readdir(join(this.#folder, below), { withFileTypes: true })
    return parallel(entries, 16, async (entry) => {
      const found = entry.isFile() ? await lstat(join(this.#folder, below, entry.name)).catch(unlessGone) : undefined
      return {
        name: `${below}${entry.name}${entry.isDirectory() ? '/' : ''}`,
        bytes: found?.size ?? 0,
        ordinary: entry.isDirectory() || found !== undefined,
      }
    })
  }

  async fetch(name: string, into: string): Promise<string> {
    return this.#answering(async () => {
      const path = join(this.#folder, manifestFile(name))
      const text = await readRegularText(path).catch((thrown: unknown) => {
        throw errnoOf(thrown) === 'ENOENT' ? notThere(this.describe, name) : thrown
      })
      const manifest = notOwn(this.describe, name, text)
      await makeFolder(resolve(into))
      await copyBackup({ manifest, from: this.#folder, into, text, store: this.describe, access: this.#access })
      return join(into, manifestFile(name))
    })
  }

  async remove({ name, manifest }: StoredBackup): Promise<void> {
    const own = checkOwn(manifest, name)
    if (own.kind === 'unreadable') throw new Error(`Not a backup of ours: ${own.because}`)
    const removing = join(this.#folder, removingFile(name))
    await this.#answering(async () => {
      await rename(join(this.#folder, manifestFile(name)), removing).catch(unlessGone)
      for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
        if (!isPartOf(name, entry.name)) continue
        const path = join(this.#folder, entry.name)
        if (entry.isDirectory()) await this.#removeFolder(name, entry.name)
        else await rm(path, { force: true })
      }
      await rm(removing, { force: true })
    })
  }

  /** Not recursively: what is not of the backup stays, and then so does the folder. */
  async #removeFolder(name: string, folder: string): Promise<void> {
    for (const entry of await readdir(join(this.#folder, folder), { withFileTypes: true })) {
      if (entry.isDirectory() || !isPartOf(name, `${folder}/${entry.name}`)) continue
      await rm(join(this.#folder, folder, entry.name), { force: true })
    }
    await rmdir(join(this.#folder, folder)).catch(unlessGone)
  }

  /** A share that does not answer keeps a call for ever, and a cancelled run must not wait for it. */
  async #answering<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await unlessCancelled(work(), this.#access.signal)
    } catch (thrown) {
      throw folderFailure(this.describe, thrown)
    }
  }
}

function unlessGone(thrown: unknown): undefined {
  if (errnoOf(thrown) !== 'ENOENT') throw thrown
}

interface Copy {
  readonly manifest: Manifest
  readonly from: string
  readonly into: string
  /** Of the manifest, to its last byte. */
  readonly text: string
  readonly store: string
  readonly access: StoreAccess
}

async function copyBackup({ manifest, from, into, text, store, access }: Copy): Promise<void> {
  const own = checkOwn(manifest, manifest.name)
  if (own.kind === 'unreadable') throw new FailureError(differs(store, manifest.name, own.because))
  const target = join(into, manifestFile(manifest.name))
  const present = await readRegularText(target).catch(() => undefined)
  if (present !== undefined && present !== text) throw new FailureError(existsAlready(store, manifest.name))
  for (const file of manifest.files) {
    access.signal.throwIfAborted()
    access.onProgress(`${file.name} (${formatBytes(file.bytes)})`)
    await copyFile(file, join(from, file.name), join(into, file.name), store)
  }
  if (present === undefined) await writeWhole(target, text)
}

async function copyFile(file: Manifest['files'][number], from: string, to: string, store: string): Promise<void> {
  if (file.name.includes('/')) await mkdir(dirname(to), { mode: 0o700 }).catch(unlessThere)
  if ((await stat(to).catch(() => undefined)) === undefined) {
    const partial = `${to}.partial${randomBytes(4).toString('hex')}`
    try {
      await writeStream(createReadStream(from, { highWaterMark: 1_048_576 }), partial)
      await compare(file, partial, store)
      await publish(partial, to)
    } finally {
      await rm(partial, { force: true })
    }
    return
  }
  await compare(file, to, store)
}

/** Read back from where it was written. */
async function compare(file: Manifest['files'][number], path: string, store: string): Promise<void> {
  const { bytes, sha256 } = await readWhole(path)
  if (bytes === file.bytes && sha256 === file.sha256) return
  throw new FailureError(
    differs(
      store,
      file.name,
      `The manifest says ${file.bytes} bytes with SHA-256 ${file.sha256}; ${bytes} bytes with ${sha256} were read.`,
    ),
  )
}

function unlessThere(thrown: unknown): void {
  if (errnoOf(thrown) !== 'EEXIST') throw thrown
}

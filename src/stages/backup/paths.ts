import { stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { errnoOf } from '../../migrations/errno.ts'
import { makeFolder } from '../../private-folder.ts'
import { cannotWrite } from './cannot-write.ts'
import type { DumpFormat } from './dump/shape.ts'

export interface BackupPaths {
  readonly name: string
  readonly dump: string
  readonly partial: string
  /** Of an encrypted dump; the folder of the format `directory` becomes one file. */
  readonly sealed: Readonly<Record<DumpFormat, string>>
  readonly manifest: string
  /** An empty file that keeps the name for this run; the caller removes it. */
  readonly reserved: string
}

/** Two backups within a second get two names: nothing that is there is ever written over. */
export async function freshPaths(directory: string, wanted: string): Promise<BackupPaths> {
  try {
    await makeFolder(resolve(directory))
  } catch (thrown) {
    throw cannotWrite(directory, thrown)
  }
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? wanted : `${wanted}-${attempt}`
    const path = (ending: string) => join(directory, `${name}${ending}`)
    const paths = {
      name,
      dump: path('.dump'),
      partial: path('.dump.partial'),
      sealed: { custom: path('.dump.age'), directory: path('.dump.tar.age') },
      manifest: path('.manifest.json'),
      reserved: path('.reserved'),
    }
    const taken = await Promise.all(
      [paths.dump, paths.partial, paths.sealed.custom, paths.sealed.directory, paths.manifest].map((file) =>
        stat(file).catch(() => null),
      ),
    )
    if (taken.every((file) => file === null) && (await reserve(paths.reserved, directory))) return paths
  }
}

/** Two runs that begin within a second both find the name free, and one of them gets it. */
async function reserve(path: string, directory: string): Promise<boolean> {
  try {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 })
    return true
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false
    throw cannotWrite(directory, thrown)
  }
}

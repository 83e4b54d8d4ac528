import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
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
    }
    const taken = await Promise.all(
      [paths.dump, paths.partial, paths.sealed.custom, paths.sealed.directory, paths.manifest].map((file) =>
        stat(file).catch(() => null),
      ),
    )
    if (taken.every((file) => file === null)) return paths
  }
}

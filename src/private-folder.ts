import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { errnoOf } from './migrations/errno.ts'

const home = '.airlock'

/** Makes a folder that only this user reads. `.airlock` lies in the user's repository, and neither dumps nor reports belong into a commit. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const parts = resolve(folder).split(sep)
  const at = parts.lastIndexOf(home)
  if (at > 0) await writeNew(join(parts.slice(0, at + 1).join(sep), '.gitignore'), '*\n')
}

/** What is there stays: it may be a link to a file that has nothing to do with us. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}

import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { errnoOf } from './migrations/errno.ts'

const home = '.airlock'

/** Makes a folder that only this user reads. `.airlock` lies in the user's repository, and neither dumps nor reports belong into a commit. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolder(resolve(folder))
  const parts = resolve(folder).split(sep)
  const at = parts.lastIndexOf(home)
  if (at > 0) await writeNew(join(parts.slice(0, at + 1).join(sep), '.gitignore'), '*\n')
}

/** Not with `recursive`: that tries for ever where the system answers ENOENT below a folder that exists, as /proc does (measured on Node.js 20). */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const parent = dirname(path)
    if (errnoOf(error) === 'EEXIST' && (await isFolder(path))) return
    if (errnoOf(error) !== 'ENOENT' || parent === path || (await isFolder(parent))) throw error
    await makeFolder(parent)
    await mkdir(path, { mode: 0o700 })
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}

/** What is there stays: it may be a link to a file that has nothing to do with us. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}

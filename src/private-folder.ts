import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'

const home = '.airlock'

/** Makes a folder that only this user reads. `.airlock` lies in the user's repository, and neither dumps nor reports belong into a commit. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const parts = resolve(folder).split(sep)
  const at = parts.lastIndexOf(home)
  if (at > 0) await writeFile(join(parts.slice(0, at + 1).join(sep), '.gitignore'), '*\n')
}

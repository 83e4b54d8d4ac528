import { readFile, stat } from 'node:fs/promises'

/** What a pipe or a device gives may never end, and whoever waits for it waits in silence: only a file is read. */
export async function readRegularFile(path: string): Promise<Buffer> {
  const found = await stat(path)
  // Reading a folder fails by itself, with the words for it.
  if (!found.isFile() && !found.isDirectory())
    throw Object.assign(new Error('What exists at that path is not a file'), { code: 'EINVAL', path })
  return await readFile(path)
}

export async function readRegularText(path: string): Promise<string> {
  return (await readRegularFile(path)).toString('utf8')
}

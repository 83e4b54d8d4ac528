import { once } from 'node:events'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { Pack, Unpack } from 'tar'

/** A folder of plain files as one stream, in the format that every `tar` reads. */
export function packFolder(folder: string, name: string, files: readonly string[]): Readable {
  // `portable`: no users, no times; `prefix`: the name that the folder will have, whatever it is called now.
  const pack = new Pack({ cwd: folder, prefix: name, portable: true, noDirRecurse: true, strict: true })
  for (const file of files) pack.add(basename(file))
  pack.end()
  return Readable.from(pack)
}

/** Makes FOLDER/NAME/… of such a stream, and takes nothing but plain files directly in one folder of that name. */
export async function unpackFolder(source: AsyncIterable<Uint8Array>, folder: string, name: string): Promise<void> {
  const unpack = new Unpack({
    cwd: folder,
    strict: true,
    umask: 0o077,
    filter: (path, entry) => {
      const below = path.startsWith(`${name}/`) ? path.slice(name.length + 1) : ''
      const plain = 'type' in entry && (entry.type === 'File' || entry.type === 'OldFile')
      if (plain && /^[^/\\\0]+$/.test(below) && below !== '.' && below !== '..') return true
      throw new Error(`the archive contains ${JSON.stringify(path)}, which no dump does`)
    },
  })
  const closed = once(unpack, 'close')
  closed.catch(() => undefined)
  for await (const chunk of source)
    if (!unpack.write(Buffer.from(chunk))) await Promise.race([once(unpack, 'drain'), closed])
  unpack.end()
  await closed
}

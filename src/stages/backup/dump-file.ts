import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Files that are either whole and on the disk, or not there under their name. Readable by their owner only. */

export interface Content {
  readonly bytes: number
  readonly sha256: string
}

/** Passes everything through and knows afterwards what it was. */
export function measuring() {
  const hash = createHash('sha256')
  let bytes = 0
  return {
    through: async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    },
    content: (): Content => ({ bytes, sha256: hash.digest('hex') }),
  }
}

/** Writes the stream to a new file and has the disk confirm it. A file that is there already is an error. */
export async function writeStream(source: Readable, path: string): Promise<Content> {
  const measured = measuring()
  await pipeline(source, measured.through, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  await withFile(path, 'r+', (file) => file.sync())
  return measured.content()
}

export async function readWhole(path: string): Promise<Content> {
  const measured = measuring()
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), measured.through, async (chunks) => {
    for await (const _ of chunks);
  })
  return measured.content()
}

export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`
  try {
    await withFile(partial, 'wx', async (file) => {
      await file.writeFile(text)
      await file.sync()
    })
    await publish(partial, path)
  } catch (thrown) {
    await rm(partial, { force: true })
    throw thrown
  }
}

/** The name appears at once and stays after a power cut: the folder is written too. */
export async function publish(partial: string, path: string): Promise<void> {
  await rename(partial, path)
  await withFile(dirname(path), 'r', (folder) => folder.sync())
}

async function withFile(path: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await work(file)
  } finally {
    await file.close()
  }
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FailureError } from '../../../errors.ts'
import { dumpUnreadable } from '../decide.ts'
import type { Manifest } from '../manifest.ts'
import type { Dumped, DumpedFile } from './write-dump.ts'

export type StoredFile = Manifest['files'][number]

/**
 * The disk gives back what pg_dump wrote. MD5, which a store asks for, is taken here and not while the dump runs: it
 * would cost pg_dump 3 % of the processor (measured on two cores).
 */
export async function readBack(database: string, dumped: Dumped, signal: AbortSignal): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = []
  for (const file of dumped.files) {
    const path = dumped.shape.format === 'custom' ? dumped.path : join(dumped.path, file.name.split('/')[1] ?? '')
    files.push(await readFile(database, file, path, signal))
  }
  return files
}

async function readFile(database: string, file: DumpedFile, path: string, signal: AbortSignal): Promise<StoredFile> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let bytes = 0
  await pipeline(
    createReadStream(path, { highWaterMark: 1_048_576 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        sha256.update(chunk)
        md5.update(chunk)
        bytes += chunk.length
      }
    },
    { signal },
  )
  const found = sha256.digest('hex')
  if (found !== file.sha256) {
    throw new FailureError(
      dumpUnreadable(
        database,
        `pg_dump wrote ${file.bytes} bytes with SHA-256 ${file.sha256} to ${file.name}; the disk gives back ${bytes} bytes with ${found}.`,
      ),
    )
  }
  return { ...file, md5: md5.digest('hex') }
}

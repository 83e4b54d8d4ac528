import { createHash, randomBytes } from 'node:crypto'
import { open, rm, stat } from 'node:fs/promises'
import { FailureError } from '../../../../errors.ts'
import { publish, readWhole } from '../../dump-file.ts'
import type { Manifest } from '../../manifest.ts'
import { differs } from '../failures.ts'
import type { S3Client } from './client.ts'

/** An object into a file that appears when it is whole and what the manifest says; a cut connection goes on where it ended. */

export interface Download {
  readonly client: S3Client
  readonly key: string
  readonly path: string
  readonly file: Manifest['files'][number]
}

export async function downloadFile({ client, key, path, file }: Download): Promise<void> {
  const wrong = (why: string) => new FailureError(differs(client.store, file.name, why))
  // What is there is never written over; that it is there may be an earlier fetch that was cut off.
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    const has = await readWhole(path)
    if (has.bytes === file.bytes && has.sha256 === file.sha256) return
    throw wrong(`${path} exists already, and has other contents.`)
  }
  const partial = `${path}.partial${randomBytes(4).toString('hex')}`
  const handle = await open(partial, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    let tag: string | undefined
    do {
      const from = bytes
      const answer = await client.take(
        {
          method: 'GET',
          key,
          headers: from === 0 ? {} : { range: `bytes=${from}-`, ...(tag === undefined ? {} : { 'if-match': tag }) },
          action: 's3:GetObject',
          expected: [404, 412, 416],
        },
        async (response) => {
          tag = response.headers.etag
          // A server that does not know ranges sends everything again.
          let known = response.statusCode === 206 ? 0 : from
          try {
            for await (const chunk of response as AsyncIterable<Buffer>) {
              const fresh = chunk.subarray(Math.min(known, chunk.length))
              known -= chunk.length - fresh.length
              if (bytes + fresh.length > file.bytes) throw wrong('It is longer than the manifest says.')
              hash.update(fresh)
              await handle.write(fresh)
              bytes += fresh.length
            }
          } catch (thrown) {
            // What came before a break is good; the next request asks for the rest.
            if (bytes === from || thrown instanceof FailureError) throw thrown
          }
        },
      )
      if (answer.kind === 'refused') throw wrong('It is not there, or was replaced meanwhile.')
      if (bytes === from && bytes < file.bytes)
        throw wrong(`It ends after ${bytes} bytes; the manifest says ${file.bytes}.`)
    } while (bytes < file.bytes)
    await handle.sync()
    const sha256 = hash.digest('hex')
    if (sha256 !== file.sha256) {
      throw wrong(`Its SHA-256 is ${sha256}; the manifest says ${file.sha256}.`)
    }
    await publish(partial, path)
  } finally {
    await handle.close()
    await rm(partial, { force: true })
  }
}

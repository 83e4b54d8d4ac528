import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { FailureError } from '../../../../errors.ts'
import type { Manifest } from '../../manifest.ts'
import { differs } from '../failures.ts'
import { type Part, partsOf } from './parts.ts'

export interface HashedPart extends Part {
  readonly sha256: Buffer
}

/** Reads the file once before anything is sent: it has to be the one that the manifest describes. */
export async function hashParts(
  path: string,
  file: Manifest['files'][number],
  store: string,
  signal: AbortSignal,
): Promise<readonly HashedPart[]> {
  const whole = createHash('sha256')
  const parts: HashedPart[] = []
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size !== file.bytes) throw changed(store, file, `It has ${size} bytes; the manifest says ${file.bytes}.`)
    const buffer = Buffer.allocUnsafe(1_048_576)
    for (const part of partsOf(file.bytes)) {
      const own = createHash('sha256')
      for (let at = 0; at < part.bytes; ) {
        signal.throwIfAborted()
        const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, part.bytes - at), part.start + at)
        if (bytesRead === 0) throw changed(store, file, 'It became shorter while it was read.')
        const bytes = buffer.subarray(0, bytesRead)
        own.update(bytes)
        whole.update(bytes)
        at += bytesRead
      }
      parts.push({ ...part, sha256: own.digest() })
    }
  } finally {
    await handle.close()
  }
  const sha256 = whole.digest('hex')
  if (sha256 !== file.sha256) {
    throw changed(store, file, `Its SHA-256 is ${sha256}; the manifest says ${file.sha256}.`)
  }
  return parts
}

function changed(store: string, { name }: { readonly name: string }, why: string): FailureError {
  return new FailureError(differs(store, name, `${why} Nothing was sent.`))
}

/** Of parts: the checksum of their checksums, and how many (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). */
export function expectedChecksum(parts: readonly HashedPart[]): string {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only.sha256.toString('base64')
  const all = createHash('sha256')
  for (const { sha256 } of parts) all.update(sha256)
  return `${all.digest('base64')}-${parts.length}`
}

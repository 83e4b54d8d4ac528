import { open } from 'node:fs/promises'

/** The textual head of an age file (https://age-encryption.org/v1): one stanza for each recipient, then its MAC. */
export interface SealHeader {
  readonly bytes: Buffer
  readonly stanzas: number
}

/** 16 for the nonce; then 16 more for each piece of 64 KiB, of which there is always one. */
export function sealedSize(headerBytes: number, plainBytes: number): number {
  return headerBytes + 16 + plainBytes + 16 * Math.max(1, Math.ceil(plainBytes / 65_536))
}

const longestHeader = 1_048_576

/** undefined: it does not begin like an age file. */
export async function readHeader(path: string): Promise<SealHeader | undefined> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(longestHeader), 0, longestHeader, 0)
    const text = buffer.subarray(0, bytesRead).toString('latin1')
    const end = /\n--- [A-Za-z0-9+/]{43}\n/.exec(text)
    if (!text.startsWith('age-encryption.org/v1\n') || end === null) return undefined
    const bytes = buffer.subarray(0, end.index + end[0].length)
    return { bytes, stanzas: [...bytes.toString('latin1').matchAll(/^-> (?!.*-grease\b)/gm)].length }
  } finally {
    await file.close()
  }
}

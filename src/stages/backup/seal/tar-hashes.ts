import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Parser } from 'tar'

/** Reads a tar stream that passes by, and knows afterwards what each file in it was. */
export function tarHashes() {
  const hashes = new Map<string, string>()
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const hash = createHash('sha256')
      entry.on('data', (chunk: Buffer) => hash.update(chunk))
      entry.on('end', () => hashes.set(entry.path, hash.digest('hex')))
    },
  })
  const ended = once(parser, 'end')
  ended.catch(() => undefined)
  return {
    through: async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        if (!parser.write(chunk)) await Promise.race([once(parser, 'drain'), ended])
        yield chunk
      }
    },
    /** By name as in the archive. */
    end: async (): Promise<ReadonlyMap<string, string>> => {
      parser.end()
      await ended
      return hashes
    },
  }
}

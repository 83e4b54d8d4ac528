import { bothAtOnce } from '../../../both-at-once.ts'
import type { DatabaseContent, SequenceContent } from './content.ts'
import { spanSequences } from './decide-comparison.ts'
import { type ContentRequest, readContent } from './read-content.ts'
import { readSequences } from './sequences.ts'

/**
 * The content of a database while `work` dumps it from the same snapshot. When one of the two fails the other is
 * stopped, and what failed first is thrown.
 */
export async function readContentWhile<Value>(
  request: ContentRequest & { readonly snapshot: string },
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<{ readonly value: Value; readonly content: DatabaseContent }> {
  const [first] = request.sessions
  const sequences = async () => {
    // attempt() works inside a transaction.
    await first.query('BEGIN')
    await first.query(`SET LOCAL lock_timeout = ${request.lockTimeoutMs}`)
    const read = await readSequences(first)
    await first.query('ROLLBACK')
    return read
  }
  const before = await sequences()
  const [value, content] = await bothAtOnce(request.signal, [work, (signal) => readContent({ ...request, signal })])
  const after = await sequences()
  // One that was created after the snapshot is not in the dump either.
  const dumped = new Set(content.sequences.map(keyOf))
  const inDump = (read: readonly SequenceContent[]) => read.filter((one) => dumped.has(keyOf(one)))
  const spanned = spanSequences(inDump(before), inDump(after))
  return { value, content: { ...content, sequences: spanned } }
}

function keyOf({ schema, name }: SequenceContent): string {
  return JSON.stringify([schema, name])
}

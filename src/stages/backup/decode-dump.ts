import type { ClientTools } from '../../postgres/client-choice.ts'
import { runClient } from '../../postgres/client-process.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'

export type Decoded = { readonly kind: 'decoded' } | { readonly kind: 'unreadable'; readonly because: string }

/**
 * `pg_restore --list` reads only the table of contents and succeeds on a damaged dump; this decompresses and reads the
 * data of every table. It says nothing about bytes that pg_restore has no use for: that is what the checksum is for.
 */
export async function decodeDump(client: ClientTools, path: string, signal: AbortSignal): Promise<Decoded> {
  const exit = await runClient({ program: client.restore, args: ['--file=/dev/null', path], signal })
  if (exit.code === 0) return { kind: 'decoded' }
  return { kind: 'unreadable', because: withoutRowValues(exit.stderr) || `pg_restore ended with ${exit.code}` }
}

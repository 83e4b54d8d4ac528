import { FailureError } from '../../errors.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import { dumpUnreadable } from './decide.ts'
import { decodeDump } from './decode-dump.ts'
import { readBack, type StoredFile } from './dump/read-back.ts'
import type { Dumped } from './dump/write-dump.ts'

/** The disk gives back what pg_dump wrote, and pg_restore can decode all of it. */
export async function proveDump(
  database: string,
  client: ClientTools,
  dumped: Dumped,
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  const [files, decoded] = await Promise.all([
    readBack(database, dumped, signal),
    decodeDump(client, dumped.path, signal),
  ])
  if (decoded.kind === 'unreadable') throw new FailureError(dumpUnreadable(database, decoded.because))
  return files
}

import { FailureError } from '../../errors.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import { dumpUnreadable } from './decide.ts'
import { decodeDump } from './decode-dump.ts'
import { type Content, readWhole } from './dump-file.ts'

/** The disk gives back what pg_dump wrote, and pg_restore can decode all of it. */
export async function proveDump(
  database: string,
  client: ClientTools,
  path: string,
  written: Content,
  signal: AbortSignal,
): Promise<void> {
  const [read, decoded] = await Promise.all([readWhole(path), decodeDump(client, path, signal)])
  if (read.sha256 !== written.sha256) {
    throw new FailureError(
      dumpUnreadable(
        database,
        `pg_dump wrote ${written.bytes} bytes with SHA-256 ${written.sha256}; the disk gives back ${read.bytes} bytes with ${read.sha256}.`,
      ),
    )
  }
  if (decoded.kind === 'unreadable') throw new FailureError(dumpUnreadable(database, decoded.because))
}

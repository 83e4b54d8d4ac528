import { FailureError, messageOf } from '../../../errors.ts'
import type { DatabaseTraits } from '../../../postgres/create-database.ts'
import type { ScratchDatabase } from '../../../postgres/scratch/scratch-server.ts'
import { notRestorable } from './decide.ts'
import type { ScratchTarget } from './scratch-target.ts'

export interface CopyDatabase {
  readonly database: ScratchDatabase
  /** Where it is not like the source. */
  readonly said: readonly string[]
}

/**
 * Like the source, except where this machine does not have its locale: then text sorts by bytes in the copy. Hashes and
 * definitions do not depend on that, and what does (a partition by a range of text) stops the restore.
 */
export async function createCopyDatabase(scratch: ScratchTarget, source: DatabaseTraits): Promise<CopyDatabase> {
  try {
    return { database: await scratch.createDatabase(source), said: [] }
  } catch (thrown) {
    if (!(thrown instanceof FailureError) || thrown.failure.code !== 'DATABASE.QUERY_FAILED') throw thrown
  }
  const bytewise: DatabaseTraits = {
    encoding: source.encoding,
    localeProvider: 'libc',
    collate: 'C',
    characterType: 'C',
    locale: null,
  }
  const locale = source.locale ?? source.collate
  const said = [`order of text: the scratch server does not have the locale ${locale}, so the copy uses C`]
  try {
    return { database: await scratch.createDatabase(bytewise), said }
  } catch (thrown) {
    const why = thrown instanceof FailureError ? thrown.failure.why : messageOf(thrown)
    throw new FailureError(notRestorable(why), { cause: thrown })
  }
}

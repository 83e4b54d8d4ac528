import { randomBytes } from 'node:crypto'
import { FailureError, messageOf } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { createDatabaseSql, type DatabaseTraits } from '../../../postgres/create-database.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { notRestorable } from './decide.ts'

export interface ScratchDatabase {
  readonly name: string
  /** Where it is not like the source. */
  readonly said: readonly string[]
}

/**
 * Like the source, except where this machine does not have its locale: then text sorts by bytes in the copy. Hashes and
 * definitions do not depend on that, and what does (a partition by a range of text) stops the restore.
 */
export async function createScratchDatabase(
  admin: Session,
  source: DatabaseTraits,
  major: number,
): Promise<ScratchDatabase> {
  const name = `airlock_scratch_${randomBytes(6).toString('hex')}`
  try {
    await admin.query(createDatabaseSql(name, source, major))
    return { name, said: [] }
  } catch (thrown) {
    if (!(thrown instanceof FailureError) || thrown.failure.code !== 'DATABASE.QUERY_FAILED') throw thrown
    const bytewise: DatabaseTraits = {
      encoding: source.encoding,
      localeProvider: 'libc',
      collate: 'C',
      characterType: 'C',
      locale: null,
    }
    try {
      await admin.query(createDatabaseSql(name, bytewise, major))
    } catch (again) {
      throw new FailureError(notRestorable(again instanceof FailureError ? again.failure.why : messageOf(again)), {
        cause: again,
      })
    }
    const locale = source.locale ?? source.collate
    return { name, said: [`order of text: the scratch server does not have the locale ${locale}, so the copy uses C`] }
  }
}

export async function dropScratchDatabase(admin: Session, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`)
}

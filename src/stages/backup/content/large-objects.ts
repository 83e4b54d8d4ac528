import type { Session } from '../../../ports.ts'
import { attempt } from '../attempt.ts'
import type { LargeObjectContent } from './content.ts'
import { isAnswerAboutData } from './is-answer.ts'

/**
 * Number, data, owner and privileges of each. By lo_get(), which fills the holes of a sparse one as a dump does, and
 * takes at most 1 GB of one object: beyond that it is not read, and says so.
 */
const largeObjectsSql = `SELECT pg_catalog.count(*)::text AS count, coalesce(pg_catalog.sum(pg_catalog.hashtextextended(
    pg_catalog.hash_record_extended(ROW(m.oid, pg_catalog.lo_get(m.oid), pg_catalog.pg_get_userbyid(m.lomowner)::text COLLATE pg_catalog."C",
      (SELECT pg_catalog.string_agg(acl::text, ',' ORDER BY acl::text COLLATE pg_catalog."C")
         FROM pg_catalog.unnest(coalesce(m.lomacl, pg_catalog.acldefault('L', m.lomowner))) AS acl) COLLATE pg_catalog."C"), 1)::text COLLATE pg_catalog."C", 1)), 0)::text AS hash
  FROM pg_catalog.pg_largeobject_metadata m`

export async function readLargeObjects(session: Session, budgetMs: number): Promise<LargeObjectContent> {
  if (budgetMs <= 0) return { kind: 'not-read', because: 'the time for reading the content was used up' }
  const read = await attempt(
    session,
    async () => {
      await session.query(`SET LOCAL statement_timeout = ${budgetMs}`)
      return session.query<{ count: string; hash: string }>(largeObjectsSql)
    },
    isAnswerAboutData,
  )
  if (read.kind === 'refused') return { kind: 'not-read', because: read.because }
  const [row] = read.value
  if (row === undefined) return { kind: 'not-read', because: 'the server gave no answer' }
  return { kind: 'read', count: Number(row.count), hash: row.hash }
}

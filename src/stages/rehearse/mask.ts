import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { FailureError, fail, messageOf } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { connectWithoutLimits } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { plural } from '../../report/words.ts'
import { quotedRelation } from '../../sql/identifiers.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import { type CopiedTarget, namesOfProduction } from './copy-target.ts'
import { readFootprints } from './data/footprints.ts'
import { nameOf, type Written, writtenBetween } from './data/written.ts'
import { serverErrorOf } from './trace/server-error.ts'

/**
 * The user's own SQL on the copy, before anything else reads it. Afterwards the tables are written anew: what was there before
 * would still be in their files, and they would be larger than production's. What a report has to say about it comes back.
 */
export async function maskCopy(context: Context, like: CopiedTarget, copy: DatabaseCopy): Promise<readonly string[]> {
  const { mask } = context.policy
  if (mask === undefined) return []
  const sql = await textOf(mask, context.invocation.cwd)
  context.run.progress('masking the copy')
  await using counting = await connectWithoutLimits(copy.url, 'airlock rehearsal', context.run.signal)
  const before = await readFootprints(counting)
  await runMask(context, like, copy, sql)
  const written = writtenBetween(before, await readFootprints(counting))
  for (const table of written ?? [undefined]) await counting.query(`VACUUM (FULL, ANALYZE) ${pathOf(table)}`)
  await refreshViews(counting)
  return [`what \`mask\` wrote: those values are not production’s${writtenWords(written, like.url.schema)}`]
}

/** A path ends in `.sql`; SQL has a blank in it. */
async function textOf(mask: string, cwd: string): Promise<string> {
  if (!/^\S+\.sql$/.test(mask)) return mask
  const path = resolve(cwd, mask)
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    throw failed(`${path} cannot be read: ${messageOf(thrown)}`)
  }
}

async function runMask(context: Context, like: CopiedTarget, copy: DatabaseCopy, sql: string): Promise<void> {
  await using session = await connectWithoutLimits(copy.url, 'airlock rehearsal', context.run.signal)
  await session.query(`SET ${namesOfProduction(like.url)}`)
  try {
    await session.query(sql)
  } catch (thrown) {
    throw byTheServer(thrown)
  }
  // A COMMIT that is missing would take all of it back.
  const [open] = await session.query<{ open: boolean }>(
    'SELECT pg_catalog.now() <> pg_catalog.statement_timestamp() AS open',
  )
  if (open?.open !== false) throw failed('It leaves its transaction open, and nothing of it would stay.')
}

/** What they kept of the rows before the mask. A backup makes a view after those that it reads (pg_dump sorts by what depends on what), so that their numbers are in that order. */
async function refreshViews(session: Session): Promise<void> {
  const views = await session.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated ORDER BY c.oid`,
  )
  try {
    for (const view of views) {
      await session.query(`REFRESH MATERIALIZED VIEW ${pathOf(view)}`)
      await session.query(`ANALYZE ${pathOf(view)}`)
    }
  } catch (thrown) {
    throw byTheServer(thrown)
  }
}

/** Without the values that the server quotes. */
function byTheServer(thrown: unknown): unknown {
  if (!(thrown instanceof FailureError)) return thrown
  const { message, sqlState } = serverErrorOf(thrown.cause)
  return sqlState === undefined ? thrown : failed(`${message} (SQLSTATE ${sqlState})`)
}

function pathOf(table: Pick<Written, 'schema' | 'name'> | undefined): string {
  return table === undefined ? '' : `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
}

function writtenWords(written: readonly Written[] | undefined, schema: string): string {
  if (written === undefined) return ''
  if (written.length === 0) return ' (it wrote none)'
  return ` (${written.map((one) => `${quotedRelation(nameOf(one), schema)}: ${plural(one.updated + one.inserted + one.deleted, 'row')}`).join(', ')})`
}

function failed(why: string): FailureError {
  return fail('REHEARSAL.MASK_FAILED', {
    what: 'The copy could not be masked, so nothing was rehearsed on it.',
    why,
    next: [
      'Correct `mask` in airlock.yml: SQL, or the path of a file that ends in `.sql`, without commands of psql.',
      'The backup is there, and can be used to try it: airlock rehearse --from MANIFEST',
    ],
  })
}

import type { Assertion } from '../../../config/assertions.ts'
import type { Session } from '../../../ports.ts'
import { quoteLiteral } from '../../../postgres/quoting.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import { loadParser, parseMigration } from '../../../sql/parse.ts'
import { attempt } from '../../backup/attempt.ts'
import { isAnswerAboutData } from '../../backup/content/is-answer.ts'
import { namesOfProduction } from '../copy-target.ts'
import { serverErrorOf } from '../trace/server-error.ts'
import { type Answer, isAskedFor, type Moment } from './decide-assertion.ts'

const limitMs = 60_000

/** Where the query has a column of this name, it would be meant and not the whole row. */
const row = 'airlock_answer_row'

/** In one read-only transaction, each with its own time limit and with the names that a session of production would find. */
export async function askAssertions(
  { session, url }: { readonly session: Session; readonly url: DatabaseUrl },
  assertions: readonly Assertion[],
  moment: Moment,
): Promise<ReadonlyMap<Assertion, Answer>> {
  const answers = new Map<Assertion, Answer>()
  const asked = assertions.filter((assertion) => isAskedFor(assertion, moment))
  if (asked.length === 0) return answers
  await session.query('BEGIN READ ONLY')
  try {
    await session.query(`SET LOCAL ${namesOfProduction(url)}`)
    await session.query(`SET LOCAL statement_timeout = ${limitMs}`)
    for (const assertion of asked) answers.set(assertion, await ask(session, assertion))
  } finally {
    await session.query('ROLLBACK')
  }
  return answers
}

async function ask(session: Session, { sql, expect }: Assertion): Promise<Answer> {
  const query = await onlySelect(sql)
  if (query === undefined) return { kind: 'failed', because: 'it is not one SELECT' }
  const value = typeof expect === 'object' ? expect.value : undefined
  let said = ''
  const read = await attempt(
    session,
    () =>
      session
        .query<{ rows: string; hash: string; value: boolean | null }>(
          `WITH ${row} AS MATERIALIZED (${query}\n)
         SELECT pg_catalog.count(*)::text AS rows,
                coalesce(pg_catalog.sum(pg_catalog.hashtextextended(${row}::text COLLATE pg_catalog."C", 0)), 0)::text AS hash,
                ${value === undefined ? 'false' : isValueSql(value)} AS value
           FROM ${row}`,
        )
        .catch((thrown: unknown) => {
          said = serverErrorOf(thrown instanceof Error ? thrown.cause : undefined).message
          throw thrown
        }),
    isAnswerAboutData,
  )
  if (read.kind === 'refused') return { kind: 'failed', because: said.split('\n').join(' ') }
  const [answer] = read.value
  if (answer === undefined) return { kind: 'failed', because: 'the server gave no answer' }
  return { kind: 'answered', rows: Number(answer.rows), hash: answer.hash, isValue: answer.value === true }
}

/** One row with one column, whose text is that one. */
function isValueSql(value: string): string {
  return `pg_catalog.count(*) = 1 AND pg_catalog.bool_and((
    SELECT pg_catalog.count(*) = 1 AND pg_catalog.bool_and(one.value = ${quoteLiteral(value)})
      FROM pg_catalog.json_each_text(pg_catalog.row_to_json(${row})) one))`
}

/** Nothing behind it, and nothing that ends the transaction or begins to write. */
async function onlySelect(sql: string): Promise<string | undefined> {
  const parsed = parseMigration(await loadParser(), sql)
  if (parsed.kind !== 'parsed') return undefined
  const [first, ...others] = parsed.statements
  return others.length === 0 && first?.kind === 'SelectStmt' ? first.sql : undefined
}

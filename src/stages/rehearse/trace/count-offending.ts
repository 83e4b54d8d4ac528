import { FailureError, messageOf } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { serverVersionOf } from '../../../postgres/server-identity.ts'
import { violates } from './decide-failure.ts'
import {
  type Search,
  searchConflicts,
  searchConversion,
  searchDuplicates,
  searchOrphans,
  searchPointing,
  searchRows,
} from './decide-search.ts'
import { type KnownTable, knownConstraint, knownTable, knownType } from './known-table.ts'
import type { Question } from './question.ts'
import { isRefusal, sqlStateOf } from './refusal.ts'
import type { ServerError } from './server-error.ts'
import type { SubjectSession } from './subject.ts'
import type { Offending, StoppedTrace } from './trace.ts'
import type { StoppedFile } from './trace-file.ts'

type Answer = Pick<StoppedTrace, 'cause' | 'offending' | 'find'>

/** In the state that the statement met: what its transaction had done is done again, and taken back. */
export async function countOffending(
  subject: SubjectSession,
  question: Question,
  error: ServerError,
  { before, beforeMs }: Pick<StoppedFile, 'before' | 'beforeMs'>,
  budgetMs: number,
): Promise<Answer> {
  const fallback = `PostgreSQL refuses it: ${error.message}.`
  if (question.kind === 'none') {
    return { cause: question.cause, offending: notCounted(question.because), find: question.find }
  }
  if (beforeMs > budgetMs) {
    const because = `what its transaction did before took ${Math.round(beforeMs)} ms, and counting may take ${budgetMs} ms with it`
    return { cause: fallback, offending: notCounted(because), find: undefined }
  }
  const searches: { current: Search | undefined } = { current: undefined }
  try {
    const [first = 'BEGIN', ...others] = before
    for (const sql of [first, ...others]) await subject.send(sql)
    await subject.send(`SET LOCAL statement_timeout = ${Math.max(1, Math.round(budgetMs - beforeMs))}`)
    return await answer(subject, question, error, fallback, searches)
  } catch (thrown) {
    const { because, state } = reasonOf(thrown, budgetMs)
    if (state === undefined) throw thrown
    const { current } = searches
    return { cause: current?.say(undefined) ?? fallback, offending: notCounted(because), find: current?.find }
  } finally {
    if (subject.transaction() !== 'idle') await subject.send('ROLLBACK')
  }
}

async function answer(
  subject: SubjectSession,
  question: Exclude<Question, { kind: 'none' }>,
  error: ServerError,
  fallback: string,
  searches: { current: Search | undefined },
): Promise<Answer> {
  const table = await knownTable(subject, question.table)
  const found = table === undefined ? [] : await searchesFor(subject, question, error, table)
  if (found.length === 0) {
    const because =
      table === undefined ? `there is no table ${question.table.name} before the statement` : becauseUnread
    return { cause: fallback, offending: notCounted(because), find: undefined }
  }
  for (const search of found) {
    searches.current = search
    await subject.send('SAVEPOINT airlock')
    if (search.prepare !== undefined) await subject.send(search.prepare)
    const [row] = await subject.query<{ rows: number }>(search.count)
    await subject.send('ROLLBACK TO SAVEPOINT airlock')
    const rows = row?.rows ?? 0
    if (rows > 0) return { cause: search.say(rows), offending: { kind: 'counted', rows }, find: search.find }
  }
  // Something does stand in the way, so that none is not how many there are.
  return {
    cause: fallback,
    offending: notCounted('the rows were not found again when they were looked for'),
    find: undefined,
  }
}

const becauseUnread = 'how the rows are to be looked for cannot be told from the statement and the catalog'

async function searchesFor(
  session: Session,
  question: Exclude<Question, { kind: 'none' }>,
  error: ServerError,
  table: KnownTable,
): Promise<readonly Search[]> {
  switch (question.kind) {
    case 'duplicates':
      return [searchDuplicates(question, table)]
    case 'rows':
      return [searchRows(question, table)]
    case 'conflicts':
      return [searchConflicts(question, table)]
    case 'orphans': {
      const to = await knownTable(session, question.to)
      return to === undefined ? [] : [searchOrphans(question, table, to)]
    }
    case 'constraint':
      return searchesOfConstraint(session, question, table)
    case 'conversions': {
      const searches: Search[] = []
      const { major } = await serverVersionOf(session)
      for (const { column, type, sql, plain } of question.conversions) {
        const known = await knownType(session, table, column, type)
        if (known === undefined) continue
        const { where } = question
        const { sqlState } = error
        searches.push(
          searchConversion(
            { column, type: known.name, labels: known.labels, sql, plain, where, sqlState, major },
            table,
          ),
        )
      }
      return searches
    }
  }
}

async function searchesOfConstraint(
  session: Session,
  { name, deleted }: Extract<Question, { kind: 'constraint' }>,
  table: KnownTable,
): Promise<readonly Search[]> {
  const constraint = await knownConstraint(session, table, name)
  if (constraint === undefined) return []
  const { kind, columns, expression, to, toColumns, matchFull, nullsNotDistinct } = constraint
  if (kind === 'c' && expression !== null) {
    return [searchRows({ kind: 'rows', table, where: `(${expression}) IS FALSE`, say: violates(name) }, table)]
  }
  if (kind === 'u' || kind === 'p') {
    const keys = columns.map((column) => `"${column.replaceAll('"', '""')}"`)
    return [searchDuplicates({ kind: 'duplicates', table, keys, where: undefined, nullsNotDistinct }, table)]
  }
  const target = to === null ? undefined : await knownTable(session, to)
  if (kind !== 'f' || target === undefined) return []
  return [
    deleted === undefined
      ? searchOrphans({ columns, toColumns, matchFull }, table, target)
      : searchPointing({ columns, toColumns }, table, target, deleted.where),
  ]
}

function notCounted(because: string): Offending {
  return { kind: 'not-counted', because }
}

/** Why there is no count; `state` is undefined where the session itself is lost. */
function reasonOf(thrown: unknown, budgetMs: number): { readonly because: string; readonly state: string | undefined } {
  const cause = thrown instanceof FailureError ? thrown.cause : thrown
  const state = isRefusal(cause) ? sqlStateOf(cause) : undefined
  if (state === '57014') return { because: `counting took longer than the ${budgetMs} ms that it may take`, state }
  if (state !== undefined && /^42/.test(state)) return { because: becauseUnread, state }
  return { because: `counting was refused (SQLSTATE ${state ?? messageOf(thrown)})`, state }
}

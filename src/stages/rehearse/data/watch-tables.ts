import { ownTable } from '../../../migrations/own-records.ts'
import type { Session } from '../../../ports.ts'
import { loadParser } from '../../../sql/parse.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Target } from '../../preflight/perform.ts'
import type { DataCheck } from './data-check.ts'
import { decideTables } from './decide-tables.ts'
import { type Touch, touchesOf, touchOf } from './decide-touched.ts'
import { readFootprints } from './footprints.ts'
import { columnsLeftAlone, readingOf, readStoredTables, readTables, type StoredTable } from './read-tables.ts'
import { type Footprints, nameOf, writtenBetween } from './written.ts'

/** The tables that the statements wrote over when they ran one by one, as they were then. */
export async function tablesWrittenOver(
  session: Session,
  before: Footprints | undefined,
): Promise<readonly StoredTable[]> {
  const written = writtenBetween(before, await readFootprints(session)) ?? []
  const over = written.filter((one) => one.before !== undefined && (one.newFile || one.updated > 0))
  return over.length === 0
    ? []
    : await readStoredTables(
        session,
        over.map(({ oid }) => oid),
      )
}

export interface WatchedTables {
  readonly compare: () => Promise<readonly DataCheck[]>
}

/**
 * Looks at the copy before the real run, and compares afterwards. Which tables are written is known from the run before: only
 * their values are read, for every other table the server counts that it was left alone.
 */
export async function watchTables(
  copy: Pick<Target, 'session' | 'source' | 'url'>,
  plan: Pick<Plan, 'migrations'>,
  writtenOver: readonly StoredTable[],
): Promise<WatchedTables> {
  const { session, source, url } = copy
  const touches = touchesOf(plan, await loadParser())
  const now = await readStoredTables(
    session,
    writtenOver.map(({ oid }) => oid),
  )
  const alone = now.map((before) => {
    const after = writtenOver.find(({ oid }) => oid === before.oid)
    const touch = touchOf(touches, [before.name, after?.name]) ?? nothingTouched
    return { before, columns: after === undefined ? [] : columnsLeftAlone(before, after, touch) }
  })
  const first = await readTables(
    session,
    alone.map(({ before, columns }) => ({ ...before, columns: columns.map(({ was }) => was) })),
  )
  const footprints = await readFootprints(session)
  const { schema, words } = source.historyIn(url.schema)
  return {
    async compare() {
      const written = writtenBetween(footprints, await readFootprints(session))
      const left = await readStoredTables(
        session,
        alone.map(({ before }) => before.oid),
      )
      const second = await readTables(
        session,
        left.flatMap((table) => {
          const read = first.get(table.oid)
          const columns = alone.find(({ before }) => before.oid === table.oid)?.columns ?? []
          return read === undefined || 'notRead' in read ? [] : [{ ...table, columns: columns.map(({ is }) => is) }]
        }),
      )
      const readings = new Map(
        alone.map(({ before: { oid }, columns }) => [oid, readingOf(first.get(oid), second.get(oid), columns.length)]),
      )
      const history = new Set([words.name, ownTable].map((name) => nameOf({ schema, name })))
      return decideTables(touches, { written, readings, history }, url.schema)
    },
  }
}

const nothingTouched: Touch = { mayGrow: false, mayShrink: false, columns: new Set() }

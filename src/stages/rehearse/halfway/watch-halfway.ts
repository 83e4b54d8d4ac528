import { randomUUID } from 'node:crypto'
import { FailureError } from '../../../errors.ts'
import type { HistoryRow } from '../../../migrations/history.ts'
import type { Migration } from '../../../migrations/migration.ts'
import type { PrismaSource } from '../../../migrations/source.ts'
import type { Session } from '../../../ports.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import type { PlannedMigration } from '../../plan/plan.ts'
import { changes } from '../../recover/left-behind/evidence.ts'
import { lookAt } from '../../recover/left-behind/look.ts'
import type { AroundFiles } from '../trace/perform.ts'
import { decideEnding } from './decide-ending.ts'
import type { Halfway, HalfwayState } from './halfway.ts'

export interface HalfwayRequest {
  readonly url: DatabaseUrl
  readonly source: PrismaSource
  /** To the clone on which the migrations run. */
  readonly session: Session
  readonly migrations: readonly PlannedMigration[]
}

const mostStates = 40
const mostMs = 10_000

export interface WatchedHalfway extends AroundFiles {
  readonly halfway: () => readonly Halfway[]
}

interface Watching {
  readonly migration: Migration
  readonly row: HistoryRow
  readonly states: HalfwayState[]
  readonly notTried: Set<string>
}

/**
 * The migrations are applied to the clone statement by statement, in the transactions of the real run. Between two of those it is
 * what a deploy leaves behind that ends there: with Prisma's row in the history, the next deploy's own questions are put to it.
 */
export async function watchHalfway({ url, source, session, migrations }: HalfwayRequest): Promise<WatchedHalfway> {
  const records = source.historyIn(url.schema)
  const reading = await source.readFolder()
  const files = reading.kind === 'read' ? reading.folder.migrations : []
  if ((await records.read(session)).kind === 'absent')
    for (const sql of records.create(await schemaExists(session, url.schema))) await session.query(sql)
  const seen = new Map<string, Halfway>()
  let current: Watching | undefined
  let [states, spentMs] = [0, 0]

  const look = async (planned: PlannedMigration, done: number) => {
    if (current === undefined) return
    const { statements } = planned
    const last = statements[done - 1]
    const inForce = statements.slice(0, done).filter(changes).length
    // What only sets something leaves nothing behind: the state is that of before.
    if (current.states.at(-1)?.inForce === inForce) return
    if (states >= mostStates || spentMs >= mostMs) {
      current.notTried.add(`what is left from line ${last?.range.line ?? 1} on: enough was looked at`)
      return
    }
    const startedAt = performance.now()
    states += 1
    const left = await lookAt({ url, prisma: source.prisma }, session, current.row, current.migration).catch(unreadable)
    spentMs += performance.now() - startedAt
    if (typeof left === 'string') {
      current.notTried.add(left)
      return
    }
    if (left === undefined) {
      current.notTried.add('it names the history itself, or cannot be read again')
      return
    }
    const of = left.statements.length
    current.states.push({
      line: last?.range.line ?? null,
      inForce,
      of,
      killed: decideEnding(left, { inForce }),
      // With this SQLSTATE or another: what is asked is whether there is one.
      refused: inForce === of ? undefined : decideEnding({ ...left, refusedWith: 'XX000' }, { inForce }),
    })
  }

  return {
    async before(planned) {
      const migration = files.find(({ name, checksum }) => name === planned.name && checksum === planned.checksum)
      if (migration === undefined) {
        seen.set(planned.name, { migration: planned.name, states: [], notTried: ['its file is another one by now'] })
        return
      }
      const row = await started(session, records, migration)
      current = { migration, row, states: [], notTried: new Set(reasonsNot(planned)) }
      await look(planned, 0)
    },
    // In one transaction nothing is seen before its end, which is the end of the file.
    between: (planned, done) => (done < planned.statements.length ? look(planned, done) : Promise.resolve()),
    async after(planned) {
      await look(planned, planned.statements.length)
      if (current === undefined) return
      const { migration, row, states: found, notTried } = current
      current = undefined
      await session.query(records.forget({ ...migration, id: row.id }))
      seen.set(planned.name, { migration: planned.name, states: found, notTried: [...notTried] })
    },
    halfway: () =>
      migrations.map(
        ({ name }) =>
          seen.get(name) ?? { migration: name, states: [], notTried: ['the migration did not go through on the copy'] },
      ),
  }
}

/** It refuses no deploy. */
function unreadable(error: unknown): string {
  if (!(error instanceof FailureError)) throw error
  return `it could not be looked at: ${withoutRowValues(error.failure.why)}`
}

async function started(
  session: Session,
  records: ReturnType<PrismaSource['historyIn']>,
  migration: Migration,
): Promise<HistoryRow> {
  const { name, checksum } = migration
  const id = randomUUID()
  await session.query(records.insertStarted({ ...migration, id }, ''))
  return {
    id,
    name,
    checksum,
    startedAt: new Date(),
    finishedAt: undefined,
    rolledBackAt: undefined,
    logs: '',
    appliedSteps: 0,
  }
}

/** What the statements' own steps leave cannot be held still from outside. */
function reasonsNot({ statements }: PlannedMigration): readonly string[] {
  return statements
    .filter(({ sql }) => /\bCONCURRENTLY\b/i.test(sql))
    .map(({ range }) => `what line ${range.line} leaves when it is ended itself: it commits on its way`)
}

async function schemaExists(session: Session, schema: string): Promise<boolean> {
  return (await session.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema])).length > 0
}

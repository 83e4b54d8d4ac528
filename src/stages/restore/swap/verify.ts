import { setTimeout as sleep } from 'node:timers/promises'
import { type FailureError, fail, messageOf } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { quoteIdentifier, quoteLiteral } from '../../../postgres/quoting.ts'
import { swapSql } from '../decide.ts'
import { differencesBetween } from './carry-over.ts'
import { type DatabaseProperties, readProperties } from './properties.ts'

export interface SwapOutcome {
  readonly database: string
  readonly aside: string
  /** As they were before. */
  readonly present: DatabaseProperties
  readonly target: DatabaseProperties
}

export interface Connections {
  readonly openBeside: () => Promise<Session & AsyncDisposable>
  readonly openSession: (database: string) => Promise<Session & AsyncDisposable>
}

/** A server that crashed in the middle recovers before it lets anybody in. */
const settleMs = 60_000

/** After the connection broke in the middle: the catalog says whether the transaction was committed. */
export async function settleSwap(connections: Connections, outcome: SwapOutcome, because: string): Promise<void> {
  const { database, target, present } = outcome
  const deadline = performance.now() + settleMs
  for (;;) {
    const oid = await oidOf(connections, database).catch((thrown: unknown) => thrown)
    if (oid === target.oid) return
    if (oid === present.oid) {
      throw fail('RESTORE.CANNOT_SWAP', {
        what: `The connection was lost during the swap. ${quoteIdentifier(database)} is the database that it was before.`,
        why: because,
        next: [
          'Run the same command again: the restored database is kept, and is swapped without being restored again.',
        ],
      })
    }
    if (performance.now() > deadline) throw unverified(outcome, `${because}\n${messageOf(oid)}`)
    await sleep(250)
  }
}

/**
 * While the transaction of the broken session is open it can go either way: COMMENT takes a lock that waits for its end, and
 * changes nothing where it is rolled back.
 */
async function oidOf({ openBeside }: Connections, database: string): Promise<number | undefined> {
  await using session = await openBeside()
  await session.query('BEGIN')
  await session.query(`COMMENT ON DATABASE ${quoteIdentifier(database)} IS NULL`)
  const [row] = await session.query<{ oid: string }>(
    'SELECT oid::text AS oid FROM pg_catalog.pg_database WHERE datname = $1',
    [database],
  )
  await session.query('ROLLBACK')
  return row === undefined ? undefined : Number(row.oid)
}

/** Asks the catalog for all of it, and comes in by the name as the application does. */
export async function verifySwap(connections: Connections, outcome: SwapOutcome): Promise<void> {
  const deadline = performance.now() + settleMs
  for (;;) {
    const found = await problemsOf(connections, outcome).then(
      (problems) => ({ problems, answered: true }),
      (thrown: unknown) => ({ problems: [messageOf(thrown)], answered: false }),
    )
    if (found.problems.length === 0) return
    if (found.answered || performance.now() > deadline) throw unverified(outcome, found.problems.join('\n'))
    await sleep(250)
  }
}

async function problemsOf(connections: Connections, outcome: SwapOutcome): Promise<readonly string[]> {
  const { database, aside, present, target } = outcome
  await using session = await connections.openBeside()
  const [now, old] = [await readProperties(session, database), await readProperties(session, aside)]
  if (now?.oid !== target.oid) return [`${quoteIdentifier(database)} is not the restored database.`]
  const problems = [
    ...(now.allowsConnections ? [] : [`${quoteIdentifier(database)} lets nobody in.`]),
    ...differencesBetween(present, now).map((what) => `${quoteIdentifier(database)}: ${what} is not as before.`),
    ...(now.comment === present.comment ? [] : [`${quoteIdentifier(database)}: the comment is not as before.`]),
    ...(old?.oid === present.oid ? [] : [`${quoteIdentifier(aside)} is not the database from before.`]),
    ...(old?.allowsConnections === false ? [] : [`${quoteIdentifier(aside)} is not shut.`]),
  ]
  if (problems.length > 0) return problems
  await using inside = await connections.openSession(database)
  const [row] = await inside.query<{ oid: string }>(
    `SELECT oid::text AS oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`,
  )
  return Number(row?.oid) === target.oid ? [] : ['A new connection does not come to the restored database.']
}

function unverified({ database, aside, present, target }: SwapOutcome, why: string): FailureError {
  return fail('RESTORE.SWAP_UNVERIFIED', {
    what: `It is not certain that ${quoteIdentifier(database)} is the restored database now, with all that belongs to it.`,
    why,
    next: [
      `See which database has the name (${target.oid} is the restored one, ${present.oid} the one from before):`,
      `SELECT oid, datname, datallowconn FROM pg_database WHERE oid IN (${target.oid}, ${present.oid}) OR datname = ${quoteLiteral(database).trim()};`,
      'To go back, as a role that owns both, connected to neither:',
      ...swapSql(database, aside, new Date()),
    ],
  })
}

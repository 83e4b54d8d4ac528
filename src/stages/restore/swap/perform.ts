import { FailureError, fail } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { nameWithEnding } from '../decide.ts'
import type { Moment, WritesSince } from '../writes-since/count.ts'
import { writesBetween } from '../writes-since/count.ts'
import { type AcceptedLoss, decideLoss, moreWritten } from '../writes-since/decide.ts'
import { readMoment, readTotal } from '../writes-since/read.ts'
import { carryOver, differencesBetween } from './carry-over.ts'
import { type CutoverEnd, cutOver } from './cutover.ts'
import { breaksWithSwap, carriedOverOtherwise, decideSwap, notCarriedOver, type WriteLimit } from './decide.ts'
import { collected, withLastWrites } from './last-writes.ts'
import { swapMark } from './mark.ts'
import { observeSwap } from './observe.ts'
import { type DatabaseProperties, readProperties } from './properties.ts'
import { serverErrorOf } from './sql-state.ts'
import { type SwapOutcome, settleSwap, verifySwap } from './verify.ts'

export interface SwapRequest {
  /** The name that the restored database is to get; it is in use until then. */
  readonly database: string
  readonly restored: string
  readonly backup: { readonly name: string; readonly sha256: string; readonly moment: Moment }
  readonly accepted: AcceptedLoss | undefined
  /** In `database`; it is ended with all the others. */
  readonly present: Session
  /** In neither of the two. */
  readonly openBeside: () => Promise<Session & AsyncDisposable>
  readonly openSession: (database: string) => Promise<Session & AsyncDisposable>
  readonly serverMajor: number
  readonly throwIfCancelled: () => void
  readonly onProgress: (text: string) => void
}

export interface Swapped {
  readonly database: string
  /** The name that the other one has now. */
  readonly aside: string
  /** How long nobody could connect. */
  readonly cutoverMs: number
  readonly sessionsEnded: number
  /** What was written to the other one since the backup, to its last session's end. */
  readonly lost: WritesSince
  readonly breaks: readonly string[]
}

/** Before anything is restored: what would be lost, and what stands in the way. */
export async function requireSwappable(
  request: Pick<SwapRequest, 'database' | 'backup' | 'accepted' | 'present'>,
): Promise<WritesSince> {
  const { database, present } = request
  const obstacle = decideSwap(await observeSwap(present, database))
  if (obstacle !== undefined) throw new FailureError(obstacle)
  return (await requireAcceptedLoss(request)).writes
}

async function requireAcceptedLoss({
  database,
  backup,
  accepted,
  present,
}: Pick<SwapRequest, 'database' | 'backup' | 'accepted' | 'present'>) {
  const writes = writesBetween(backup.moment, await readMoment(present))
  const decision = decideLoss(database, writes, accepted)
  if (decision.kind === 'refused') throw new FailureError(decision.failure)
  return { writes, most: decision.most }
}

/** The restored database takes the place of the other one, which is kept under another name and shut. */
export async function performSwap(request: SwapRequest): Promise<Swapped> {
  const { database, restored, backup } = request
  await using rename = await request.openBeside()
  await using end = await request.openBeside()
  const facts = await observeSwap(rename, database)
  const obstacle = decideSwap(facts)
  if (obstacle !== undefined) throw new FailureError(obstacle)
  const [present, target] = [await existing(rename, database), await existing(rename, restored)]
  request.onProgress(`giving ${restored} what belongs to ${database}: settings, privileges, owner`)
  await giveProperties(rename, present, target)

  // In this order: what is written between the two is counted twice rather than not at all.
  await collected(request.serverMajor)
  const total = await readTotal(end, present.oid)
  await collected(request.serverMajor)
  const { writes, most } = await requireAcceptedLoss(request)
  request.throwIfCancelled()

  const at = new Date()
  const aside = await freeName(rename, database, at)
  const mark = {
    name: database,
    at: at.toISOString(),
    successorOid: target.oid,
    backup: backup.name,
    sha256: backup.sha256,
  }
  const cutover = {
    database,
    databaseOid: present.oid,
    restored,
    aside,
    comment: present.comment,
    asideComment: swapMark(mark, present.comment),
    limit: limitOf(writes, most, total),
    serverMajor: request.serverMajor,
  }
  request.onProgress(`ending the sessions in ${database} and renaming`)
  const outcome = await cutOver({ rename, end }, cutover, target.oid)
  if (outcome.kind === 'refused') throw new FailureError(lossAtTheEnd(database, writes, most, outcome.moreWritten))
  const expected: SwapOutcome = { database, aside, present, target }
  if (outcome.kind === 'no-answer') await settleSwap(request, expected, outcome.because)
  await verifySwap(request, expected)
  return {
    database,
    aside,
    ...timesOf(outcome),
    lost: await withLastWrites(request, present.oid, writes, total),
    breaks: breaksWithSwap(facts, aside),
  }
}

function timesOf(outcome: CutoverEnd): Pick<Swapped, 'cutoverMs' | 'sessionsEnded'> {
  return outcome.kind === 'swapped'
    ? { cutoverMs: outcome.ms, sessionsEnded: outcome.ended }
    : { cutoverMs: 0, sessionsEnded: 0 }
}

async function existing(session: Session, name: string): Promise<DatabaseProperties> {
  const found = await readProperties(session, name)
  if (found !== undefined) return found
  throw fail('RESTORE.CANNOT_SWAP', {
    what: `There is no database ${quoteIdentifier(name)} any more. Nothing was swapped.`,
    why: 'Somebody else dropped or renamed it in the meantime.',
    next: ['See which databases there are: SELECT datname FROM pg_database;'],
  })
}

async function giveProperties(session: Session, from: DatabaseProperties, to: DatabaseProperties): Promise<void> {
  for (const { what, sql } of carryOver(from, to)) {
    try {
      for (const statement of sql) await session.query(statement)
    } catch (thrown) {
      const said = serverErrorOf(thrown)
      if (said === undefined) throw thrown
      // The server's words about a setting quote its value, which may be a secret.
      const why = what.startsWith('setting ') ? `The server refused it (SQLSTATE ${said.sqlState}).` : said.message
      throw new FailureError(notCarriedOver(what, to.name, why), { cause: thrown })
    }
  }
  const differences = differencesBetween(from, await existing(session, to.name))
  if (differences.length > 0) throw new FailureError(carriedOverOtherwise(to.name, differences))
}

async function freeName(session: Session, database: string, at: Date): Promise<string> {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  for (let attempt = 1; ; attempt += 1) {
    const name = nameWithEnding(database, `_before_${stamp}${attempt === 1 ? '' : `_${attempt}`}`)
    if ((await readProperties(session, name)) === undefined) return name
  }
}

/** null: nobody can count, and that was accepted. Counters that stopped being readable in between let nothing through. */
function limitOf(writes: WritesSince, most: number | null, total: string | null): WriteLimit | null {
  if (writes.kind === 'unknown' || most === null) return null
  return { counted: total ?? '0', more: total === null ? -1 : most - writes.changes }
}

function lossAtTheEnd(database: string, writes: WritesSince, most: number | null, more: number | null) {
  if (writes.kind === 'counted' && more !== null) return moreWritten(database, writes.changes + more, most ?? 0)
  return {
    code: 'RESTORE.WRITES_SINCE',
    what: `It cannot be told what was written to ${quoteIdentifier(database)} at the end. Nothing was swapped.`,
    why: 'The server’s counters were reset meanwhile. The sessions were ended, and the application can connect again.',
    next: ['Stop the application, then swap again.'],
  } as const
}

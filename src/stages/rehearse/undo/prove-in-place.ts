import { FailureError } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { type CatalogSnapshot, differenceOf, readCatalog } from '../../../postgres/catalog.ts'
import { formatMs } from '../../../report/words.ts'
import { forgetSession } from '../../apply/atomic/session.ts'
import { fixedOutputSql } from '../../backup/content/open-reading.ts'
import type { PlannedMigration } from '../../plan/plan.ts'
import { serverErrorOf } from '../trace/server-error.ts'
import { whyReachesOut } from './decide-reach.ts'
import { type Again, decideUndo } from './decide-undo.ts'
import { decideWrittenSince } from './decide-written-since.ts'
import { generateReverse, undoFile } from './generate.ts'
import { inOneTransaction } from './in-one-transaction.ts'
import { type CompareKept, compareKept, filesOf, isTimeout, type KeptRows, keepRows, type Limit } from './kept-rows.ts'
import type { Objects } from './objects.ts'
import { type Pairs, pairUp } from './pairs.ts'
import type { UndoDatabase } from './prove.ts'
import { readObjects } from './read-objects.ts'
import type { RunSession } from './run-file.ts'
import type { Undo, UndoOrigin } from './undo.ts'

/** It ran once, from a state that is known to be the one of now. */
const mostAgainMs = 1_000

/** What is to be proven for one migration. */
export interface WayBackRequest {
  readonly migration: Pick<PlannedMigration, 'name' | 'statements'>
  readonly own: { readonly file: string; readonly sql: string } | undefined
}

interface State {
  readonly catalog: CatalogSnapshot
  readonly objects: Objects
}

interface Begun {
  readonly kept: KeptRows
  readonly run: RunSession
}

/**
 * The way back of each migration, proven on the database that they go on to run on: down and up again in a transaction that is
 * rolled back, so that the next migration meets what it would have met, and no other copy is made. What it cannot show that way,
 * it does not claim.
 */
export class WaysBack implements AsyncDisposable {
  readonly #database: UndoDatabase
  readonly #limit: Limit
  #reading: (Session & AsyncDisposable) | undefined
  #state: State | undefined
  #begun: Begun | undefined
  #run: RunSession | undefined

  constructor(database: UndoDatabase, limit: Limit) {
    this.#database = database
    this.#limit = limit
  }

  /** Right before the migration runs. Whoever catches what this or `after` throws has it forget. */
  async before({ migration, own }: WayBackRequest): Promise<void> {
    if (this.#limit() === undefined) return
    const before = this.#state ?? (await readState(await this.#reader()))
    // Of another moment by then, should anything fail here.
    this.#state = undefined
    const run = await this.#session()
    const wanted = { statements: migration.statements, mayRefill: own !== undefined, limit: this.#limit }
    this.#begun = { kept: await keepRows(run, { ...wanted, before: before.objects }), run }
    this.#state = before
  }

  /** Right after it ran; `upMs`: how long that took. */
  async after(request: WayBackRequest, upMs: number): Promise<Undo> {
    const origin: UndoOrigin =
      request.own === undefined ? { kind: 'generated' } : { kind: 'own', file: request.own.file }
    const [before, begun] = [this.#state, this.#begun]
    this.#begun = undefined
    this.#state = undefined
    if (before === undefined || begun === undefined) return timeOver(origin)
    const { run } = begun
    const up = await readState(await this.#reader())
    this.#state = up
    return await this.#down(run, { request, origin, before, up, kept: begun.kept, upMs })
  }

  async #down(run: RunSession, proving: Omit<Proving, 'pairs'>): Promise<Undo> {
    const { request, origin, before, up } = proving
    const pairs = pairUp(before.objects, up.objects)
    const one = { ...proving, pairs }
    const reverse =
      request.own === undefined
        ? await generateReverse(await this.#reader(), before.objects, { now: up.objects, pairs })
        : undefined
    if (reverse?.kind === 'impossible') return { kind: 'impossible', origin, because: reverse.because }
    const sql = request.own?.sql ?? undoFile(reverse?.statements ?? [])
    const reaches = request.own === undefined ? undefined : whyReachesOut(sql)
    if (reaches !== undefined) {
      const because = `A rehearsal does not run what reaches out of the copy: ${reaches}.`
      return { kind: 'not-proven', origin, because, sql }
    }
    const pieces = inOneTransaction(sql)
    if (pieces.kind === 'refused') {
      const because = `A rehearsal tries the way back in one transaction, and ${pieces.because}; \`airlock undo\` runs it as it is.`
      return { kind: 'not-proven', origin, because, sql }
    }
    const timeoutMs = this.#limit()
    if (timeoutMs === undefined) return timeOver(origin, sql)
    const files = await filesOf(await this.#reader())
    await run.send(`BEGIN; SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`)
    const undo = await this.#inside(run, one, { sql, pieces: pieces.pieces, files }).catch((error: unknown) => {
      if (isTimeout(error)) return timeOver(origin, sql)
      throw error
    })
    await run.send('ROLLBACK')
    return undo
  }

  /** In the transaction that is rolled back. */
  async #inside(run: RunSession, one: Proving, down: Down): Promise<Undo> {
    const { request, origin, before, up } = one
    const { sql, pieces, files } = down
    const failed = await sendAll(run, pieces)
    if (failed !== undefined) return decideUndo({ kind: 'down-failed', origin, sql, ...failed })
    const seen = await looking(run, () => readState(run))
    if ('sqlState' in seen) return decideUndo({ kind: 'down-failed', origin, sql, ...seen })
    const differs = differenceOf(before.catalog, seen.catalog)
    if (differs.added.length + differs.removed.length > 0) return decideUndo({ kind: 'differs', origin, sql, differs })
    const rows = await looking(run, () =>
      compareKept(run, {
        kept: one.kept,
        before: before.objects,
        after: seen.objects,
        up: { tables: new Set(up.objects.tables.map(({ oid }) => oid)), files },
        mayRefill: request.own !== undefined,
      }),
    )
    if ('sqlState' in rows) return decideUndo({ kind: 'down-failed', origin, sql, ...rows })
    return decideUndo({
      kind: 'ran',
      origin,
      sql,
      statements: request.migration.statements,
      before: before.objects,
      after: seen.objects,
      rows,
      writtenSince: decideWrittenSince(one.pairs),
      again: await this.#again(run, one, sql),
    })
  }

  async #again(run: RunSession, { request, up, upMs }: Proving, down: string): Promise<Again> {
    if (down.trim() === '') return { kind: 'not-run', because: 'there is nothing to take back' }
    if (upMs > mostAgainMs) return { kind: 'not-run', because: `it took ${formatMs(upMs)} the first time` }
    const pieces = request.migration.statements.map(({ sql }) => inOneTransaction(sql))
    const refused = pieces.find(({ kind }) => kind === 'refused')
    if (refused?.kind === 'refused') return { kind: 'not-run', because: refused.because }
    const timeoutMs = this.#limit()
    if (timeoutMs === undefined) return { kind: 'not-run', because: 'the time for ways back was over' }
    const failed = await sendAll(
      run,
      pieces.flatMap((one) => (one.kind === 'pieces' ? one.pieces : [])),
    )
    if (failed !== undefined)
      return onlyHere.has(failed.sqlState)
        ? {
            kind: 'not-run',
            because: `in one transaction with the way back it cannot run (SQLSTATE ${failed.sqlState})`,
          }
        : { kind: 'failed', because: failed.because }
    const seen = await looking(run, () => readCatalog(run))
    if ('sqlState' in seen) return { kind: 'failed', because: seen.because }
    return { kind: 'ran', differs: differenceOf(up.catalog, seen) }
  }

  /** As good as new for each migration; what it knows of the catalog is worth keeping. */
  async #session(): Promise<RunSession> {
    if (this.#run === undefined) this.#run = await this.#database.openRun()
    else for (const sql of forgetSession.split('; ')) await this.#run.send(sql)
    return this.#run
  }

  async #reader(): Promise<Session> {
    this.#reading ??= await this.#database.open()
    return this.#reading
  }

  /** What it knows is of another moment by then, and its sessions may be dead or in a transaction. The next migration finds it as new. */
  async forget(): Promise<void> {
    const sessions = [this.#run, this.#reading]
    this.#run = undefined
    this.#reading = undefined
    this.#begun = undefined
    this.#state = undefined
    // One that is dead needs no goodbye.
    await Promise.allSettled(sessions.map((session) => session?.[Symbol.asyncDispose]()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forget()
  }
}

interface Proving {
  readonly request: WayBackRequest
  readonly origin: UndoOrigin
  readonly before: State
  readonly up: State
  readonly kept: KeptRows
  readonly pairs: Pairs
  readonly upMs: number
}

interface Down {
  readonly sql: string
  readonly pieces: readonly string[]
  readonly files: CompareKept['up']['files']
}

/** A new label of an enum before its commit, a table with open triggers, a statement that wants to be alone (manual, appendix A). */
const onlyHere: ReadonlySet<string> = new Set(['55P04', '55006', '25001'])

interface Refused {
  readonly sqlState: string
  readonly because: string
}

async function sendAll(run: RunSession, pieces: readonly string[]): Promise<Refused | undefined> {
  for (const piece of pieces) {
    try {
      await run.send(piece)
    } catch (error) {
      return refusalOf(error, piece)
    }
  }
  return undefined
}

/** What the server says without the values of rows; throws what is none. */
function refusalOf(error: unknown, piece: string): Refused {
  const { sqlState, message } = serverErrorOf(error instanceof FailureError ? error.cause : error)
  if (sqlState === undefined || /^(?:57|08)/.test(sqlState)) throw error
  const at = piece.replaceAll(/^\s*(?:--.*\n\s*)*/g, '').split('\n')[0] ?? ''
  return { sqlState, because: `${message} (SQLSTATE ${sqlState}), at: ${at.slice(0, 120)}` }
}

/** What the session has set stays set: the look is taken back. First everything is checked that COMMIT would check. */
async function looking<Seen>(run: RunSession, look: () => Promise<Seen>): Promise<Seen | Refused> {
  await run.send('SAVEPOINT airlock_look')
  try {
    await run.send('SET CONSTRAINTS ALL IMMEDIATE')
  } catch (error) {
    return refusalOf(error, 'COMMIT')
  }
  await run.send(fixedOutputSql)
  const seen = await look()
  await run.send('ROLLBACK TO airlock_look')
  return seen
}

async function readState(session: Session): Promise<State> {
  return { catalog: await readCatalog(session), objects: await readObjects(session) }
}

function timeOver(origin: UndoOrigin, sql = ''): Undo {
  return { kind: 'not-proven', origin, because: 'It was not tried: the time for ways back was over.', sql }
}

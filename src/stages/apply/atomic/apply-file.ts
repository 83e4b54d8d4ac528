import { randomUUID } from 'node:crypto'
import {
  type AtomicProgress,
  progressText,
  type ResumePoint,
  type SeenBefore,
} from '../../../migrations/atomic-progress.ts'
import {
  type AloneStep,
  type AtomicStep,
  commitsOnTheWay,
  leavesSomething,
  type PlacedText,
  type TransactionStep,
} from '../../../migrations/atomic-steps.ts'
import { asOurselves, type HistoryRecord, type HistoryWriter, onItsOwn } from '../../../migrations/history-record.ts'
import type { Migration } from '../../../migrations/migration.ts'
import type { Sha256 } from '../../../ports.ts'
import { seenBefore, settle } from './evidence.ts'
import { type ApplySession, forgetSession, takeYourTime } from './session.ts'

export interface FileToApply {
  readonly migration: Pick<Migration, 'name' | 'sql' | 'checksum' | 'recordedAs'>
  readonly history: HistoryWriter
  readonly steps: readonly AtomicStep[]
  /** Where an earlier run stopped. */
  readonly resume: ResumePoint | undefined
}

export interface Surroundings {
  readonly session: ApplySession
  readonly sha256: Sha256
  /** Runs a step, again where it was refused and that may help. A step that is refused leaves nothing behind that the next try meets. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>
  readonly onStep: (step: AtomicStep) => void
  /** How long what nobody queues behind may wait for its locks; see gentle.ts. */
  readonly gentleLockTimeoutMs: number
}

/** What the server refused. Everything else that is thrown means that nobody knows. */
export class RefusedStep extends Error {
  readonly piece: PlacedText
  /** Set where something of it may be left, and could not be looked for or taken away. */
  left: SeenBefore | undefined

  constructor(piece: PlacedText, cause: unknown) {
    super('the server refused a step', { cause })
    this.piece = piece
  }

  get sqlState(): string | undefined {
    const { code } = this.cause as { readonly code?: unknown }
    return typeof code === 'string' ? code : undefined
  }
}

export async function applyFile(file: FileToApply, around: Surroundings): Promise<void> {
  if (file.resume === undefined && !commitsOnTheWay(file.steps)) return applyWhole(file, around)
  return new InSteps(file, around).run()
}

/** All or nothing: the row is written in the last transaction that leaves something, and the others leave nothing. */
async function applyWhole({ migration, history, steps }: FileToApply, around: Surroundings): Promise<void> {
  const last = steps.find(leavesSomething)
  // What follows the last of them steers a session that ends here.
  const needed = last === undefined ? steps : steps.slice(0, steps.indexOf(last) + 1)
  const record = history.insertFinished(recordOf(migration, randomUUID()))
  await around.attempt(async () => {
    try {
      for (const step of needed) {
        around.onStep(step)
        if (step.kind !== 'transaction') await sendPiece(around.session, step.piece)
        else if (step === last) await runTransaction(around.session, step, record, forgetSession)
        else await runTransaction(around.session, step, undefined)
      }
      if (last === undefined) await around.session.send(`${onItsOwn(record)}; ${forgetSession}`)
    } catch (error) {
      if (error instanceof RefusedStep) await around.session.send(forgetSession)
      throw error
    }
  })
}

function recordOf({ name, checksum, sql, recordedAs }: FileToApply['migration'], id: string): HistoryRecord {
  return { id, name, checksum, sql, recordedAs }
}

/** `record` is committed with it, `behind` follows when it is. What it refuses is rolled back. */
async function runTransaction(
  session: ApplySession,
  { open, pieces, close }: TransactionStep,
  record: string | undefined,
  behind?: string,
): Promise<void> {
  const recording = record === undefined ? '' : `${asOurselves}; ${record};\n`
  const ending = `${recording}${close}\n${behind === undefined ? '' : `;${behind}`}`
  const [only, ...others] = pieces
  if (only !== undefined && others.length === 0 && open === 'BEGIN') {
    // One message, so that nothing can come between its parts but an error, which takes all of it back.
    const begin = 'BEGIN;'
    const sql = `${begin}${only.sql}\n;${ending}`
    await sendPiece(session, { sql, startByte: only.startByte - begin.length, endByte: only.endByte })
    return
  }
  const first = pieces[0]
  await session.send(open)
  for (const piece of pieces) await sendPiece(session, piece)
  await sendPiece(session, { sql: ending, startByte: pieces.at(-1)?.endByte ?? first?.startByte ?? 0, endByte: 0 })
}

async function sendPiece(session: ApplySession, piece: PlacedText): Promise<void> {
  try {
    await session.send(piece.sql)
  } catch (error) {
    if (!isRefusal(error)) throw error
    await session.send('ROLLBACK')
    throw new RefusedStep(piece, error)
  }
}

/** An error of the server that leaves the session open (manual, appendix A: class 57P ends it, 08 is the connection). */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(57P|08)/.test(code) && code !== '25P04'
}

/** The row is there first and says how far the file came, step by step. */
class InSteps {
  readonly #file: FileToApply
  readonly #around: Surroundings
  readonly #history: HistoryWriter
  readonly #row: HistoryRecord

  constructor(file: FileToApply, around: Surroundings) {
    const { migration, history, resume } = file
    this.#file = file
    this.#around = around
    this.#history = history
    this.#row = recordOf(migration, resume?.rowId ?? randomUUID())
  }

  async run(): Promise<void> {
    const { steps, resume } = this.#file
    const { session } = this.#around
    let done = resume?.doneSteps ?? 0
    if (resume === undefined) await session.send(onItsOwn(this.#history.insertStarted(this.#row, this.#logs(0))))
    for (const { replay } of steps.slice(0, done)) for (const sql of replay) await session.send(sql)
    const next = steps[done]
    if (resume?.begun !== undefined && next?.kind === 'alone' && (await this.#settled(next, done, resume.begun)))
      done += 1
    // What follows the last that leaves something steers a session that ends here.
    for (const step of steps.slice(done, steps.findLastIndex(leavesSomething) + 1)) {
      this.#around.onStep(step)
      await this.#apply(step, done)
      done += 1
    }
    await session.send(`${onItsOwn(this.#history.finish(this.#row))}; ${forgetSession}`)
  }

  async #apply(step: AtomicStep, done: number): Promise<void> {
    const { session, attempt } = this.#around
    try {
      await attempt(async () => {
        if (step.kind === 'session') await sendPiece(session, step.piece)
        else if (step.kind === 'transaction') await runTransaction(session, step, this.#progress(done + 1))
        else await this.#runAlone(step, done)
      })
    } catch (error) {
      if (error instanceof RefusedStep) await this.#stopped(done, error)
      throw error
    }
  }

  async #runAlone(step: AloneStep, done: number): Promise<void> {
    const { session } = this.#around
    const before = await seenBefore(session, step, this.#around.sha256)
    await session.send(onItsOwn(this.#progress(done, before)))
    try {
      await this.#sendAlone(step)
    } catch (error) {
      if (!(error instanceof RefusedStep)) throw error
      // What it left half-way is in the way of the next try, of this run or of another.
      const inForce = await this.#settled(step, done, before).catch(() => undefined)
      if (inForce === true) return
      if (inForce === undefined) error.left = before
      throw error
    }
    await session.send(onItsOwn(this.#progress(done + 1)))
  }

  async #sendAlone({ what, piece }: AloneStep): Promise<void> {
    const { session } = this.#around
    if (!what.includes('CONCURRENTLY')) return sendPiece(session, piece)
    const changed = await takeYourTime(session, this.#around.gentleLockTimeoutMs)
    try {
      await sendPiece(session, piece)
    } finally {
      // A session that is lost has nothing to put back.
      for (const name of changed) await session.send(`RESET ${name}`).catch(() => undefined)
    }
  }

  /** Whether a step that was begun is in force; the row says so from now on. */
  async #settled(step: AloneStep, done: number, before: SeenBefore): Promise<boolean> {
    const { session } = this.#around
    const evidence = await settle(session, step, before)
    if (evidence === 'not-known') throw new Error(`Whether ${step.what} is in force cannot be told.`)
    const inForce = evidence === 'in-force'
    await session.send(onItsOwn(this.#progress(inForce ? done + 1 : done)))
    return inForce
  }

  /** With nothing in force there is nothing to remember; else the row says what the server said, as Prisma would. */
  async #stopped(done: number, { cause, left }: RefusedStep): Promise<void> {
    const nothing = left === undefined && !this.#file.steps.slice(0, done).some(leavesSomething)
    const { code = '', message = '' } = cause as { readonly code?: string; readonly message?: string }
    const said = `Database error code: ${code}\n\nDatabase error:\n${message}`
    const record = nothing
      ? this.#history.forget(this.#row)
      : this.#history.progress(this.#row, `${this.#logs(done, left)}\n\n${said}`)
    await this.#around.session.send(onItsOwn(record))
  }

  #progress(done: number, begun?: SeenBefore): string {
    return this.#history.progress(this.#row, this.#logs(done, begun))
  }

  #logs(done: number, begun?: SeenBefore): string {
    const { migration, steps } = this.#file
    const doneBytes = steps[done - 1]?.endByte ?? 0
    const text = Buffer.from(migration.sql).subarray(0, doneBytes).toString()
    const progress: AtomicProgress = { doneBytes, doneChecksum: this.#around.sha256(text), begun }
    const count = steps.slice(0, done).reduce((sum, step) => sum + step.count, 0)
    const all = steps.reduce((sum, step) => sum + step.count, 0)
    const line = text.split('\n').length
    return progressText(
      progress,
      `Airlock applies this file statement by statement: ${count} of ${all} are in force, up to line ${line}. The next deploy with \`apply: atomic\` goes on behind them.`,
    )
  }
}

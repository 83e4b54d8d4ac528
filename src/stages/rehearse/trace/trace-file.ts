import { fileStatements } from '../../../migrations/execution-statements.ts'
import { transactionRole } from '../../../migrations/execution-transactions.ts'
import type { Statement } from '../../../sql/model.ts'
import type { PlannedMigration } from '../../plan/plan.ts'
import { decideSight, type Left, nothingLeft, nothingSeen, type Sight } from './decide-seen.ts'
import { decideStep, type Here } from './decide-step.ts'
import type { Eyes } from './eyes.ts'
import { isRefusal } from './refusal.ts'
import type { SubjectSession } from './subject.ts'
import type { FileTrace, StatementTrace } from './trace.ts'

export interface StoppedFile {
  readonly statement: Statement
  readonly error: unknown
  /** What its transaction had done before, so that the state that it met can be made again. */
  readonly before: readonly string[]
  readonly beforeMs: number
  /** Refused when the transaction was to end: what the statement did is done, and does not stand. */
  readonly atItsEnd: boolean
}

export interface TracedFile {
  readonly trace: FileTrace
  readonly stopped: StoppedFile | undefined
}

interface Ran extends Omit<StatementTrace, 'locks' | 'index' | 'line' | 'kind' | 'ms'> {
  readonly statement: Statement
  ms: number
  walBytes: number
  readonly locks: Sight['locks']
}

interface Measured {
  readonly rows: number | null
  readonly ms: number
}

const noTransaction: Pick<Here, 'open'> = { open: 'none' }

/** One file, statement by statement, in the transactions that it will have. */
export class FileRun {
  readonly #subject: SubjectSession
  readonly #eyes: Eyes
  readonly #planned: PlannedMigration
  readonly #together: boolean
  readonly #between: (done: number) => Promise<void>
  readonly #ran: Ran[] = []
  #open: Here['open'] = noTransaction.open
  #transaction = -1
  #left: Left = nothingLeft
  #before: string[] = []
  #beforeMs = 0

  constructor(
    subject: SubjectSession,
    eyes: Eyes,
    planned: PlannedMigration,
    together: boolean,
    between: (done: number) => Promise<void>,
  ) {
    this.#subject = subject
    this.#eyes = eyes
    this.#planned = planned
    this.#together = together
    this.#between = between
  }

  async run(): Promise<TracedFile> {
    let stopped: StoppedFile | undefined
    for (const [at, statement] of this.#planned.statements.entries()) {
      stopped = await this.#attempt(statement, () => this.#run(statement))
      if (stopped !== undefined) break
      if (this.#open === 'none') await this.#between(at + 1)
    }
    const last = this.#planned.statements.at(-1)
    if (stopped === undefined && last !== undefined && this.#open !== 'none')
      stopped = await this.#attempt(last, () => this.#endOfFile())
    const statements = this.#ran.map((one) => this.#traced(one))
    const ms = statements.reduce((sum, one) => sum + one.ms, 0)
    return { trace: { migration: this.#planned.name, ms, statements }, stopped }
  }

  async #attempt(statement: Statement, work: () => Promise<void>): Promise<StoppedFile | undefined> {
    try {
      await work()
      return undefined
    } catch (error) {
      if (!isRefusal(error)) throw error
      const atItsEnd = this.#ran.at(-1)?.statement === statement
      if (this.#subject.transaction() !== 'idle') await this.#subject.send('ROLLBACK')
      return { statement, error, before: this.#before, beforeMs: this.#beforeMs, atItsEnd }
    }
  }

  async #run(statement: Statement): Promise<void> {
    const step = decideStep(statement.sql, { open: this.#open, together: this.#together })
    switch (step.kind) {
      case 'never':
        if (this.#open === 'none') this.#begin([])
        this.#add(statement, { rows: null, ms: 0 }, nothingSeen, 0, [`not run: ${step.what}`])
        return
      case 'refused-there':
        await this.#subject.send('ROLLBACK')
        this.#open = 'none'
        this.#begin([])
        await this.#inside(statement)
        return
      case 'of-the-file':
        await this.#subject.send('BEGIN')
        this.#open = 'file'
        this.#begin(['BEGIN'])
        await this.#inside(statement)
        return
      case 'own-transaction':
        await this.#subject.send('BEGIN')
        this.#begin(['BEGIN'])
        await this.#inside(statement)
        await this.#commit()
        return
      case 'as-it-is':
        if (this.#open !== 'none') return this.#inside(statement)
        this.#begin([])
        if (step.because !== undefined) return this.#atRest(statement, step.because)
        await this.#inside(statement)
    }
  }

  #begin(before: readonly string[]): void {
    this.#transaction += 1
    this.#left = nothingLeft
    this.#before = [...before]
    this.#beforeMs = 0
  }

  /** Whatever it is: what the transaction is afterwards, the server says. */
  async #inside(statement: Statement): Promise<void> {
    const measured = await this.#send(statement.sql)
    if (this.#subject.transaction() === 'idle') {
      const wal = await this.#eyes.walSince()
      this.#add(statement, measured, nothingSeen, wal, [])
      this.#open = 'none'
      return
    }
    const chained = endsTransaction(statement.sql)
    if (this.#open === 'none' && this.#before.length === 0) this.#open = 'own'
    if (opensTransaction(statement.sql)) this.#open = 'own'
    const { held, seen, walBytes, notObserved } = await this.#eyes.look(statement, this.#left.held)
    const { sight, left } = decideSight({ statement, old: this.#eyes.old, left: this.#left, held, seen: seen ?? [] })
    this.#left = seen === undefined ? { held: left.held, seen: this.#left.seen } : left
    this.#add(
      statement,
      measured,
      seen === undefined ? { ...nothingSeen, locks: sight.locks } : sight,
      walBytes,
      notObserved,
    )
    this.#before.push(statement.sql)
    this.#beforeMs += measured.ms
    if (chained) this.#begin(['BEGIN'])
  }

  async #atRest(statement: Statement, because: string): Promise<void> {
    const seen = await this.#eyes.watch(statement, because, () => this.#send(statement.sql))
    this.#add(statement, seen.result, seen.sight, seen.walBytes, seen.notObserved)
  }

  /** The end of a transaction that no statement of the file ends: its time is the last statement's. */
  async #commit(): Promise<void> {
    const { ms } = await this.#send('COMMIT')
    this.#open = 'none'
    const last = this.#ran.at(-1)
    if (last === undefined) return
    last.ms += ms
    last.walBytes += await this.#eyes.walSince()
  }

  async #endOfFile(): Promise<void> {
    if (this.#open === 'file') return this.#commit()
    // The plan says that such a file is taken back as a whole when the session ends.
    await this.#subject.send('ROLLBACK')
    this.#open = 'none'
  }

  async #send(sql: string): Promise<Measured> {
    const start = performance.now()
    const { rows } = await this.#subject.send(sql)
    return { rows, ms: performance.now() - start }
  }

  #add(statement: Statement, measured: Measured, sight: Sight, walBytes: number, notObserved: readonly string[]): void {
    this.#ran.push({
      statement,
      ...measured,
      ...sight,
      transaction: this.#transaction,
      walBytes,
      temporaryBytes: this.#eyes.temporaryBytes(),
      notObserved: [...notObserved, ...this.#eyes.neverObserved(statement)],
    })
  }

  #traced({ statement, ms, locks, ...rest }: Ran): StatementTrace {
    const held = this.#ran.filter(
      (other) => other.transaction === rest.transaction && other.statement.index >= statement.index,
    )
    const heldMs = held.reduce((sum, other) => sum + other.ms, 0)
    const { index, kind, range } = statement
    return { index, line: range.line, kind, ms, ...rest, locks: locks.map((lock) => ({ ...lock, heldMs })) }
  }
}

function roleOf(sql: string): string | undefined {
  const statement = fileStatements(sql)[0]
  return statement && transactionRole(statement)
}

function opensTransaction(sql: string): boolean {
  return roleOf(sql) === 'begin'
}

function endsTransaction(sql: string): boolean {
  const role = roleOf(sql)
  return role === 'commit' || role === 'rollback'
}

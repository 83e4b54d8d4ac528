import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import type { LockMode, Statement } from '../../../sql/model.ts'
import { decideSightAtRest, type Sight, strongest } from './decide-seen.ts'
import {
  type Held,
  lookAtLocks,
  lookAtRest,
  lookFromInside,
  lookFromOutside,
  relationsThere,
  type Seen,
  walPosition,
} from './look.ts'
import type { SubjectSession } from './subject.ts'
import { type TemporaryBytes, temporaryFilesUnsaid } from './temporary-bytes.ts'

interface LookedAt {
  readonly held: readonly Held[]
  /** Undefined where looking from inside was not possible, or not needed. */
  readonly seen: readonly Seen[] | undefined
  readonly walBytes: number
  readonly notObserved: readonly string[]
}

interface Server {
  readonly major: number
  readonly walLevel: string
}

const firstPollMs = 1
const longestPollMs = 50

/** Two sessions that look at what the first of them does. */
export class Eyes {
  readonly #subject: SubjectSession
  readonly #witness: Session
  readonly #temporary: TemporaryBytes
  readonly #server: Server
  readonly #unsaid: string | undefined
  #old: ReadonlySet<number> = new Set()
  #walAt = 0
  /** Scans that the session has counted and not handed over, by relation. */
  readonly #counted = new Map<number, number>()
  #mark = -1

  private constructor(
    subject: SubjectSession,
    witness: Session,
    temporary: TemporaryBytes,
    server: Server,
    unsaid: string | undefined,
  ) {
    this.#subject = subject
    this.#witness = witness
    this.#temporary = temporary
    this.#server = server
    this.#unsaid = unsaid
  }

  static async open(subject: SubjectSession, witness: Session, temporary: TemporaryBytes): Promise<Eyes> {
    const [row] = await witness.query<Server>(
      `SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS major, pg_catalog.current_setting('wal_level') AS "walLevel"`,
    )
    if (row === undefined) throw new Error('The server does not say what it is')
    return new Eyes(subject, witness, temporary, row, await temporaryFilesUnsaid(subject))
  }

  /** What was there before the migration. */
  get old(): ReadonlySet<number> {
    return this.#old
  }

  async newFile(): Promise<void> {
    this.#old = await relationsThere(this.#witness)
    this.#walAt = await walPosition(this.#witness)
    this.#temporary.since()
  }

  temporaryBytes(): number {
    return this.#temporary.since()
  }

  neverObserved({ sql }: Statement): readonly string[] {
    const steered = /\bclient_min_messages\b|\blog_temp_files\b/i.test(sql)
    const temporary = steered ? 'temporaryBytes: the statement changes what the server says of them' : this.#unsaid
    return [
      ...(temporary === undefined ? [] : [temporary]),
      ...(this.#server.walLevel === 'minimal'
        ? ['walBytes: wal_level is minimal on this server, and new files are not written to it']
        : []),
    ]
  }

  async walSince(): Promise<number> {
    return this.#moveWal(await walPosition(this.#witness))
  }

  #moveWal(position: number): number {
    const bytes = position - this.#walAt
    this.#walAt = position
    return bytes
  }

  /** Behind a statement, in its transaction. */
  async look({ kind }: Statement, heldBefore: ReadonlyMap<number, LockMode>): Promise<LookedAt> {
    // SET TRANSACTION is refused once something was asked, and neither takes a lock.
    if (kind === 'VariableSetStmt' || kind === 'VariableShowStmt' || kind === 'ConstraintsSetStmt')
      return { held: asHeld(heldBefore), seen: undefined, walBytes: 0, notObserved: [] }
    try {
      const { held, walPosition: position } = await lookFromOutside(this.#witness, this.#subject.pid)
      const walBytes = this.#moveWal(position)
      const seen =
        kind === 'LockStmt' || held.length === 0 ? undefined : await this.#lookInside(held.map(({ oid }) => oid))
      return { held, seen, walBytes, notObserved: [] }
    } catch (thrown) {
      if (!isBlocked(thrown)) throw thrown
      const notObserved = ['locks, rewrites, scans, indexes: the catalog itself is locked until the transaction ends']
      return { held: asHeld(heldBefore), seen: undefined, walBytes: 0, notObserved }
    }
  }

  /** With the scans since the last look. */
  async #lookInside(oids: readonly number[]): Promise<readonly Seen[]> {
    const { seen, mark } = await lookFromInside(this.#subject, oids)
    if (mark <= this.#mark) this.#counted.clear()
    this.#mark = mark
    return seen.map((one) => {
      const scans = one.scans - (this.#counted.get(one.oid) ?? 0)
      this.#counted.set(one.oid, one.scans)
      return { ...one, scans }
    })
  }

  /** Around a statement that no transaction of ours can hold open. */
  async watch<Result>(
    { kind, sql, effects }: Statement,
    because: string,
    run: () => Promise<Result>,
  ): Promise<{
    readonly result: Result
    readonly sight: Sight
    readonly walBytes: number
    readonly notObserved: readonly string[]
  }> {
    const names = [
      ...new Set([...effects.locks.map(({ relation }) => relation), ...effects.rewrites, ...effects.scans]),
    ]
    await this.#flushStatistics()
    const before = await lookAtRest(this.#witness, names, [])
    const { result, polled } = await this.#poll(run)
    await this.#flushStatistics()
    const after = await lookAtRest(this.#witness, names, [...polled.keys()])
    // What it scanned is not to be counted to the next one.
    await this.#lookInside([...after.map(({ oid }) => oid)])
    const sight = decideSightAtRest({ kind, sql }, this.#old, polled, { before, after })
    const late = this.#server.major < 15
    return {
      result,
      sight: late ? { ...sight, scans: [] } : sight,
      walBytes: await this.walSince(),
      notObserved: [
        `locks: ${because}, so they were looked for every few milliseconds while it ran; one that was held for less can be missing`,
        ...(effects.unknown ? [`rewrites, scans: ${because}, and which relations it would touch was not known`] : []),
        ...(late
          ? [`scans: ${because}, and PostgreSQL ${this.#server.major} counts them only half a second later`]
          : []),
      ],
    }
  }

  /** From 15 on a session can be told to hand its statistics over as soon as it is idle (manual, 27.2.27). */
  async #flushStatistics(): Promise<void> {
    if (this.#server.major >= 15) await this.#subject.query('SELECT pg_catalog.pg_stat_force_next_flush()')
  }

  async #poll<Result>(
    run: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly polled: ReadonlyMap<number, LockMode> }> {
    const polled = new Map<number, LockMode>()
    const over = new AbortController()
    const running = run().finally(() => over.abort())
    const polling = this.#pollUntil(over.signal, polled)
    // One that fails ends the other: neither may go on unheard.
    const [result, polls] = await Promise.allSettled([running, polling])
    if (result.status === 'rejected') throw result.reason
    if (polls.status === 'rejected') throw polls.reason
    return { result: result.value, polled }
  }

  async #pollUntil(over: AbortSignal, polled: Map<number, LockMode>): Promise<void> {
    for (let pauseMs = firstPollMs; !over.aborted; pauseMs = Math.min(pauseMs * 1.2, longestPollMs)) {
      for (const { oid, mode } of await lookAtLocks(this.#witness, this.#subject.pid)) {
        const known = polled.get(oid)
        polled.set(oid, known === undefined ? mode : strongest([known, mode]))
      }
      await sleep(pauseMs)
    }
  }
}

function asHeld(held: ReadonlyMap<number, LockMode>): readonly Held[] {
  return [...held].map(([oid, mode]) => ({ oid, modes: [mode], committed: null }))
}

function isBlocked(thrown: unknown): boolean {
  return thrown instanceof FailureError && thrown.failure.code === 'DATABASE.BLOCKED'
}

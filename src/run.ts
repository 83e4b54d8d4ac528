import { cancellation, isCancellation } from './cancellation.ts'
import { FailureError } from './errors.ts'
import type { RunResult, StageName, StageOutcome, StageRecord } from './result.ts'

/** What happens during a run, for whoever shows it. */
export type RunEvent =
  | { readonly kind: 'stage-started'; readonly stage: StageName }
  | { readonly kind: 'stage-ended'; readonly record: StageRecord }
  | { readonly kind: 'progress'; readonly text: string }

export interface StageReport {
  readonly outcome: StageOutcome
  readonly summary: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/** What a result says of itself however the run ends, as far as the run got. */
export type Known = Partial<
  Pick<RunResult, 'target' | 'digest' | 'migrations' | 'applied' | 'findings' | 'allowed' | 'backup' | 'rehearsal'>
>

/** The thread through all stages: records what each one came to, tells the progress display, carries the cancel signal. */
export class Run {
  readonly startedAt = new Date()
  readonly signal: AbortSignal
  readonly #emit: (event: RunEvent) => void
  readonly #records: StageRecord[] = []
  readonly #notices: string[] = []
  #known: Known = {}

  constructor(emit: (event: RunEvent) => void, signal: AbortSignal) {
    this.#emit = emit
    this.signal = signal
  }

  get records(): readonly StageRecord[] {
    return this.#records
  }

  get notices(): readonly string[] {
    return this.#notices
  }

  get known(): Known {
    return this.#known
  }

  /** For the result of a run that ends with a failure: what it says then is what is known until then. */
  learn(known: Known): void {
    this.#known = { ...this.#known, ...known }
  }

  /** Something worth knowing that stops nobody. It stands in the result, because progress is gone when the run is over. */
  notice(text: string): void {
    if (!this.#notices.includes(text)) this.#notices.push(text)
  }

  progress(text: string): void {
    this.#emit({ kind: 'progress', text })
  }

  /**
   * Runs one stage. `describe` says in one line what it came to; whatever it throws is recorded as `fail` and goes on up.
   * `to-its-end`: what was begun has to be looked at and put in order, whether or not somebody wants the run to stop.
   */
  async stage<Value>(
    name: StageName,
    work: () => Promise<Value>,
    describe: (value: Value) => StageReport,
    how: 'cancellable' | 'to-its-end' = 'cancellable',
  ): Promise<Value> {
    const cancellable = how === 'cancellable'
    if (cancellable) this.throwIfCancelled()
    const startedAt = performance.now()
    this.#emit({ kind: 'stage-started', stage: name })
    try {
      const value = await work()
      this.#end(name, startedAt, describe(value))
      return value
    } catch (error) {
      const cancelled = cancellable && this.signal.aborted
      const summary = cancelled ? 'cancelled' : error instanceof FailureError ? error.failure.what : 'ended by a bug'
      this.#end(name, startedAt, { outcome: 'fail', summary })
      if (cancelled && !isCancellation(error)) throw cancellation(error)
      throw error
    }
  }

  /** For work of another stage inside of one: what it tells is told here, and its stages and notices are nobody's. */
  beside(prefix: string): Run {
    return new Run((event) => {
      if (event.kind === 'progress') this.progress(`${prefix}${event.text}`)
    }, this.signal)
  }

  /** A stage that did not run says so: a reader must never take silence for a pass. */
  skip(name: StageName, why: string): void {
    this.#end(name, performance.now(), { outcome: 'skipped', summary: `not checked: ${why}` })
  }

  throwIfCancelled(): void {
    if (this.signal.aborted) throw cancellation()
  }

  #end(name: StageName, startedAt: number, report: StageReport): void {
    const ms = Math.round(performance.now() - startedAt)
    const record = { name, outcome: report.outcome, ms, summary: report.summary, detail: report.detail ?? {} }
    this.#records.push(record)
    this.#emit({ kind: 'stage-ended', record })
  }
}

import type { Config, Policy } from './config.ts'
import type { Invocation } from './invocation.ts'
import type { Redactor } from './redact.ts'
import type { Run } from './run.ts'

/** What every command has at hand: what was asked, the policy that applies, and the thread of this run. */
export interface Context {
  readonly run: Run
  readonly runId: string
  readonly invocation: Invocation
  readonly config: Config
  readonly policy: Policy
  readonly redactor: Redactor
  readonly version: string
  /** The bundled schema engine, for `prisma: { engine: wasm }`. */
  readonly schemaEnginePath: string
  /** The bundled thread that reads a long history ahead. */
  readonly readAheadPath: string
  /** Tells people outside that a deploy begins; never awaited, never fails. */
  readonly announce: (event: DeployStarted) => void
}

export interface DeployStarted {
  readonly target: { readonly host: string; readonly database: string }
  readonly pending: readonly string[]
}

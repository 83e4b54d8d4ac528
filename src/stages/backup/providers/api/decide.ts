import type { FailureCode } from '../../../../errors.ts'

/** What an answer of a provider’s API means, and whether the question may be put again. Pure. */

export type Heard =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | null }
  /** Nothing came back; `sent` where the question may have arrived all the same. */
  | { readonly kind: 'network'; readonly sent: boolean }

export interface Question {
  /** One that changes nothing, or that may safely be carried out twice. */
  readonly repeatable: boolean
}

const firstDelayMs = 500
const longestDelayMs = 15_000
/** Longer than any provider here asks for; one that wants more is told in the failure. */
const longestAskedForMs = 60_000

/** 423 and 503 and 429 say that nothing was done (Neon’s API description, `GeneralError`). */
const nothingDone: ReadonlySet<number> = new Set([423, 429, 503])
const passing: ReadonlySet<number> = new Set([408, 423, 429, 500, 502, 503, 504])

export function mayAskAgain(heard: Heard, { repeatable }: Question): boolean {
  if (heard.kind === 'network') return repeatable || !heard.sent
  return passing.has(heard.status) && (repeatable || nothingDone.has(heard.status))
}

/** Whether the question may have been carried out although it failed. */
export function mayHaveHappened(heard: Heard): boolean {
  return heard.kind === 'network' ? heard.sent : heard.status >= 500 && !nothingDone.has(heard.status)
}

/** Before the question number `asked + 1`; undefined when the time is over by then. `random` from 0 to 1. */
export function delayBeforeNext(
  heard: Heard,
  asked: number,
  random: number,
  leftMs: number,
  now: Date,
): number | undefined {
  const jittered = random * Math.min(longestDelayMs, firstDelayMs * 2 ** asked)
  const wanted = heard.kind === 'status' ? askedFor(heard.retryAfter, now) : 0
  const delay = Math.round(Math.max(jittered, Math.min(wanted, longestAskedForMs)))
  return delay < leftMs ? delay : undefined
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function askedFor(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime())
}

export function codeFor(heard: Heard): FailureCode {
  if (heard.kind === 'network') return 'PROVIDER.UNREACHABLE'
  const { status } = heard
  if (status === 401 || status === 403) return 'PROVIDER.CREDENTIALS'
  if (status === 423) return 'PROVIDER.NOT_READY'
  if (status === 408 || status === 429 || status >= 500) return 'PROVIDER.UNREACHABLE'
  return status >= 400 ? 'PROVIDER.REFUSED' : 'PROVIDER.UNEXPECTED'
}

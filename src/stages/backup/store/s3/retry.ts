/** When a request is sent again, and after how long. Pure. */

export const maxAttempts = 6
const firstDelayMs = 200
const longestDelayMs = 10_000
const longestWaitAskedForMs = 30_000

export type Outcome =
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly retryAfter: string | undefined }
  | { readonly kind: 'network'; readonly errno: string }

/** Answers that may be different next time: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const passingCodes: ReadonlySet<string> = new Set([
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'TooManyRequests',
])
const passingErrnos: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'HPE_INVALID_CONSTANT',
])

export function isPassing(outcome: Outcome): boolean {
  if (outcome.kind === 'network') return passingErrnos.has(outcome.errno)
  return [408, 429, 500, 502, 503, 504].includes(outcome.status) || passingCodes.has(outcome.code)
}

/** `attempt` counts from 1; `random` from 0 to 1. Full jitter, so that many who failed together do not come back together. */
export function delayBeforeNext(outcome: Outcome, attempt: number, random: number): number | undefined {
  if (attempt >= maxAttempts || !isPassing(outcome)) return undefined
  const asked = outcome.kind === 'status' && /^\d+$/.test(outcome.retryAfter ?? '') ? Number(outcome.retryAfter) : 0
  const jittered = random * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
  return Math.max(Math.min(asked * 1_000, longestWaitAskedForMs), Math.round(jittered))
}

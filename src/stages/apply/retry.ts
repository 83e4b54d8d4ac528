/** Of airlock.yml: `retry`. */
export interface RetryPolicy {
  /** The first one counts. */
  readonly attempts: number
  /** Milliseconds for all attempts and the waiting between them. */
  readonly budget: number
}

export type RetryDecision =
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'stop'; readonly because: string }

/** What another moment may cure (manual, appendix A). Anything else fails the same way again. */
const passing: ReadonlyMap<string, string> = new Map([
  ['55P03', 'a lock was not free in time'],
  ['40P01', 'it and another session waited for each other'],
  ['40001', 'another transaction changed what it had read'],
])

const firstWaitMs = 500
const longestWaitMs = 15_000

/** After a migration of which nothing took effect: is it tried again, and after how long. Half of the wait is chance, so that two deploys do not meet again. */
export function decideRetry(
  failed: { readonly sqlState: string | undefined; readonly cancelledByWatchdog: boolean },
  soFar: { readonly attempts: number; readonly spentMs: number },
  policy: RetryPolicy,
  random: () => number,
): RetryDecision {
  if (!failed.cancelledByWatchdog && !passing.has(failed.sqlState ?? ''))
    return { kind: 'stop', because: 'another attempt would fail the same way' }
  if (soFar.attempts >= policy.attempts)
    return { kind: 'stop', because: `${soFar.attempts} of ${policy.attempts} attempts are made` }
  const waitMs = Math.min(firstWaitMs * 2 ** (soFar.attempts - 1), longestWaitMs)
  const afterMs = Math.round(waitMs * (0.5 + 0.5 * random()))
  if (soFar.spentMs + afterMs >= policy.budget)
    return { kind: 'stop', because: `the ${policy.budget / 1_000} s for all attempts are over` }
  return { kind: 'again', afterMs }
}

/** In words, for the log. */
export function whyAgain(sqlState: string | undefined): string {
  return passing.get(sqlState ?? '') ?? `SQLSTATE ${sqlState ?? 'not known'}`
}

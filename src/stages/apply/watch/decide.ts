import type { Policy } from '../../../config.ts'
import { formatMs } from '../../../report/words.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ApplyingSession } from './observation.ts'

/** Why the watchdog ended a statement of ours. */
export interface Cancelled {
  /** `waiting`: for a lock, which another moment may give. `holding`: it worked, and would take as long again. */
  readonly while: 'waiting' | 'holding'
  readonly because: string
}

export type QueuePolicy = Pick<Policy, 'queue' | 'lock-timeout'>

/**
 * The promise is about the application: no query of it waits longer for us than for one lock, whatever our part in that is.
 * So what works under a lock gives way as well as what waits for one. `mayHold`: this migration was said to hold its
 * locks for long, and somebody agreed to that.
 */
export function decideCancel(session: ApplyingSession, policy: QueuePolicy, mayHold: boolean): Cancelled | undefined {
  const { queued, queuedMs, waitingMs } = session
  if (queued === 0 || queuedMs < longestQueueMs(policy)) return undefined
  const who = queued === 1 ? 'a session' : `${queued} sessions`
  const because = `${who} of the application waited for it, ${formatMs(queuedMs)} by then`
  if (waitingMs !== null) return { while: 'waiting', because }
  // Its lock lets the application read and write; ended half-way it leaves an invalid index behind.
  if (mayHold || isConcurrent(session.query)) return undefined
  return { while: 'holding', because }
}

/** The whole message: what merely has the word in a comment, or other statements around it, works under its locks. */
function isConcurrent(query: string): boolean {
  const text = query
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .trim()
    .replace(/;$/, '')
  return (
    !text.includes(';') &&
    /^(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|REINDEX\b[^']*\bCONCURRENTLY|ALTER\s+TABLE\b[^']*\bDETACH\s+PARTITION\b[^']*\bCONCURRENTLY$)/i.test(
      text,
    )
  )
}

export function longestQueueMs(policy: QueuePolicy): number {
  return policy.queue.longest ?? policy['lock-timeout']
}

/** Whether the application may wait while this migration works: by the policy, or by who approved it as a long lock. */
export function mayHoldLocks(migration: string | undefined, plan: Plan, policy: Policy): boolean {
  switch (policy.queue['while-holding']) {
    case 'allow':
      return true
    case 'cancel':
      return false
    case 'unless-approved':
      return (
        policy['require-approval'].includes('long-lock') &&
        plan.risks.some((risk) => risk.reason === 'long-lock' && risk.migration === migration)
      )
  }
}

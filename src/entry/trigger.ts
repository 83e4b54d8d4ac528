import type { GithubContext } from '../github/context.ts'
import type { Trigger } from '../stages/gate/decide.ts'

/** `workflow_dispatch` is the event of a person who pressed a button; everything else was caused by something that happened. */
export function triggerOf(github: GithubContext): Trigger {
  if (github.kind === 'elsewhere') return { kind: 'terminal', attempt: 1 }
  return { kind: github.eventName === 'workflow_dispatch' ? 'manual' : 'automatic', attempt: github.runAttempt }
}

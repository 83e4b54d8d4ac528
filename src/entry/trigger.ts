import type { GithubContext } from '../github/context.ts'
import type { Trigger } from '../stages/gate/decide.ts'

/** Caused by something that only people with write access, or the clock, can do. */
const automatic: ReadonlySet<string> = new Set([
  'create',
  'deployment',
  'deployment_status',
  'merge_group',
  'push',
  'registry_package',
  'release',
  'schedule',
  'workflow_run',
])

/** Somebody pressed a button, or a program did it through GitHub's API. */
const byHand: ReadonlySet<string> = new Set(['workflow_dispatch', 'repository_dispatch'])

/** Any other event can be caused by somebody who may not deploy: a pull request, a comment, an issue. */
export function triggerOf(github: GithubContext): Trigger {
  if (github.kind === 'elsewhere') return { kind: 'terminal', attempt: 1 }
  const { eventName, runAttempt: attempt } = github
  if (byHand.has(eventName)) return { kind: 'manual', attempt }
  return automatic.has(eventName) ? { kind: 'automatic', attempt } : { kind: 'outsider', attempt, eventName }
}

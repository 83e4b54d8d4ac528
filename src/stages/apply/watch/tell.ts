import type { Context } from '../../../context.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'
import { describeSession } from './describe.ts'
import type { ApplyingSession } from './observation.ts'

const atLeastEveryMs = 10_000
const atMostEveryMs = 1_000

/** What the log says of a session, no more often than a reader can follow. */
export function tellerOf(
  { run, redactor }: Pick<Context, 'run' | 'redactor'>,
  now: () => number = Date.now,
): (seen: ApplyingSession, when: 'if-new' | 'now') => void {
  let statement = ''
  let told = new Set<string>()
  let lastAt = now()
  return (seen, when) => {
    const { key, text } = describeSession(seen)
    if (statement !== `${seen.pid} ${seen.queryStart}`) {
      statement = `${seen.pid} ${seen.queryStart}`
      told = new Set()
    }
    // A statement that simply works is told by the clock; who comes and goes in a queue is told once.
    const worthIt = seen.waitingMs !== null || seen.queued > 0 || seen.progress !== null
    const soon = now() - lastAt < atMostEveryMs && told.size > 0
    const isNew = worthIt && !told.has(key) && !soon
    if (when !== 'now' && !isNew && now() - lastAt < atLeastEveryMs) return
    told.add(key)
    lastAt = now()
    run.progress(withoutRowValues(redactor.text(text)))
  }
}

import type { DeployStarted } from '../context.ts'
import type { GithubContext } from '../github/context.ts'
import type { Invocation } from '../invocation.ts'
import type { Redactor } from '../redact.ts'
import type { RunResult } from '../result.ts'
import type { NotifyEvent, RunFacts } from './event.ts'
import { createSlack, describeDelivery } from './slack.ts'

/** The messages of a deploy: one when it begins, one when it is over. Other commands tell nobody. */
export interface DeployMessages {
  started(event: DeployStarted): void
  /** Lines for the log on what became of the messages. */
  ended(result: RunResult): Promise<readonly string[]>
}

export function slackFrom(invocation: Invocation, redactor: Redactor, github: GithubContext): DeployMessages {
  const url = invocation.slackWebhookUrl ?? ''
  if (url === '' || invocation.command !== 'deploy') return { started: () => undefined, ended: async () => [] }
  const slack = createSlack(url, { redactor })
  const run = (target: RunFacts['target'], digest?: string): RunFacts => ({
    environment: invocation.environment,
    target,
    digest,
    ...(github.kind === 'elsewhere'
      ? {}
      : { repository: github.repository, ref: github.ref, actor: github.triggeringActor, runUrl: github.runUrl }),
  })
  return {
    started: ({ target, pending }) => slack.tell({ kind: 'started', run: run(target), migrations: pending }),
    async ended(result) {
      const event = endedEvent(result, run(result.target, result.digest))
      if (event !== undefined) slack.tell(event)
      return (await slack.flush()).map(describeDelivery)
    },
  }
}

/** Nothing pending is the most common run of all and no news. */
export function endedEvent(result: RunResult, run: RunFacts): NotifyEvent | undefined {
  const { outcome, reasonCode, next, failure } = result
  const migrations = result.migrations.map((migration) => migration.name)
  const ended = { run, migrations, reasonCode, reason: failure?.what ?? result.reason, next }
  switch (outcome) {
    case 'nothing-pending':
    case 'clear':
    case 'done':
      return undefined
    case 'applied':
      return {
        kind: 'applied',
        run,
        migrations: result.applied,
        ms: result.ms,
        backup: result.backup?.tier,
        notChecked: result.stages.filter((stage) => stage.outcome === 'skipped').map((stage) => stage.name),
      }
    case 'needs-approval':
    case 'blocked':
    case 'refused':
      return { kind: 'refused', ...ended }
    case 'failed':
    case 'recovered':
    case 'needs-human':
      return { kind: outcome, ...ended }
  }
}

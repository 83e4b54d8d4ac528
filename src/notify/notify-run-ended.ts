import { setSecret } from '@actions/core'
import { z } from 'zod'
import { toWorkflowCommand } from '../github/annotations.ts'
import { type Environment, readContext } from '../github/context.ts'
import { maskSecrets } from '../github/masking.ts'
import type { RunFacts } from './event.ts'
import { runEnded } from './run-ended.ts'
import { createSlack, describeDelivery } from './slack.ts'

/** The inputs of notify/action.yml. A contract test compares the two. */
export const notifyInputs = z.object({
  'slack-webhook-url': z.string(),
  environment: z.string(),
  needs: z.string(),
})

/**
 * The whole of `airlock-deploy/airlock/notify`. It never fails: the deploy is over, and a red notify job would hide how
 * it ended.
 */
export async function notifyRunEnded(
  env: Environment,
  print: (line: string) => void,
  mask: (value: string) => void = setSecret,
): Promise<void> {
  const inputs = notifyInputs.safeParse(json(env.AIRLOCK_INPUTS))
  if (!inputs.success) return print(warning('AIRLOCK_INPUTS is not the inputs of notify/action.yml'))
  const { 'slack-webhook-url': url, environment, needs } = inputs.data
  maskSecrets([url], mask)

  const ended = runEnded(needs, runFacts(env, environment))
  if (ended.kind === 'nothing-to-tell') return print(`Nothing to tell: ${ended.because}.`)
  if (url.trim() === '') return print('Slack was not told: no slack-webhook-url was given.')

  const slack = createSlack(url)
  slack.tell(ended.event)
  for (const delivery of await slack.flush()) {
    const line = describeDelivery(delivery)
    print(delivery.kind === 'told' ? line : warning(line))
  }
}

function runFacts(env: Environment, environment: string): RunFacts {
  try {
    const context = readContext(env)
    if (context.kind === 'elsewhere') return { environment }
    const { repository, ref, triggeringActor, runUrl } = context
    return { environment, repository, ref, actor: triggeringActor, runUrl }
  } catch {
    // A message with fewer facts is better than none; the deploy itself refuses such a runner.
    return { environment }
  }
}

function warning(message: string): string {
  return toWorkflowCommand({ severity: 'warning', title: 'Airlock: Slack', message })
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

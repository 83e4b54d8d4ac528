import { z } from 'zod'
import type { NotifyEvent, RunFacts } from './event.ts'

/**
 * What the last job of a workflow has to say: only what the program itself could not. A deploy that came to its end told
 * Slack itself and left its outcome; a plan tells nobody; a job that was cancelled or rejected could not speak.
 */

export type RunEnded =
  | { readonly kind: 'nothing-to-tell'; readonly because: string }
  | { readonly kind: 'tell'; readonly event: NotifyEvent }

const results = ['success', 'failure', 'cancelled', 'skipped'] as const
const job = z.object({
  result: z.enum(results),
  outputs: z.record(z.string(), z.string()).default({}),
})
const needsSchema = z.object({ plan: job.optional(), deploy: job })
type Job = z.infer<typeof job>

/** `needs` is `toJSON(needs)` of a job that waits for `deploy` and, where there is one, `plan`. */
export function runEnded(needs: string, run: RunFacts): RunEnded {
  const jobs = parse(needs)
  if (jobs === undefined) {
    return tell(unreported(run, 'The results of the jobs could not be read, so how the run ended is not known.'))
  }
  const { plan, deploy } = jobs
  const deployed = deploy.outputs.outcome ?? ''
  if (deployed !== '') return nothing(`the deploy reported \`${deployed}\` itself`)
  if (deploy.result !== 'skipped') return tell(unreported(run, deploySilence(deploy)))
  if (plan === undefined) return tell(unreported(run, 'The deploy job was skipped.'))

  const planned = plan.outputs.outcome ?? ''
  if (plan.result === 'success' && planned === 'nothing-pending') return nothing('nothing was pending')
  return tell(fromPlan(plan, planned, { ...run, digest: plan.outputs.digest || run.digest }))
}

function fromPlan(plan: Job, outcome: string, run: RunFacts): NotifyEvent {
  const reasonCode = plan.outputs['reason-code'] || outcome
  const ended = { run, migrations: [], reasonCode }
  switch (outcome) {
    case 'needs-approval':
      return {
        ...ended,
        kind: 'refused',
        reason: 'The plan can lose data and was not approved. Nothing was changed.',
        next: [
          'Read the plan in the summary of the run.',
          `To go on, start the workflow by hand on the same ref with confirm = CONFIRM and approve = ${plan.outputs.digest || 'the digest in the summary'}.`,
        ],
      }
    case 'blocked':
    case 'refused':
      return {
        ...ended,
        kind: 'refused',
        reason: 'The plan was refused. Nothing was changed.',
        next: ['Read the reason and what to do instead in the summary of the run.'],
      }
    case 'failed':
      return {
        ...ended,
        kind: 'failed',
        reason: 'The plan could not be made. Nothing was changed.',
        next: ['Read the failure and its next steps in the summary of the run.'],
      }
    default:
      return unreported(run, `The plan job ended as \`${plan.result}\` and the deploy job did not start.`)
  }
}

function deploySilence({ result }: Job): string {
  return result === 'cancelled'
    ? 'The deploy job was cancelled before it could report.'
    : `The deploy job ended as \`${result}\` without a report: a reviewer rejected it, a step before the deploy failed, or the runner was lost.`
}

function unreported(run: RunFacts, reason: string): NotifyEvent {
  return {
    kind: 'unreported',
    run,
    migrations: [],
    reasonCode: 'unreported',
    reason,
    next: [
      'Open the run and see which step it ended in.',
      'If the deploy step had started, compare the database with the migrations: airlock verify',
    ],
  }
}

function parse(needs: string): z.infer<typeof needsSchema> | undefined {
  try {
    return needsSchema.safeParse(JSON.parse(needs)).data
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

function nothing(because: string): RunEnded {
  return { kind: 'nothing-to-tell', because }
}

function tell(event: NotifyEvent): RunEnded {
  return { kind: 'tell', event }
}

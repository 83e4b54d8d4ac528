import { fail } from '../errors.ts'

/** What the runner says about the run, read once. */
export interface WorkflowRun {
  readonly kind: 'workflow-run'
  readonly eventName: string
  readonly actor: string
  /** Who started this attempt: differs from `actor` when somebody else re-runs it. */
  readonly triggeringActor: string
  readonly repository: string
  readonly ref: string
  readonly sha: string
  readonly workflow: string
  readonly runId: string
  /** Above 1 the run is a repetition, with the inputs that were typed for the first attempt. */
  readonly runAttempt: number
  readonly runUrl: string
}

export type GithubContext = WorkflowRun | { readonly kind: 'elsewhere' }

export type Environment = Readonly<Record<string, string | undefined>>

/** Inside a workflow a missing variable is a failure: the approval rules rest on the event and the attempt. */
export function readContext(env: Environment): GithubContext {
  return env.GITHUB_ACTIONS === 'true' ? readWorkflowRun(env) : { kind: 'elsewhere' }
}

/** The action runs nowhere else: without this variable nobody would be asked for CONFIRM. */
export function readContextOfAction(env: Environment): WorkflowRun {
  if (env.GITHUB_ACTIONS !== 'true') throw incomplete('GITHUB_ACTIONS', 'is not `true`')
  return readWorkflowRun(env)
}

function readWorkflowRun(env: Environment): WorkflowRun {
  const read = (name: string): string => {
    const value = env[name]
    if (value === undefined || value === '') throw incomplete(name, 'is not set')
    return value
  }
  const attempt = read('GITHUB_RUN_ATTEMPT')
  if (!/^[1-9]\d*$/.test(attempt)) throw incomplete('GITHUB_RUN_ATTEMPT', `is \`${attempt}\`, not a number`)

  const actor = read('GITHUB_ACTOR')
  const repository = read('GITHUB_REPOSITORY')
  const runId = read('GITHUB_RUN_ID')
  return {
    kind: 'workflow-run',
    eventName: read('GITHUB_EVENT_NAME'),
    actor,
    triggeringActor: env.GITHUB_TRIGGERING_ACTOR || actor,
    repository,
    ref: read('GITHUB_REF'),
    sha: read('GITHUB_SHA'),
    workflow: env.GITHUB_WORKFLOW ?? '',
    runId,
    runAttempt: Number(attempt),
    runUrl: `${env.GITHUB_SERVER_URL || 'https://github.com'}/${repository}/actions/runs/${runId}/attempts/${attempt}`,
  }
}

function incomplete(name: string, problem: string) {
  return fail('GITHUB.CONTEXT_INCOMPLETE', {
    what: `${name} ${problem}.`,
    why: 'Whether a run is manual or a repetition decides what it may do, and only the runner can say it.',
    next: [
      'Run Airlock in a workflow step of GitHub Actions, which sets this variable.',
      'On any other machine unset GITHUB_ACTIONS and use the `airlock` command.',
    ],
  })
}

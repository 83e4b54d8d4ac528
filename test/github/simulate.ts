import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { actionFolder, pathWithNode, runComposite, startScript } from './composite.ts'
import { holds, interpolate, type Scope } from './expressions.ts'
import { actionYaml, type JobYaml, type StepYaml, textFile, type WorkflowYaml } from './workflow-files.ts'

/** A workflow from its first job to its last, with Airlock replaced by a program that answers what the scenario says. */

export interface Answer {
  readonly exit: number
  readonly outputs: Readonly<Record<string, string>>
}

export interface Scenario {
  readonly event: 'release' | 'workflow_dispatch' | 'push'
  readonly attempt?: number
  readonly inputs?: Readonly<Record<string, unknown>>
  /** By environment; `''` for those of the repository. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly answers: Readonly<Partial<Record<'plan' | 'deploy', Answer | 'cancelled' | 'rejected'>>>
}

/** One start of the program: what it was told to do and what it saw. */
export interface Call {
  readonly job: string
  readonly argv: readonly string[]
  readonly inputs: Readonly<Record<string, string>> | undefined
  readonly env: Readonly<Record<string, string>>
}

export interface Simulation {
  readonly jobs: Readonly<
    Record<string, { readonly result: string; readonly outputs: Readonly<Record<string, string>> }>
  >
  readonly calls: readonly Call[]
  readonly log: string
}

const recordingProgram = `
import { appendFileSync } from 'node:fs'
const { AIRLOCK_INPUTS, ...env } = process.env
const inputs = AIRLOCK_INPUTS === undefined ? undefined : JSON.parse(AIRLOCK_INPUTS)
appendFileSync(process.env.RECORD, JSON.stringify({ job: process.env.GITHUB_JOB, argv: process.argv.slice(2), inputs, env }) + '\\n')
const answer = process.argv.length > 2 ? undefined : JSON.parse(process.env.ANSWERS)[inputs.command]
for (const [name, value] of Object.entries(answer?.outputs ?? {})) {
  appendFileSync(process.env.GITHUB_OUTPUT, name + '<<END-OF-VALUE\\n' + value + '\\nEND-OF-VALUE\\n')
}
process.exitCode = answer?.exit ?? 0
`

export async function simulate(workflow: WorkflowYaml, scenario: Scenario): Promise<Simulation> {
  const folder = actionFolder(recordingProgram)
  const record = join(folder.workspace, `record-${randomUUID()}`)
  const jobs: Record<string, { result: string; outputs: Record<string, string> }> = {}
  const log: string[] = []
  try {
    for (const [id, job] of Object.entries(workflow.jobs)) {
      jobs[id] = await runJob(id, job, { scenario, workflow, jobs, folder, record, log })
    }
    const lines = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []
    return { jobs, calls: lines.map((line) => JSON.parse(line)), log: log.join('\n') }
  } finally {
    folder.remove()
    rmSync(record, { force: true })
  }
}

interface World {
  readonly scenario: Scenario
  readonly workflow: WorkflowYaml
  readonly jobs: Readonly<
    Record<string, { readonly result: string; readonly outputs: Readonly<Record<string, string>> }>
  >
  readonly folder: { readonly path: string; readonly workspace: string }
  readonly record: string
  readonly log: string[]
}

async function runJob(id: string, job: JobYaml, world: World) {
  const { scenario, workflow, jobs } = world
  const needed = typeof job.needs === 'string' ? [job.needs] : (job.needs ?? [])
  const needs = Object.fromEntries(needed.map((name) => [name, jobs[name]]))
  const declared = Object.entries(workflow.on.workflow_call?.inputs ?? {}).map(([name, { default: value }]) => [
    name,
    value,
  ])
  const github = { event_name: scenario.event, run_attempt: String(scenario.attempt ?? 1), job: id }
  const contexts: Record<string, unknown> = {
    github,
    inputs: { ...Object.fromEntries(declared), ...scenario.inputs },
    needs,
    vars: {},
    steps: {},
    env: {},
  }
  const before = Object.values(needs).map((each) => each?.result)
  const status = before.includes('cancelled')
    ? 'cancelled'
    : before.every((each) => each === 'success')
      ? 'success'
      : 'failure'
  if (!holds(job.if, { contexts, status })) return { result: 'skipped', outputs: {} }

  const environment = interpolate(job.environment, { contexts, status: 'success' })
  contexts.secrets = { ...scenario.secrets?.[''], ...(environment === '' ? {} : scenario.secrets?.[environment]) }
  const answer = id === 'plan' || id === 'deploy' ? scenario.answers[id] : undefined
  if (answer === 'rejected') return { result: 'failure', outputs: {} }
  if (answer === 'cancelled') return { result: 'cancelled', outputs: {} }

  let jobStatus: Scope['status'] = 'success'
  for (const step of job.steps) {
    const scope: Scope = { contexts, status: jobStatus }
    if (!holds(step.if, scope)) continue
    const { outcome, outputs } = await runStep(step, scope, id, world)
    if (step.id !== undefined) (contexts.steps as Record<string, unknown>)[step.id] = { outcome, outputs }
    if (outcome === 'failure') jobStatus = 'failure'
  }
  const outputs = Object.entries(job.outputs ?? {}).map(([name, value]) => [
    name,
    interpolate(value, { contexts, status: jobStatus }),
  ])
  return { result: jobStatus, outputs: Object.fromEntries(outputs) }
}

async function runStep(step: StepYaml, scope: Scope, job: string, world: World) {
  const { scenario, folder, record, log } = world
  const env = {
    PATH: pathWithNode,
    RECORD: record,
    ANSWERS: JSON.stringify(scenario.answers),
    GITHUB_JOB: job,
    GITHUB_EVENT_NAME: scenario.event,
    GITHUB_RUN_ATTEMPT: String(scenario.attempt ?? 1),
  }
  const values = (given: StepYaml['env']) =>
    Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, interpolate(value, scope)]))

  if (step.run !== undefined) {
    const end = await startScript(interpolate(step.run, scope), { ...env, ...values(step.env) }, folder.workspace).end
    log.push(end.stdout)
    return { outcome: end.code === 0 ? 'success' : 'failure', outputs: {} }
  }
  // `airlock-deploy/airlock@v1` and `$/` are the action of this repository, with a folder behind it where there is one.
  const own = /^(?:airlock-deploy\/airlock|\$)(?:\/(\w+))?(?:@v1)?\/?$/.exec(step.uses ?? '')
  if (own === null || own[1] === 'install') return { outcome: 'success', outputs: {} }
  const part = own[1] === undefined ? '' : `${own[1]}/`
  const { outcome, outputs, ends } = await runComposite({
    action: actionYaml(textFile(`${part}action.yml`)),
    actionPath: join(folder.path, part),
    workspace: folder.workspace,
    given: values(step.with),
    env,
  })
  for (const end of Object.values(ends)) if (end !== 'skipped') log.push(end.stdout)
  return { outcome, outputs }
}

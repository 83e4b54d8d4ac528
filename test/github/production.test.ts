import { describe, expect, test } from 'vitest'
import { runEnded } from '../../src/notify/run-ended.ts'
import { type Answer, type Scenario, type Simulation, simulate } from './simulate.ts'
import { textFile, workflowYaml } from './workflow-files.ts'

const digest = `sha256:${'a'.repeat(64)}`
const url = 'postgresql://deployer:hunter2hunter2@db.example.com/shop'

const clear: Answer = { exit: 0, outputs: { outcome: 'clear', digest, 'pending-count': '2' } }
const needsApproval: Answer = {
  exit: 3,
  outputs: { outcome: 'needs-approval', 'reason-code': 'approval_missing', digest },
}
const blocked: Answer = { exit: 3, outputs: { outcome: 'blocked', 'reason-code': 'confirm_not_exact' } }
const applied: Answer = { exit: 0, outputs: { outcome: 'applied', 'reason-code': 'applied' } }
const failed: Answer = { exit: 2, outputs: { outcome: 'failed', 'reason-code': 'PRISMA.FAILED' } }

const secrets = {
  production: { DATABASE_URL: url, SLACK_WEBHOOK_URL: 'https://hooks.example.com/x' },
  'production-plan': { DATABASE_URL: url, SLACK_WEBHOOK_URL: 'https://hooks.example.com/x' },
}

/** The two ways to have production: the copied starter workflow, and the reusable one with explicit secrets. */
const ways = {
  'the starter workflow': (scenario: Scenario) =>
    simulate(workflowYaml(textFile('workflows-templates/airlock-production.yml')), { secrets, ...scenario }),
  'the reusable workflow': (scenario: Scenario) =>
    simulate(workflowYaml(textFile('.github/workflows/production.yml')), {
      secrets: { '': { 'database-url': url, 'slack-webhook-url': 'https://hooks.example.com/x' } },
      ...scenario,
    }),
}

const results = ({ jobs }: Simulation) =>
  Object.fromEntries(Object.entries(jobs).map(([id, { result }]) => [id, result]))
const started = ({ calls }: Simulation, job: string) => {
  const call = calls.find((each) => each.job === job && each.argv.length === 0)
  if (call === undefined) throw new Error(`Airlock was not started in the job ${job}`)
  return call
}
/** What the notify job would tell Slack, decided by the program itself from what the workflow hands it. */
const told = (simulation: Simulation) => {
  const call = simulation.calls.find((each) => each.argv[0] === 'notify')
  const ended = runEnded(call?.inputs?.needs ?? '', { environment: 'production' })
  if (ended.kind === 'nothing-to-tell') return ended.because
  return 'reasonCode' in ended.event ? `${ended.event.kind}: ${ended.event.reasonCode}` : ended.event.kind
}

describe.each(Object.entries(ways))('%s', (_, run) => {
  test('a published release is planned and deployed without anything typed', async () => {
    const simulation = await run({ event: 'release', answers: { plan: clear, deploy: applied } })
    expect(results(simulation)).toEqual({ plan: 'success', deploy: 'success', notify: 'success' })
    expect(started(simulation, 'plan').inputs).toMatchObject({
      command: 'plan',
      confirm: '',
      approve: '',
      'database-url': url,
    })
    expect(started(simulation, 'deploy').inputs).toMatchObject({ command: 'deploy', confirm: '', planned: digest })
    expect(started(simulation, 'deploy').env).toMatchObject({ GITHUB_EVENT_NAME: 'release', GITHUB_RUN_ATTEMPT: '1' })
  })

  test('a manual run hands over what was typed, to the letter, and which attempt it is', async () => {
    const inputs = { confirm: 'CONFIRM', approve: digest }
    const simulation = await run({
      event: 'workflow_dispatch',
      attempt: 2,
      inputs,
      answers: { plan: clear, deploy: applied },
    })
    for (const job of ['plan', 'deploy']) {
      expect(started(simulation, job).inputs).toMatchObject(inputs)
      expect(started(simulation, job).env).toMatchObject({
        GITHUB_EVENT_NAME: 'workflow_dispatch',
        GITHUB_RUN_ATTEMPT: '2',
      })
    }
  })

  test('"confirm" in lower case reaches the program as it is, and its refusal keeps the deploy from starting', async () => {
    const inputs = { confirm: 'confirm', approve: '' }
    const simulation = await run({ event: 'workflow_dispatch', inputs, answers: { plan: blocked } })
    expect(started(simulation, 'plan').inputs?.confirm).toBe('confirm')
    expect(results(simulation)).toEqual({ plan: 'failure', deploy: 'skipped', notify: 'success' })
    expect(told(simulation)).toBe('refused: confirm_not_exact')
  })

  test('a plan that needs approval stops, and the message says how to go on', async () => {
    const simulation = await run({ event: 'release', answers: { plan: needsApproval } })
    expect(results(simulation)).toEqual({ plan: 'failure', deploy: 'skipped', notify: 'success' })
    expect(told(simulation)).toBe('refused: approval_missing')
  })

  test('nothing pending asks no reviewer and tells nobody', async () => {
    const nothing = { exit: 0, outputs: { outcome: 'nothing-pending', 'pending-count': '0' } }
    const simulation = await run({ event: 'release', answers: { plan: nothing } })
    expect(results(simulation)).toEqual({ plan: 'success', deploy: 'skipped', notify: 'success' })
    expect(told(simulation)).toBe('nothing was pending')
  })

  test('a deploy that failed is red, and has told Slack itself', async () => {
    const simulation = await run({ event: 'release', answers: { plan: clear, deploy: failed } })
    expect(results(simulation)).toEqual({ plan: 'success', deploy: 'failure', notify: 'success' })
    expect(told(simulation)).toBe('the deploy reported `failed` itself')
  })

  test.each(['cancelled', 'rejected'] as const)('a deploy that was %s is told by the notify job', async (end) => {
    const simulation = await run({ event: 'release', answers: { plan: clear, deploy: end } })
    expect(results(simulation).notify).toBe('success')
    expect(told(simulation)).toBe('unreported: unreported')
  })

  test('a plan that ended without an outcome never leads to a deploy', async () => {
    const simulation = await run({ event: 'release', answers: { plan: { exit: 0, outputs: {} }, deploy: applied } })
    expect(results(simulation).deploy).toBe('skipped')
    expect(told(simulation)).toBe('unreported: unreported')
  })

  // GitHub drops a job output that contains a masked value, and a short password can be part of a digest.
  test('a digest that got lost between the jobs is no licence to deploy any plan', async () => {
    const lost = { exit: 0, outputs: { outcome: 'clear' } }
    const simulation = await run({ event: 'release', answers: { plan: lost, deploy: applied } })
    expect(started(simulation, 'deploy').inputs?.planned).toBe('no digest')
  })

  test('the notify job sees no connection URL, and the plan job no webhook', async () => {
    const simulation = await run({ event: 'release', answers: { plan: clear, deploy: applied } })
    expect(JSON.stringify(simulation.calls.filter((call) => call.job === 'notify'))).not.toContain('hunter2')
    expect(JSON.stringify(simulation.calls.filter((call) => call.job === 'plan'))).not.toContain('hooks.example.com')
  })

  test('Airlock cleans up in every job it ran in', async () => {
    const simulation = await run({ event: 'release', answers: { plan: clear, deploy: failed } })
    expect(simulation.calls.filter((call) => call.argv[0] === 'cleanup').map((call) => call.job)).toEqual([
      'plan',
      'deploy',
    ])
  })
})

describe('a reusable workflow without its secret', () => {
  const workflow = workflowYaml(textFile('.github/workflows/production.yml'))

  test('says why secrets of an environment do not arrive, before anything is checked out', async () => {
    const simulation = await simulate(workflow, { event: 'release', answers: { plan: clear } })
    expect(results(simulation)).toEqual({ plan: 'failure', deploy: 'skipped', notify: 'success' })
    expect(simulation.calls.filter((call) => call.job === 'plan')).toEqual([])
    expect(simulation.log).toMatch(
      /^::error title=Airlock URL\.MISSING::No connection URL reached the plan job \(environment: none\)/m,
    )
    expect(simulation.log).toContain('workflows-templates/airlock-production.yml')
  })

  test('takes the secret of the environment where it was inherited', async () => {
    const simulation = await simulate(workflow, {
      event: 'release',
      inputs: { 'plan-environment': 'production-plan' },
      secrets,
      answers: { plan: clear, deploy: applied },
    })
    expect(results(simulation)).toEqual({ plan: 'success', deploy: 'success', notify: 'success' })
    expect(started(simulation, 'deploy').inputs?.['database-url']).toBe(url)
  })

  test('names the environment of the job that had none', async () => {
    const simulation = await simulate(workflow, {
      event: 'release',
      inputs: { 'plan-environment': 'production-plan' },
      secrets: { 'production-plan': { DATABASE_URL: url } },
      answers: { plan: clear, deploy: applied },
    })
    expect(results(simulation).deploy).toBe('failure')
    expect(simulation.log).toContain('reached the deploy job (environment: production)')
  })
})

import { describe, expect, test } from 'vitest'
import { type Scenario, simulate } from './simulate.ts'
import { textFile, workflowYaml } from './workflow-files.ts'

const url = 'postgresql://deployer:hunter2hunter2@db.example.com/shop'
const applied = { exit: 0, outputs: { outcome: 'applied' } }
const refused = { exit: 3, outputs: { outcome: 'needs-approval' } }

const ways = {
  'the starter workflow': (scenario: Scenario) =>
    simulate(workflowYaml(textFile('workflows-templates/airlock-staging.yml')), {
      secrets: { staging: { DATABASE_URL: url } },
      ...scenario,
    }),
  'the reusable workflow': (scenario: Scenario) =>
    simulate(workflowYaml(textFile('.github/workflows/staging.yml')), {
      secrets: { '': { 'database-url': url } },
      ...scenario,
    }),
}

describe.each(Object.entries(ways))('staging, %s', (_, run) => {
  test('deploys with a push, nothing typed', async () => {
    const { jobs, calls } = await run({ event: 'push', answers: { deploy: applied } })
    expect(jobs).toMatchObject({ deploy: { result: 'success' }, notify: { result: 'success' } })
    expect(calls[0]).toMatchObject({
      inputs: { command: 'deploy', environment: 'staging', confirm: '', approve: '', planned: '', 'database-url': url },
      env: { GITHUB_EVENT_NAME: 'push' },
    })
  })

  test('is red where the deploy was refused, and notify still runs', async () => {
    const { jobs } = await run({ event: 'push', answers: { deploy: refused } })
    expect(jobs).toMatchObject({ deploy: { result: 'failure' }, notify: { result: 'success' } })
  })

  test('hands over what was typed in a manual run', async () => {
    const inputs = { confirm: 'CONFIRM', approve: 'sha256:abc' }
    const { calls } = await run({ event: 'workflow_dispatch', inputs, answers: { deploy: applied } })
    expect(calls[0]?.inputs).toMatchObject(inputs)
  })
})

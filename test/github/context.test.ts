import { describe, expect, test } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { readContext } from '../../src/github/context.ts'

const env = {
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'workflow_dispatch',
  GITHUB_ACTOR: 'octocat',
  GITHUB_TRIGGERING_ACTOR: 'hubot',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: 'f'.repeat(40),
  GITHUB_WORKFLOW: 'Airlock production',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '3',
  GITHUB_SERVER_URL: 'https://github.example.com',
}

describe('the run as the runner describes it', () => {
  test('is read once, with the attempt as a number and the page of that attempt', () => {
    expect(readContext(env)).toEqual({
      kind: 'workflow-run',
      eventName: 'workflow_dispatch',
      actor: 'octocat',
      triggeringActor: 'hubot',
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      sha: 'f'.repeat(40),
      workflow: 'Airlock production',
      runId: '42',
      runAttempt: 3,
      runUrl: 'https://github.example.com/acme/shop/actions/runs/42/attempts/3',
    })
  })

  test.each([undefined, '', 'false', 'TRUE'])('is "elsewhere" where GITHUB_ACTIONS is %j', (value) => {
    expect(readContext({ ...env, GITHUB_ACTIONS: value })).toEqual({ kind: 'elsewhere' })
  })

  test.each([
    ['GITHUB_EVENT_NAME', undefined],
    ['GITHUB_ACTOR', ''],
    ['GITHUB_RUN_ATTEMPT', undefined],
    ['GITHUB_RUN_ATTEMPT', '0'],
    ['GITHUB_RUN_ATTEMPT', 'first'],
    ['GITHUB_RUN_ATTEMPT', '1e1'],
    ['GITHUB_RUN_ID', ''],
  ])('is a failure, never a default, where %s is %j', (name, value) => {
    const read = () => readContext({ ...env, [name]: value })
    expect(read).toThrow(FailureError)
    expect(read).toThrow(new RegExp(`GITHUB\\.CONTEXT_INCOMPLETE: ${name} is`))
  })
})

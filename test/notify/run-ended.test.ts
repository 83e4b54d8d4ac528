import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { notifyInputs, notifyRunEnded } from '../../src/notify/notify-run-ended.ts'
import { runEnded } from '../../src/notify/run-ended.ts'
import { actionYaml, textFile } from '../github/workflow-files.ts'

const run = { environment: 'production' }
const digest = `sha256:${'b'.repeat(64)}`
const job = (result: string, outputs: Record<string, string> = {}) => ({ result, outputs })
const ended = (needs: unknown) => runEnded(JSON.stringify(needs), run)

describe('what the last job has to tell', () => {
  test.each(['applied', 'refused', 'failed', 'recovered', 'needs-human', 'nothing-pending'])(
    'nothing, where the deploy reported %s itself',
    (outcome) => {
      expect(ended({ plan: job('success'), deploy: job('failure', { outcome }) }).kind).toBe('nothing-to-tell')
    },
  )

  test('the digest and both inputs, where the plan needs approval', () => {
    const plan = job('failure', { outcome: 'needs-approval', 'reason-code': 'approval_missing', digest })
    expect(ended({ plan, deploy: job('skipped') })).toMatchObject({
      kind: 'tell',
      event: {
        kind: 'refused',
        run: { digest },
        reasonCode: 'approval_missing',
        next: [expect.any(String), expect.stringContaining(`confirm = CONFIRM and approve = ${digest}`)],
      },
    })
  })

  test.each([
    ['blocked', 'refused'],
    ['refused', 'refused'],
    ['failed', 'failed'],
  ])('a plan that ended as %s is told as %s', (outcome, kind) => {
    const event = { kind, reasonCode: 'code' }
    const plan = job('failure', { outcome, 'reason-code': 'code' })
    expect(ended({ plan, deploy: job('skipped') })).toMatchObject({ kind: 'tell', event })
  })

  test('a cancelled deploy is told with the command that compares the database', () => {
    const told = ended({ plan: job('success', { outcome: 'clear' }), deploy: job('cancelled') })
    expect(told).toMatchObject({
      kind: 'tell',
      event: { kind: 'unreported', reason: expect.stringContaining('cancelled') },
    })
    expect(JSON.stringify(told)).toContain('airlock verify')
  })

  test('a plan that ended in no known way is not taken for a good one', () => {
    for (const plan of [job('cancelled'), job('failure'), job('success'), job('success', { outcome: 'splendid' })]) {
      expect(ended({ plan, deploy: job('skipped') })).toMatchObject({ kind: 'tell', event: { kind: 'unreported' } })
    }
  })

  test.each(['', 'null', '{}', '{"deploy":{}}', '{"deploy":{"result":"splendid"}}', 'not json'])(
    'results that cannot be read (%j) are told, not passed over',
    (needs) => {
      expect(runEnded(needs, run)).toMatchObject({ kind: 'tell', event: { kind: 'unreported' } })
    },
  )

  test('a workflow without a plan job is understood', () => {
    expect(ended({ deploy: job('success', { outcome: 'applied' }) }).kind).toBe('nothing-to-tell')
    expect(ended({ deploy: job('failure') })).toMatchObject({ kind: 'tell', event: { kind: 'unreported' } })
  })
})

describe('airlock-deploy/airlock/notify', () => {
  const env = (inputs: Record<string, string>) => ({
    AIRLOCK_INPUTS: JSON.stringify(inputs),
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'release',
    GITHUB_ACTOR: 'octocat',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REF: 'refs/tags/v1',
    GITHUB_SHA: 'f'.repeat(40),
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '1',
  })
  const cancelled = JSON.stringify({ deploy: job('cancelled') })
  const notify = async (from: Record<string, string | undefined>) => {
    const lines: string[] = []
    const masked: string[] = []
    await notifyRunEnded(
      from,
      (line) => lines.push(line),
      (value) => masked.push(value),
    )
    return { lines, masked }
  }

  test('tells Slack with a link to the run', async () => {
    let sent = ''
    const server = createServer((request, response) => {
      request.on('data', (chunk) => (sent += chunk))
      request.on('end', () => response.end('ok'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T/B/secret-token`
    const { lines, masked } = await notify(
      env({ 'slack-webhook-url': url, environment: 'production', needs: cancelled }),
    )
    server.closeAllConnections()
    server.close()
    expect(lines).toEqual(['Slack was told: unreported.'])
    expect(masked).toContain(url)
    expect(sent).toContain('https://github.com/acme/shop/actions/runs/7/attempts/1')
  })

  test('warns and does not fail where Slack cannot be reached', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/services/T/B/secret-token`
    await new Promise((resolve) => closed.close(resolve))
    const { lines } = await notify(env({ 'slack-webhook-url': url, environment: 'production', needs: cancelled }))
    expect(lines).toEqual([
      '::warning title=Airlock%3A Slack::Slack was not told (unreported): the connection failed (ECONNREFUSED).',
    ])
  })

  test('is quiet without a webhook, and with nothing to tell', async () => {
    const needs = JSON.stringify({ deploy: job('success', { outcome: 'applied' }) })
    expect((await notify(env({ 'slack-webhook-url': '', environment: 'production', needs: cancelled }))).lines).toEqual(
      ['Slack was not told: no slack-webhook-url was given.'],
    )
    expect((await notify(env({ 'slack-webhook-url': '', environment: 'production', needs }))).lines).toEqual([
      'Nothing to tell: the deploy reported `applied` itself.',
    ])
  })

  test.each([undefined, '', '[]', '{"needs":1}'])('warns where its inputs are %j', async (inputs) => {
    expect((await notify({ AIRLOCK_INPUTS: inputs })).lines).toEqual([
      '::warning title=Airlock%3A Slack::AIRLOCK_INPUTS is not the inputs of notify/action.yml',
    ])
  })

  test('reads exactly the inputs of notify/action.yml', () => {
    const declared = Object.keys(actionYaml(textFile('notify/action.yml')).inputs)
    expect(Object.keys(notifyInputs.shape).sort()).toEqual(declared.sort())
  })
})

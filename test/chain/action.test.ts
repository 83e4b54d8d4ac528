import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/result.ts'
import { pathWithNode, runComposite } from '../github/composite.ts'
import { actionYaml, root, textFile } from '../github/workflow-files.ts'
import { labClientPath } from '../lab/clients.ts'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { type LabServer, startServer } from '../lab/server.ts'

/** The real action.yml, step by step as the runner runs it, with the real bundle, a real project and a real server. */

const destructive = 'ALTER TABLE "User" DROP COLUMN "phone";\n'
let server: LabServer
let project: LabProject
let databaseUrl: string
let slack: { readonly url: string; readonly texts: string[]; close(): void }

beforeAll(async () => {
  server = await startServer(15)
  databaseUrl = await server.createDatabase('shop')
  project = await createProject({
    prisma: 7,
    migrations: { '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "phone" TEXT);\n' },
  })
  slack = await slackOnLoopback()
})
afterAll(async () => {
  slack.close()
  await project[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

async function slackOnLoopback() {
  const texts: string[] = []
  const http = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      texts.push(String(JSON.parse(body).text))
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/services/T0/B0/token`, texts, close: () => http.close() }
}

let runs = 0

async function step(given: Readonly<Record<string, string>>, github: Readonly<Record<string, string>> = {}) {
  const temporary = join(project.path, `runner-${++runs}`)
  mkdirSync(temporary)
  const summary = join(temporary, 'summary.md')
  writeFileSync(summary, '')
  const run = await runComposite({
    action: actionYaml(textFile('action.yml')),
    actionPath: root,
    workspace: project.path,
    given: { 'database-url': databaseUrl, 'prisma-engine': 'wasm', 'slack-webhook-url': slack.url, ...given },
    env: {
      PATH: pathWithNode,
      HOME: temporary,
      RUNNER_TEMP: temporary,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'release',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: '42',
      GITHUB_ACTOR: 'somebody',
      GITHUB_REPOSITORY: 'shop/shop',
      GITHUB_REF: 'refs/tags/v1.0.0',
      GITHUB_SHA: '0'.repeat(40),
      AIRLOCK_PG_BIN: await labClientPath(),
      ...github,
    },
  })
  const end = run.ends.Airlock
  if (end === undefined || end === 'skipped') throw new Error('the step Airlock did not run')
  return { ...run, code: end.code, log: end.stdout + end.stderr, summary: readFileSync(summary, 'utf8'), temporary }
}

describe('the action on a runner', () => {
  let digest = ''

  test('deploys on a release, writes outputs and summary, and tells Slack that it began and ended', async () => {
    const { outcome, outputs, summary, log } = await step({})
    expect({ outcome, log: outcome === 'success' ? '' : log }).toEqual({ outcome: 'success', log: '' })
    expect(outputs).toMatchObject({ outcome: 'applied', 'pending-count': '1', 'applied-count': '1' })
    expect(outputs.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(JSON.parse(outputs.result ?? '') as RunResult).toMatchObject({
      outcome: 'applied',
      applied: ['20240101000000_init'],
    })
    expect(readFileSync(outputs.report ?? '', 'utf8')).toContain('Airlock deploy: applied and verified')
    expect(JSON.parse(readFileSync(outputs.backup ?? '', 'utf8'))).toMatchObject({ tier: 'compared' })
    expect(summary).toContain('Airlock deploy: applied and verified')
    expect(slack.texts.map((text) => /started|applied/i.exec(text)?.[0].toLowerCase())).toEqual(['started', 'applied'])
  })

  test('has nothing to say and nothing to do when nothing is pending', async () => {
    const told = slack.texts.length
    expect((await step({})).outputs).toMatchObject({ outcome: 'nothing-pending', 'applied-count': '0' })
    expect(slack.texts.length).toBe(told)
  })

  test('refuses a destructive migration with exit code 3 and an annotation on its line', async () => {
    await project.addMigration('20240102000000_drop_phone', destructive)
    const refused = await step({})
    expect(refused.code).toBe(3)
    expect(refused.outputs).toMatchObject({
      outcome: 'refused',
      'reason-code': 'approval_missing',
      'applied-count': '0',
    })
    expect(refused.log).toMatch(/^::error .*file=prisma\/migrations\/20240102000000_drop_phone\/migration\.sql,line=1/m)
    expect(refused.summary).toContain(`airlock deploy --approve ${refused.outputs.digest}`)
    digest = refused.outputs.digest ?? ''
  })

  test.each([
    ['without CONFIRM', { confirm: '' }, {}, 'confirm_missing'],
    ['with confirm in lower case', { confirm: 'confirm' }, {}, 'confirm_not_exact'],
    ['as a re-run of an old attempt', { confirm: 'CONFIRM' }, { GITHUB_RUN_ATTEMPT: '2' }, 'confirm_replayed'],
    ['with CONFIRM but without the digest', { confirm: 'CONFIRM' }, {}, 'approval_missing'],
  ])('refuses a manual run %s', async (_how, given, github, reason) => {
    const { code, outputs } = await step(
      { approve: reason === 'approval_missing' ? '' : digest, ...given },
      { GITHUB_EVENT_NAME: 'workflow_dispatch', ...github },
    )
    expect({ code, reason: outputs['reason-code'] }).toEqual({ code: 3, reason })
  })

  test('refuses a plan other than the one the plan job showed', async () => {
    const { outputs } = await step({ approve: digest, planned: `sha256:${'0'.repeat(64)}` })
    expect(outputs['reason-code']).toBe('plan_changed')
  })

  test('applies it in a manual run with CONFIRM and the digest', async () => {
    const { outputs } = await step(
      { confirm: 'CONFIRM', approve: digest, planned: digest },
      { GITHUB_EVENT_NAME: 'workflow_dispatch' },
    )
    expect(outputs).toMatchObject({ outcome: 'applied', 'applied-count': '1' })
  })

  test('reports a failure with its code, in the log, the summary and the outputs', async () => {
    const { code, outputs, summary, log } = await step({ 'database-url': 'mysql://app@localhost/shop' })
    expect(code).toBe(2)
    expect(outputs).toMatchObject({ outcome: 'failed', 'reason-code': 'URL.WRONG_SCHEME' })
    expect(log).toMatch(/^::error title=.*URL\.WRONG_SCHEME/m)
    expect(summary).toContain('URL.WRONG_SCHEME')
  })

  test('removes what a killed run left behind, and nothing else', async () => {
    const { temporary } = await step({ command: 'check' })
    mkdirSync(join(temporary, 'airlock-run-engine-x'))
    const again = await runComposite({
      action: actionYaml(textFile('action.yml')),
      actionPath: root,
      workspace: project.path,
      given: { command: 'no-such-command' },
      env: { PATH: pathWithNode, HOME: temporary, RUNNER_TEMP: temporary },
    })
    const cleaned = again.ends['Remove temporary files']
    expect(cleaned === undefined || cleaned === 'skipped' ? cleaned : cleaned.stdout).toContain('airlock-run-engine-x')
  })
})

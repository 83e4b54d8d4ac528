import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailureError } from '../../../../src/errors.ts'
import { nameSnapshot } from '../../../../src/stages/backup/providers/decide.ts'
import { endpointIn } from '../../../../src/stages/backup/providers/neon/decide.ts'
import { neonStrategy } from '../../../../src/stages/backup/providers/neon/neon.ts'
import type { SnapshotStrategy } from '../../../../src/stages/backup/providers/strategy.ts'
import type { ApiCall, ApiReply } from '../../../lab/published-api.ts'
import { type NeonProject, neonKey, neonProject } from './neon-project.ts'

const host = 'ep-cool-darkness-123456-pooler.eu-central-1.aws.neon.tech'
const name = nameSnapshot('shop', new Date('2026-11-21T16:00:00Z'))
let project: NeonProject
let strategy: SnapshotStrategy

const made = (access: { key?: string; id?: string; patienceMs?: number; answerMs?: number } = {}) =>
  neonStrategy(
    {
      project: access.id ?? 'shiny-wind-028834',
      host,
      patience: { firstDelayMs: 5, longestDelayMs: 20, deadlineMs: 1_000 },
    },
    {
      environment: { NEON_API_KEY: access.key ?? neonKey },
      origin: project.api.origin,
      patienceMs: access.patienceMs ?? 5_000,
      answerMs: access.answerMs ?? 10_000,
    },
  )
const request = (signal = new AbortController().signal) => ({ name, signal, onProgress: () => undefined })
const failureOf = async (promise: Promise<unknown>) => {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(thrown instanceof FailureError)) throw thrown ?? new Error('It did not fail')
  return thrown.failure
}
const on =
  (operation: string, reply: ApiReply | ((really: () => ApiReply) => ApiReply)) =>
  (call: ApiCall, really: () => ApiReply) =>
    call.operation === operation ? (typeof reply === 'function' ? reply(really) : reply) : undefined
/** It is done, and this is heard of it. */
const cutAfter = (reply: ApiReply) => (really: () => ApiReply) => {
  really()
  return reply
}
const count = (operation: string) => project.api.requests.filter((call) => call.operation === operation).length
const refuse = (status: number, headers: Record<string, string> = {}): ApiReply => ({
  status,
  headers,
  body: { code: 'X', message: `said ${status}` },
})

beforeEach(async () => {
  project = await neonProject()
  strategy = made()
})
afterEach(async () => {
  await project.api[Symbol.asyncDispose]()
  // What was asked and what was answered: both as Neon’s own description has it.
  expect(project.api.violations).toEqual([])
})

describe('a Neon branch as a backup', () => {
  it('is made of the branch that the connection URL leads to, waited for, tagged, and claims no proof', async () => {
    project.operationStates = ['scheduling', 'running', 'failed', 'running', 'finished']
    const { snapshot, proven } = await strategy.take(request())
    expect(proven).toBe('nothing')
    expect(snapshot).toMatchObject({ id: 'br-made-1', name, lsn: '0/1DE2850', ours: true })
    expect(snapshot.restoreByHand.join()).toContain(
      'neonctl branches restore br-main-1 br-made-1 --preserve-under-name',
    )
    expect(project.branches.get('br-made-1')).toMatchObject({ parent: 'br-main-1', tags: { 'made-by': 'airlock' } })
  })

  it('is listed over several pages, and only what has our name and our tag is ours', async () => {
    await strategy.take(request())
    for (const [id, tags] of [
      ['br-2', {}],
      ['br-3', { 'made-by': 'airlock' }],
    ] as const) {
      project.branches.set(id, {
        id,
        name: `airlock-x-2026112${id.at(-1)}t000000z`,
        parent: 'br-main-1',
        tags,
        createdAt: '2026-11-01T00:00:00Z',
        state: 'ready',
      })
    }
    const listed = await strategy.list(new AbortController().signal)
    expect(listed.map(({ id, ours }) => [id, ours])).toEqual([
      ['br-made-1', true],
      ['br-2', false],
      ['br-3', true],
    ])
  })

  it('comes back in place, with the state from before kept under a name', async () => {
    const { snapshot } = await strategy.take(request())
    const before = nameSnapshot('before', new Date('2026-11-21T17:00:00Z'))
    const restored = await strategy.restore?.({ ...request(), name: before, snapshot })
    expect(restored?.before).toBe(`branch ${before} (br-made-2)`)
    const { body, path } = project.api.requests.find(({ operation }) => operation === 'restoreProjectBranch') ?? {}
    expect([path?.branch_id, body]).toEqual([
      'br-main-1',
      { source_branch_id: 'br-made-1', preserve_under_name: before },
    ])
  })

  it('is removed only when it still has our name and our tag', async () => {
    const { snapshot } = await strategy.take(request())
    const branch = project.branches.get('br-made-1')
    if (branch === undefined) throw new Error('No branch')
    branch.tags = {}
    expect(await failureOf(strategy.remove?.(snapshot, request().signal) ?? Promise.resolve())).toMatchObject({
      code: 'PROVIDER.REFUSED',
    })
    expect(
      await failureOf(strategy.remove?.({ ...snapshot, ours: false }, request().signal) ?? Promise.resolve()),
    ).toMatchObject({ code: 'PROVIDER.REFUSED' })
    expect(count('deleteProjectBranch')).toBe(0)
    branch.tags = { 'made-by': 'airlock' }
    await strategy.remove?.(snapshot, request().signal)
    expect([...project.branches.keys()]).toEqual(['br-main-1'])
  })

  it('says how far back the project itself keeps every moment', async () => {
    const window = await strategy.window?.(request().signal)
    expect((window?.to.getTime() ?? 0) - (window?.from.getTime() ?? 0)).toBe(86_400_000)
  })
})

describe('trouble with Neon', () => {
  it.each([
    ['a key that has expired', { key: 'napi_old' }, 'PROVIDER.CREDENTIALS', /401: authentication failed/],
    ['a project that is not there', { id: 'other-project' }, 'PROVIDER.REFUSED', /404: project not found/],
  ])('ends at once on %s, without the key in the message', async (_, access, code, why) => {
    const failure = await failureOf(made(access).take(request()))
    expect(failure).toMatchObject({ code, why: expect.stringMatching(why) })
    expect(JSON.stringify(failure)).not.toMatch(/napi_/)
    expect(project.api.requests).toHaveLength(1)
  })

  it('ends before any request without a key, and on a host that is not Neon’s', () => {
    expect(() => made({ key: '' })).toThrow(/PROVIDER.CREDENTIALS/)
    expect(['db.example.com', 'ep-a.neon.tech.example.com', 'neon.tech'].map(endpointIn)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(endpointIn(host)).toBe('ep-cool-darkness-123456')
  })

  it.each([423, 429, 503])('asks again on %i, which says that nothing was done', async (status) => {
    project.instead.push(on('createProjectBranch', refuse(status, status === 429 ? { 'retry-after': '1' } : {})))
    const startedMs = performance.now()
    await strategy.take(request())
    expect(count('createProjectBranch')).toBe(2)
    if (status === 429) expect(performance.now() - startedMs).toBeGreaterThan(1_000)
  })

  it.each([
    ['the connection is cut after the branch was made', cutAfter(null)],
    ['a proxy gives up after the branch was made', cutAfter({ status: 504, foreign: '<html>' })],
  ])('does not make a second branch when %s', async (_, reply) => {
    project.instead.push(on('createProjectBranch', reply))
    const { snapshot } = await strategy.take(request())
    expect([count('createProjectBranch'), snapshot.id]).toEqual([1, 'br-made-1'])
  })

  it('does not claim a branch that was not made', async () => {
    project.instead.push(on('createProjectBranch', refuse(500)))
    expect(await failureOf(strategy.take(request()))).toMatchObject({
      code: 'PROVIDER.UNREACHABLE',
      why: expect.stringMatching(/500: said 500/),
    })
    expect(count('createProjectBranch')).toBe(1)
  })

  it.each([
    ['the limit of branches is reached', 422, 'PROVIDER.REFUSED'],
    ['the key may not do this', 403, 'PROVIDER.CREDENTIALS'],
    ['the request is not understood', 400, 'PROVIDER.REFUSED'],
  ])('gives up at once when %s', async (_, status, code) => {
    project.instead.push(on('createProjectBranch', refuse(status)))
    expect(await failureOf(strategy.take(request()))).toMatchObject({ code })
    expect(count('createProjectBranch')).toBe(1)
  })

  it('stops at the deadline when an operation never ends, and says in which state it is', async () => {
    project.operationStates = ['running', 'failed']
    expect(await failureOf(strategy.take(request()))).toMatchObject({
      code: 'PROVIDER.NOT_READY',
      why: expect.stringMatching(/create_branch is failed \(pageserver is restarting\)/),
    })
  })

  it('does not take a cancelled operation for a finished one', async () => {
    project.operationStates = ['running', 'cancelled']
    expect(await failureOf(strategy.take(request()))).toMatchObject({ code: 'PROVIDER.REFUSED' })
  })

  it('does not take a branch of another parent, or one that is not ready', async () => {
    project.instead.push(
      on('getProjectBranch', (really) => {
        const reply = really()
        return {
          ...reply,
          status: 200,
          body: {
            branch: { ...Object(reply?.body).branch, parent_id: 'br-other' },
            annotation: Object(reply?.body).annotation,
          },
        }
      }),
    )
    expect(await failureOf(strategy.take(request()))).toMatchObject({
      why: expect.stringMatching(/its parent is br-other/),
    })
  })

  it('does not begin a second restore when it is not known whether the first one was begun', async () => {
    const { snapshot } = await strategy.take(request())
    project.instead.push(on('restoreProjectBranch', cutAfter(null)))
    const failure = await failureOf(strategy.restore?.({ ...request(), name: 'before', snapshot }) ?? Promise.resolve())
    expect([failure.code, failure.next[0]]).toEqual([
      'PROVIDER.UNREACHABLE',
      expect.stringMatching(/whether the restore was begun/),
    ])
    expect(count('restoreProjectBranch')).toBe(1)
  })

  it('stays busy only as long as it has patience', async () => {
    for (let times = 0; times < 50; times += 1) project.instead.push(on('createProjectBranch', refuse(423)))
    expect(await failureOf(made({ patienceMs: 1_500 }).take(request()))).toMatchObject({ code: 'PROVIDER.NOT_READY' })
  })

  it('does not read an answer of a form that it does not know as an empty list', async () => {
    project.instead.push(on('listProjectBranches', { status: 200, foreign: '{"branches":null}' }))
    expect(await failureOf(Promise.resolve(strategy.list(request().signal)))).toMatchObject({
      code: 'PROVIDER.UNEXPECTED',
    })
    project.instead.push(on('listProjectBranches', { status: 200, foreign: '<html>sign in</html>' }))
    expect(await failureOf(Promise.resolve(strategy.list(request().signal)))).toMatchObject({
      code: 'PROVIDER.UNEXPECTED',
    })
  })

  it('ends when the run is cancelled while it waits', async () => {
    project.operationStates = ['running']
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 100)
    expect(await failureOf(strategy.take(request(cancel.signal)))).toMatchObject({ code: 'RUN.CANCELLED' })
  })

  it('does not wait for ever for an answer', async () => {
    await strategy.list(request().signal)
    for (let times = 0; times < 9; times += 1) {
      project.instead.push((call) =>
        call.operation === 'getProjectEndpoint' ? new Promise<never>(() => undefined) : undefined,
      )
    }
    const failure = await failureOf(made({ answerMs: 200, patienceMs: 900 }).take(request()))
    expect(failure).toMatchObject({ code: 'PROVIDER.UNREACHABLE', why: expect.stringMatching(/did not answer/) })
  })

  it('says that Neon cannot be reached when nobody answers', async () => {
    const { origin } = project.api
    const nobody = neonStrategy(
      { project: 'p', host, patience: { firstDelayMs: 1, longestDelayMs: 1, deadlineMs: 1 } },
      { environment: { NEON_API_KEY: neonKey }, origin: origin.replace(/:\d+$/, ':1'), patienceMs: 300, answerMs: 300 },
    )
    expect(await failureOf(nobody.take(request()))).toMatchObject({ code: 'PROVIDER.UNREACHABLE' })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailureError } from '../../../../src/errors.ts'
import { projectIn } from '../../../../src/stages/backup/providers/supabase/decide.ts'
import { supabaseStrategy } from '../../../../src/stages/backup/providers/supabase/supabase.ts'
import { type ApiReply, type PublishedApi, servePublishedApi } from '../../../lab/published-api.ts'

/** What the Management API’s description (https://api.supabase.com/api/v1) says about the one request that is used. */
const time = { type: 'integer' }
const description = {
  paths: {
    '/v1/projects/{ref}/database/backups': {
      get: {
        operationId: 'v1-list-all-backups',
        parameters: [
          {
            name: 'ref',
            in: 'path',
            required: true,
            schema: { type: 'string', minLength: 20, maxLength: 20, pattern: '^[a-z]+$' },
          },
        ],
        responses: {
          200: {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['region', 'walg_enabled', 'pitr_enabled', 'backups', 'physical_backup_data'],
                  properties: {
                    region: { type: 'string' },
                    walg_enabled: { type: 'boolean' },
                    pitr_enabled: { type: 'boolean' },
                    backups: {
                      type: 'array',
                      items: {
                        type: 'object',
                        required: ['is_physical_backup', 'status', 'inserted_at'],
                        properties: {
                          is_physical_backup: { type: 'boolean' },
                          status: { enum: ['COMPLETED', 'FAILED', 'PENDING', 'REMOVED', 'ARCHIVED', 'CANCELLED'] },
                          inserted_at: { type: 'string' },
                        },
                      },
                    },
                    physical_backup_data: {
                      type: 'object',
                      properties: { earliest_physical_backup_date_unix: time, latest_physical_backup_date_unix: time },
                    },
                  },
                },
              },
            },
          },
          401: {},
          403: {},
          429: {},
          500: {},
        },
      },
    },
  },
}

const ref = 'abcdefghijklmnopqrst'
const host = `db.${ref}.supabase.co`
let api: PublishedApi
let replies: (() => ApiReply)[]
const said = (pitr: boolean, latestSecondsFromNow: number) => ({
  region: 'eu-central-1',
  walg_enabled: true,
  pitr_enabled: pitr,
  backups: [
    { is_physical_backup: true, status: 'COMPLETED', inserted_at: '2026-11-20T03:00:00Z' },
    { is_physical_backup: true, status: 'FAILED', inserted_at: '2026-11-21T03:00:00Z' },
  ],
  physical_backup_data: {
    earliest_physical_backup_date_unix: 1_780_000_000,
    latest_physical_backup_date_unix: Math.floor(Date.now() / 1_000) + latestSecondsFromNow,
  },
})
const ok = (body: unknown) => (): ApiReply => ({ status: 200, body })

beforeEach(async () => {
  replies = []
  api = await servePublishedApi(description, '', ({ authorization }) => {
    if (authorization !== 'Bearer sbp_right') return { status: 401 }
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    return reply?.() ?? { status: 500 }
  })
})
afterEach(async () => {
  await api[Symbol.asyncDispose]()
  expect(api.violations).toEqual([])
})

const strategy = (token = 'sbp_right') =>
  supabaseStrategy(
    { host, user: 'postgres', patience: { firstDelayMs: 20, longestDelayMs: 50, deadlineMs: 600 } },
    { environment: { SUPABASE_ACCESS_TOKEN: token }, origin: api.origin, patienceMs: 400, answerMs: 5_000 },
  )
const { signal } = new AbortController()
const take = (token?: string) => strategy(token).take({ name: 'n', signal, onProgress: () => undefined })
const failureOf = async (promise: Promise<unknown>) => {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(thrown instanceof FailureError)) throw thrown ?? new Error('It did not fail')
  return thrown.failure
}

describe('point-in-time recovery of Supabase', () => {
  it('is waited for until it reaches the beginning of the run, and is for a person to restore', async () => {
    const startedMs = Date.now()
    replies = [ok(said(true, -120)), ok(said(true, -1)), () => ({ status: 200, body: said(true, 60) })]
    const { snapshot, proven } = await take()
    expect(api.requests.length).toBe(3)
    expect([proven, strategy().capabilities.restore, strategy().capabilities.automatic]).toEqual([
      'nothing',
      'manual',
      false,
    ])
    expect(snapshot.at?.getTime()).toBeGreaterThanOrEqual(startedMs)
    expect(snapshot.restoreByHand.join()).toContain(`${snapshot.at?.toISOString()}`)
  })

  it('is refused where the project has daily backups only', async () => {
    replies = [ok(said(false, 60))]
    expect(await failureOf(take())).toMatchObject({
      code: 'PROVIDER.REFUSED',
      next: [expect.stringContaining('pg_dump'), expect.anything()],
    })
    replies = [ok({ ...said(true, 60), physical_backup_data: {} })]
    expect(await failureOf(take())).toMatchObject({ code: 'PROVIDER.REFUSED' })
  })

  it('does not count before the log is stored', async () => {
    replies = [ok(said(true, -120))]
    expect(await failureOf(take())).toMatchObject({ code: 'PROVIDER.NOT_READY' })
  })

  it('lists the daily backups that were completed, and none as ours', async () => {
    replies = [ok(said(true, 0))]
    expect((await strategy().list(signal)).map(({ id, ours }) => [id, ours])).toEqual([['2026-11-20T03:00:00Z', false]])
  })

  it('fails on what it cannot read, on a wrong token and on a service that is down', async () => {
    replies = [() => ({ status: 200, foreign: '{"pitr_enabled":true}' })]
    expect(await failureOf(take())).toMatchObject({ code: 'PROVIDER.UNEXPECTED' })
    const refused = await failureOf(take('sbp_wrong'))
    expect(refused).toMatchObject({ code: 'PROVIDER.CREDENTIALS' })
    expect(JSON.stringify(refused)).not.toContain('sbp_wrong')
    for (const status of [429, 500]) {
      replies = [() => ({ status })]
      expect(await failureOf(take())).toMatchObject({ code: 'PROVIDER.UNREACHABLE' })
    }
    expect(() => strategy('')).toThrow(/PROVIDER.CREDENTIALS/)
  })

  it('knows the project by the host, or by the user of a pooler', () => {
    expect([
      projectIn(host, 'postgres'),
      projectIn('aws-0-eu-central-1.pooler.supabase.com', `postgres.${ref}`),
      projectIn('aws-0-eu-central-1.pooler.supabase.com', 'postgres'),
      projectIn(`${host}.example.com`, `postgres.${ref}`),
    ]).toEqual([ref, ref, undefined, undefined])
  })
})

import { describe, expect, test } from 'vitest'
import { endedEvent } from '../../src/notify/slack-run.ts'
import { type Outcome, outcomes, type RunResult } from '../../src/result.ts'

const run = { environment: 'production' }
const result = (outcome: Outcome): RunResult => ({
  schemaVersion: 1,
  command: 'deploy',
  outcome,
  reasonCode: 'code',
  reason: 'The reason.',
  migrations: [{ name: 'm1', checksum: 'c', atomic: true, stage: 'expand', statements: [] }],
  applied: ['m1'],
  findings: [],
  allowed: [],
  stages: [{ name: 'rehearse', outcome: 'skipped', ms: 0, summary: 'not checked', detail: {} }],
  notices: [],
  next: ['Next.'],
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 1_500,
})

describe('the message that a result becomes', () => {
  const kinds = Object.fromEntries(
    outcomes.map((outcome) => [outcome, endedEvent(result(outcome), run)?.kind ?? 'none']),
  )

  test('has a kind for every outcome, and none where there is no news', () => {
    expect(kinds).toEqual({
      clear: 'none',
      'needs-approval': 'refused',
      blocked: 'refused',
      applied: 'applied',
      'nothing-pending': 'none',
      done: 'none',
      refused: 'refused',
      recovered: 'recovered',
      'needs-human': 'needs-human',
      failed: 'failed',
    })
  })

  test('says of an applied plan what was not checked', () => {
    expect(endedEvent(result('applied'), run)).toMatchObject({
      migrations: ['m1'],
      ms: 1_500,
      notChecked: ['rehearse'],
    })
  })

  test('of a failure gives what happened and what to do', () => {
    const failure = { code: 'PRISMA.FAILED' as const, what: 'Prisma failed.', why: 'Why.', next: [] }
    expect(endedEvent({ ...result('failed'), failure }, run)).toMatchObject({
      reason: 'Prisma failed.',
      next: ['Next.'],
    })
  })
})

import { describe, expect, test } from 'vitest'
import { decideRetry } from '../../../src/stages/apply/retry.ts'

const policy = { attempts: 10, budget: 60_000 }
const lock = { sqlState: '55P03', cancelledByWatchdog: false }
const first = { attempts: 1, spentMs: 0 }

describe('what another moment may cure is tried again', () => {
  test.each([
    ['a lock that was not free', lock],
    ['a deadlock', { sqlState: '40P01', cancelledByWatchdog: false }],
    ['a serialization failure', { sqlState: '40001', cancelledByWatchdog: false }],
    ['a statement that the watchdog cancelled', { sqlState: '57014', cancelledByWatchdog: true }],
    ['one that it cancelled before Prisma wrote down why', { sqlState: undefined, cancelledByWatchdog: true }],
  ])('%s', (_what, failed) => {
    expect(decideRetry(failed, first, policy, () => 0).kind).toBe('again')
  })

  test.each([
    ['a statement that somebody else cancelled', '57014'],
    ['a contradiction in the data', '23505'],
    ['no error of the server', undefined],
  ])('%s is not', (_what, sqlState) => {
    expect(decideRetry({ sqlState, cancelledByWatchdog: false }, first, policy, () => 0)).toEqual({
      kind: 'stop',
      because: 'another attempt would fail the same way',
    })
  })
})

test('the waits grow, half of each is chance, and none is longer than 15 s', () => {
  const waits = (random: number) =>
    Array.from({ length: 9 }, (_, index) => {
      const decision = decideRetry(lock, { attempts: index + 1, spentMs: 0 }, policy, () => random)
      return decision.kind === 'again' ? decision.afterMs : undefined
    })
  expect(waits(0)).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500, 7_500])
  expect(waits(1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000])
})

test.each([
  ['the attempts are made', { attempts: 10, spentMs: 0 }, '10 of 10 attempts are made'],
  ['waiting would go past the budget', { attempts: 1, spentMs: 59_900 }, 'the 60 s for all attempts are over'],
])('it ends when %s', (_what, soFar, because) => {
  expect(decideRetry(lock, soFar, policy, () => 0)).toEqual({ kind: 'stop', because })
})

test('one attempt is no second one', () => {
  expect(decideRetry(lock, first, { attempts: 1, budget: 60_000 }, () => 0).kind).toBe('stop')
})

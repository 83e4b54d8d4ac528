import { expect, test } from 'vitest'
import { decideVerification } from '../../src/stages/verify/decide.ts'

const good = {
  history: '_prisma_migrations',
  planned: [{ name: '1_a', checksum: 'c1' }],
  finishedBefore: new Set(['0_init']),
  finished: new Map([
    ['0_init', 'c0'],
    ['1_a', 'c1'],
  ]),
  failed: [],
  stillPending: [],
  difference: { added: [], removed: [] },
}

test('a finished history with the planned checksums is verified, and what was not checked is named', () => {
  expect(decideVerification(good)).toMatchObject({
    kind: 'verified',
    notChecked: expect.arrayContaining(['application health']),
  })
})

test.each([
  ['a migration that is not recorded as finished', { finished: new Map() }, /1_a is not recorded/],
  ['another checksum than planned', { finished: new Map([['1_a', 'c2']]) }, /another checksum/],
  ['a failed row', { failed: ['1_a'] }, /recorded as failed/],
  ['a migration that is still pending', { stillPending: ['2_b'] }, /2_b is still pending/],
  [
    'a new invalid index',
    { difference: { added: ['index CREATE INDEX i ON t (a) invalid'], removed: [] } },
    /invalid index/,
  ],
  [
    'a migration that no plan had',
    {
      finished: new Map([
        ['1_a', 'c1'],
        ['2_evil', ''],
      ]),
    },
    /2_evil was applied during this run and was in no plan/,
  ],
])('%s is broken', (_what, change, problem) => {
  const verification = decideVerification({ ...good, ...change })
  expect(verification).toMatchObject({ kind: 'broken', problems: [expect.stringMatching(problem)] })
})

test('what is said to be applied is what the history has, planned or not', () => {
  const finished = new Map([
    ['0_init', 'c0'],
    ['2_evil', 'c2'],
  ])
  expect(decideVerification({ ...good, finished })).toMatchObject({ kind: 'broken', applied: ['2_evil'] })
})

import { expect, test } from 'vitest'
import { decideVerification } from '../../src/stages/verify/decide.ts'

const good = {
  planned: [{ name: '1_a', checksum: 'c1' }],
  finished: new Map([['1_a', 'c1']]),
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
])('%s is broken', (_what, change, problem) => {
  const verification = decideVerification({ ...good, ...change })
  expect(verification).toMatchObject({ kind: 'broken', problems: [expect.stringMatching(problem)] })
})

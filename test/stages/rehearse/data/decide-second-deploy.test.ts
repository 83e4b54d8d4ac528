import { expect, test } from 'vitest'
import { decideSecondDeploy, type SecondDeploy } from '../../../../src/stages/rehearse/data/decide-second-deploy.ts'

const nothing: SecondDeploy = {
  kind: 'engine',
  engine: 'Prisma',
  said: undefined,
  applied: { before: 2, after: 2 },
  failed: [],
  difference: { added: [], removed: [] },
  written: [],
}

test('one that finds nothing to do passes, and says so where rows could not be looked at', () => {
  expect(decideSecondDeploy(nothing)).toMatchObject({ outcome: 'pass', text: expect.stringMatching(/and no row$/) })
  expect(decideSecondDeploy({ ...nothing, written: undefined })).toMatchObject({
    outcome: 'pass',
    text: expect.stringContaining('whether it wrote rows is not known'),
  })
  expect(decideSecondDeploy({ kind: 'history', pending: [], applied: 3 })).toMatchObject({ outcome: 'pass' })
})

test.each<[string, Partial<Extract<SecondDeploy, { kind: 'engine' }>>, string]>([
  ['fails', { said: 'P3009\nfailed migrations' }, 'Prisma fails: P3009 failed migrations'],
  ['leaves a failed row', { failed: ['2_more'] }, '2_more is recorded as failed'],
  ['records one more', { applied: { before: 2, after: 3 } }, 'the history has 3 applied, and had 2'],
  ['changes the schema', { difference: { added: ['a', 'b'], removed: ['c', 'd'] } }, 'a, b, c, and 1 more'],
  ['writes rows', { written: [{ schema: 'public', name: 'User' }] }, 'it writes rows: public.User'],
])('one that %s does not', (_what, more, text) => {
  expect(decideSecondDeploy({ ...nothing, ...more })).toMatchObject({
    outcome: 'fail',
    text: expect.stringContaining(text),
  })
})

test('a migration that is pending again is named', () => {
  expect(decideSecondDeploy({ kind: 'history', pending: ['2_more'], applied: 1 })).toMatchObject({
    outcome: 'fail',
    text: 'pending again, although it was applied: 2_more',
  })
})

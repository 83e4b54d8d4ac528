import { expect, test } from 'vitest'
import { decideRecovery, type StoppedState } from '../../src/stages/recover/decide.ts'

const nothingChanged = { added: [], removed: [] }
const stopped: StoppedState = { applied: [], failed: undefined, notReached: [], difference: nothingChanged }

test('an atomic file that failed first, with an unchanged catalog, only left its row in the history', () => {
  expect(decideRecovery({ ...stopped, failed: { name: '2_x', atomic: true } })).toEqual({
    kind: 'clean-history',
    migration: '2_x',
  })
})

test('a file that is not atomic needs a human even when the catalog is unchanged, because rows may have been committed', () => {
  const recovery = decideRecovery({ ...stopped, failed: { name: '2_x', atomic: false } })
  expect(recovery).toMatchObject({
    kind: 'needs-human',
    state: [expect.stringContaining('statement by statement'), expect.any(String)],
  })
})

test('a catalog that changed needs a human, whatever the file promised', () => {
  const difference = {
    added: ['index CREATE INDEX i ON public.t USING btree (a) invalid'],
    removed: ['column public.t.b text'],
  }
  const recovery = decideRecovery({ ...stopped, failed: { name: '2_x', atomic: true }, difference })
  expect(recovery).toMatchObject({ kind: 'needs-human' })
  expect(recovery.kind === 'needs-human' && recovery.state).toEqual(
    expect.arrayContaining(['- column public.t.b text', `+ ${difference.added[0]}`]),
  )
})

test('migrations that were applied before the failure stand, and the state says so', () => {
  const recovery = decideRecovery({
    ...stopped,
    applied: ['1_a'],
    failed: { name: '2_x', atomic: true },
    notReached: ['3_c'],
  })
  expect(recovery).toMatchObject({
    kind: 'needs-human',
    state: expect.arrayContaining([
      'applied, and it stands: 1_a',
      expect.stringMatching(/^failed: 2_x/),
      'not reached: 3_c',
    ]),
  })
})

test('when Prisma stopped before it wrote anything there is nothing to do', () => {
  expect(decideRecovery({ ...stopped, notReached: ['1_a'] })).toEqual({ kind: 'nothing-to-do' })
})

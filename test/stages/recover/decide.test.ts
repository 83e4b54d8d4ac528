import { describe, expect, test } from 'vitest'
import { decideRecovery } from '../../../src/stages/recover/decide.ts'
import type { FailedMigration, StoppedState } from '../../../src/stages/recover/stopped-state.ts'

const nothingChanged = { added: [], removed: [] }
const stopped: StoppedState = {
  applied: [],
  notAsPlanned: [],
  failed: [],
  takenBack: undefined,
  notReached: [],
  difference: nothingChanged,
  atWork: undefined,
  historyInDoubt: undefined,
}
const rowsOnly = { atomic: true, mustShow: false, firstMustShow: false, firstBuilt: undefined, beyond: [] }
const shown = { ...rowsOnly, mustShow: true }
const inParts = { ...shown, atomic: false }
const firstShows = { ...inParts, firstMustShow: true }
const failed = (facts: Partial<FailedMigration> = {}): FailedMigration => ({
  name: '2_x',
  planned: rowsOnly,
  refusedWith: undefined,
  succeeded: false,
  rolledBack: false,
  resumption: undefined,
  ...facts,
})
const schemaChange = { added: ['column public.t.b text'], removed: ['column public.t.a text'] }

function stateOf(state: Partial<StoppedState>): string {
  const recovery = decideRecovery({ ...stopped, ...state })
  if (recovery.kind !== 'needs-human') throw new Error(`decided ${recovery.kind}`)
  return recovery.state.join('\n')
}

describe('one file failed first, and the schema is the same: its row is cleaned only where it is proven that it was taken back', () => {
  test.each<[string, FailedMigration, RegExp]>([
    ['by the error of the server', failed({ refusedWith: '23502' }), /refused it \(SQLSTATE 23502\)/],
    ['by what became of its transaction', failed({ rolledBack: true }), /the server rolled back/],
    ['by a schema that would be another', failed({ planned: shown }), /none of what it does to the schema/],
    [
      'by a first statement that would show, in a file of several',
      failed({ planned: firstShows, refusedWith: '55P03' }),
      /refused its first statement \(SQLSTATE 55P03\)/,
    ],
  ])('%s', (_how, one, because) => {
    expect(decideRecovery({ ...stopped, failed: [one], notReached: ['3_c'] })).toEqual({
      kind: 'clean-history',
      failed: one,
      because: expect.stringMatching(because),
    })
  })

  test.each<[string, FailedMigration, RegExp]>([
    ['Prisma recorded no error', failed(), /whether its changes are in force is not known/],
    ['Prisma recorded that it succeeded', failed({ succeeded: true, refusedWith: '23502' }), /all of it is in force/],
    [
      'it is not one transaction',
      failed({ planned: inParts, refusedWith: '23502', rolledBack: true }),
      /what came before the failing statement stayed/,
    ],
    [
      'it is not one transaction and nobody knows how far it came',
      failed({ planned: inParts }),
      /which of them were committed is not known/,
    ],
    [
      'the first statement would show, and the server refused none',
      failed({ planned: firstShows }),
      /which of them were committed is not known/,
    ],
    [
      'it is not the text that was planned',
      failed({ planned: undefined, refusedWith: '23502', rolledBack: true }),
      /not the text that was planned/,
    ],
  ])('and a person is asked where %s', (_why, one, said) => {
    expect(stateOf({ failed: [one] })).toMatch(said)
  })
})

describe('a proven failure is still for a person', () => {
  const proven = failed({ refusedWith: '23502', rolledBack: true, planned: shown })
  test.each<[string, Partial<StoppedState>, string]>([
    ['after one that is applied', { applied: ['1_a'] }, 'applied, and it stands: 1_a'],
    [
      'after one that nobody planned',
      { applied: ['1_evil'], notAsPlanned: ['1_evil was in no plan'] },
      '1_evil was in no plan',
    ],
    ['where the schema changed', { difference: schemaChange }, '+ column public.t.b text'],
    ['beside a second one', { failed: [proven, failed({ name: '0_y' })] }, 'failed: 0_y'],
    ['while somebody is at work', { atWork: 'process 7 (psql)' }, 'process 7 (psql)'],
    ['where the history is in doubt', { historyInDoubt: '0_init was recorded' }, '0_init was recorded'],
  ])('%s', (_what, change, said) => {
    expect(stateOf({ failed: [proven], ...change })).toContain(said)
  })
})

test('whatever is known of a failed file, nothing is said to be gone above a list of changes', () => {
  const facts: readonly Partial<FailedMigration>[] = [
    { refusedWith: '23502' },
    { rolledBack: true },
    { planned: shown },
    {},
  ]
  for (const fact of facts) {
    const said = stateOf({ failed: [failed(fact)], difference: schemaChange })
    expect(said).toContain('- column public.t.a text\n+ column public.t.b text')
    expect(said).not.toMatch(/nothing|took .* back|same as before|none of what it does/)
  }
})

test('an unchanged schema proves nothing about rows, and the state says so', () => {
  expect(stateOf({ failed: [failed()] })).toContain('The schema is the same as before. Rows were not compared.')
})

test('what was not reached is named', () => {
  expect(stateOf({ applied: ['1_a'], failed: [failed({ refusedWith: '23502' })], notReached: ['3_c'] })).toContain(
    'not reached: 3_c',
  )
})

describe('without a failed row', () => {
  test('and with nothing applied there is nothing to do', () => {
    expect(decideRecovery({ ...stopped, notReached: ['1_a'] })).toEqual({ kind: 'nothing-to-do' })
  })

  test('and with nothing left everything is applied', () => {
    expect(decideRecovery({ ...stopped, applied: ['1_a'] })).toEqual({ kind: 'all-applied' })
  })

  test.each<[string, Partial<StoppedState>]>([
    ['the schema changed', { difference: schemaChange }],
    ['the history is in doubt', { historyInDoubt: '1_a names _prisma_migrations itself' }],
    ['somebody is at work', { atWork: 'process 7 (psql)' }],
    ['one stands and one was not reached', { applied: ['0_b'] }],
  ])('it is not "nothing" where %s', (_what, change) => {
    expect(decideRecovery({ ...stopped, notReached: ['1_a'], ...change }).kind).toBe('needs-human')
  })
})

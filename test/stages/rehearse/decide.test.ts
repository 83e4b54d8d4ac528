import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/stages/plan/plan.ts'
import { findOf, otherState, problemsOf, unsaid } from '../../../src/stages/rehearse/decide.ts'
import type { RealRun } from '../../../src/stages/rehearse/rehearsal.ts'
import type { StoppedTrace, Trace } from '../../../src/stages/rehearse/trace/trace.ts'

const migration = (name: string, checksum = 'c'): Plan['migrations'][number] => ({
  name,
  checksum,
  file: `${name}/migration.sql`,
  stage: 'expand',
  execution: { kind: 'batch', atomic: true, because: '' },
  statements: [],
})
const plan: Plan = {
  migrations: [migration('1_a'), migration('2_b')],
  findings: [],
  allowed: [],
  risks: [],
  obstacles: [],
  digest: 'sha256:0' as Plan['digest'],
  leftOut: [],
}
const same = { added: [], removed: [] }
const real: RealRun = {
  engine: 'Prisma',
  ms: 1,
  finished: ['1_a', '2_b'],
  failed: [],
  said: undefined,
  difference: same,
}
const trace: Trace = { files: [], stopped: undefined }
const stopped: StoppedTrace = {
  migration: '2_b',
  index: 0,
  line: 3,
  sql: 'CREATE UNIQUE INDEX',
  sqlState: '23505',
  message: 'could not create unique index',
  cause: '2 rows have the same email.',
  offending: { kind: 'counted', rows: 2 },
  find: 'SELECT 1;',
}

describe('a rehearsal', () => {
  test('has passed where the engine applied everything and both runs left the same', () => {
    expect(problemsOf(plan, { real, trace, apart: same })).toEqual([])
  })

  test('names the rows behind a failure of the engine, and how to find them', () => {
    const failed = { ...real, finished: ['1_a'], failed: ['2_b'], said: 'ERROR: could not create' }
    const problems = problemsOf(plan, { real: failed, trace: { ...trace, stopped }, apart: same })
    expect(problems).toEqual(['2_b:3 2 rows have the same email.', 'could not create unique index (SQLSTATE 23505)'])
    expect(findOf({ ...trace, stopped }, failed)).toBe('SELECT 1;')
  })

  test('takes no cause from another migration than the one that the engine failed on', () => {
    const failed = { ...real, finished: [], failed: ['1_a'], said: 'ERROR: something' }
    expect(problemsOf(plan, { real: failed, trace: { ...trace, stopped }, apart: same })).toEqual(['ERROR: something'])
    expect(findOf({ ...trace, stopped }, failed)).toBeUndefined()
  })

  test.each([
    ['statement by statement it stopped', { trace: { ...trace, stopped } }, 'statement by statement it did not'],
    [
      'the two runs left different schemas',
      { apart: { added: ['table public.x'], removed: [] } },
      'only with Prisma: table public.x',
    ],
    ['a migration is not recorded', { real: { ...real, finished: ['1_a'] } }, '2_b is not recorded as applied'],
    ['a migration is recorded as failed', { real: { ...real, failed: ['2_b'] } }, '2_b is recorded as failed'],
    [
      'an index is invalid',
      { real: { ...real, difference: { added: ['index i invalid'], removed: [] } } },
      'invalid index i',
    ],
  ] as const)('has not passed, although the engine reports success, where %s', (_title, changed, said) => {
    expect(problemsOf(plan, { real, trace, apart: same, ...changed }).join('\n')).toContain(said)
  })

  test('stops for a lock or a rewrite that nobody was told of, and not for a scan or for less than was said', () => {
    const at = { migration: '1_a', line: 2 }
    const disagreements = [
      { ...at, what: 'lock', said: undefined, seen: 'AccessExclusiveLock on public.a', text: 'locks more' },
      { ...at, what: 'rewrite', said: undefined, seen: 'public.a', text: 'rewrites' },
      { ...at, what: 'scan', said: undefined, seen: 'public.a', text: 'scans' },
      { ...at, what: 'lock', said: 'ShareLock on public.a', seen: undefined, text: 'locks less' },
    ] as const
    expect(unsaid({ disagreements, resolved: [], compared: 4 })).toEqual(['1_a:2 locks more', '1_a:2 rewrites'])
  })

  test.each([
    ['fewer', [migration('2_b')]],
    ['others', [migration('1_a'), migration('2_c')]],
    ['the same with another text', [migration('1_a'), migration('2_b', 'changed')]],
    ['the same in another order', [migration('2_b'), migration('1_a')]],
    ['none', []],
  ])('is not made where %s are pending on the copy', (_title, pending) => {
    expect(otherState(plan, pending)?.code).toBe('REHEARSAL.OTHER_STATE')
    expect(otherState(plan, plan.migrations)).toBeUndefined()
  })
})

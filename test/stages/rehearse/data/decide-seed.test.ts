import { expect, test } from 'vitest'
import { decideSeed, type SeedRun } from '../../../../src/stages/rehearse/data/decide-seed.ts'
import type { Written } from '../../../../src/stages/rehearse/data/written.ts'

const tag: Written = {
  oid: '1',
  schema: 'public',
  name: 'Tag',
  file: '1',
  inserted: 0,
  updated: 0,
  deleted: 0,
  partition: false,
  newFile: false,
  before: 'public.Tag',
}
const ran = (written: Partial<Written> | undefined, rows: number | null): SeedRun => ({
  failure: undefined,
  written: written === undefined ? [] : [{ ...tag, ...written }],
  counts: new Map([['public.Tag', rows]]),
})

test.each<[string, SeedRun, SeedRun | undefined, object]>([
  [
    'the first run fails',
    { ...ran(undefined, null), failure: '`node` ended with exit code 1.\nmarker' },
    undefined,
    {
      outcome: 'fail',
      text: 'it fails on the copy: `node` ended with exit code 1. What it said is in the log.',
    },
  ],
  [
    'rows are replaced by as many',
    ran({ inserted: 2 }, 2),
    ran({ inserted: 2, deleted: 2 }, 2),
    { outcome: 'pass', rows: [{ table: 'public.Tag', counts: [0, 2, 2] }] },
  ],
  [
    'only the second run adds rows',
    { ...ran(undefined, null), counts: new Map() },
    ran({ inserted: 1 }, 4),
    { outcome: 'fail', rows: [{ table: 'public.Tag', counts: [3, 3, 4] }] },
  ],
  ['the rows are gone', ran({ inserted: 2 }, 2), ran({ deleted: 2 }, 0), { outcome: 'fail' }],
  ['they could not be counted', ran({ inserted: 2 }, null), ran({ updated: 2 }, null), { outcome: 'not-checked' }],
  [
    'the server does not count',
    { ...ran(undefined, null), written: undefined },
    { ...ran(undefined, null), written: undefined },
    { outcome: 'not-checked' },
  ],
  [
    'nothing is written',
    ran(undefined, null),
    ran(undefined, null),
    { outcome: 'pass', text: 'run twice, it writes nothing' },
  ],
])('a seed is judged by both runs: %s', (_what, first, second, expected) => {
  expect(decideSeed(first, second, { schema: 'public', mode: 'data' })).toMatchObject(expected)
})

test('a seed that fails when it runs again is told by how it ended, and by nothing that it printed', () => {
  const failed = { ...ran(undefined, null), failure: '`node` ended with exit code 1.\nmarker' }
  expect(decideSeed(ran({ inserted: 1 }, 1), failed, { schema: 'public', mode: 'data' })).toMatchObject({
    outcome: 'fail',
    text: 'it fails when it runs again: `node` ended with exit code 1. What it said is in the log.',
  })
})

test('a seed that fails where the copy has no rows may only miss those; that it adds rows again is told there too', () => {
  const failed = { ...ran(undefined, null), failure: 'no.' }
  const empty = { schema: 'public', mode: 'schema' } as const
  expect(decideSeed(failed, undefined, empty)).toMatchObject({
    outcome: 'not-checked',
    text: expect.stringContaining('may only miss those: no.'),
  })
  expect(decideSeed(ran({ inserted: 1 }, 1), ran({ inserted: 1 }, 2), empty)).toMatchObject({ outcome: 'fail' })
})

import { describe, expect, test } from 'vitest'
import { markdownReport } from '../../src/report/markdown.ts'
import { textReport } from '../../src/report/text.ts'
import type { RunResult } from '../../src/result.ts'

const migration = (name: string): RunResult['migrations'][number] => ({
  name,
  checksum: 'c',
  atomic: false,
  stage: 'data',
  statements: [],
})
const result: RunResult = {
  schemaVersion: 1,
  command: 'deploy',
  outcome: 'needs-human',
  reasonCode: 'migration_failed',
  reason: 'It stopped.',
  migrations: [migration('1_a'), migration('2_b'), migration('3_c')],
  applied: ['1_a'],
  failed: ['2_b'],
  findings: [],
  allowed: [],
  stages: [{ name: 'apply', outcome: 'fail', ms: 1, summary: '', detail: {} }],
  notices: ['`prisma/migrations/loose.sql` lies beside the migrations.'],
  next: [],
  startedAt: '2026-11-20T12:00:00.000Z',
  ms: 1,
}
const bug = { code: 'BUG', what: 'w', why: 'y', next: [] } as const

const statesIn = {
  Markdown: (one: RunResult) =>
    [...markdownReport(one).matchAll(/^\| `\d_\w` \| ([\w ]+) \|/gm)].map(([, state]) => state),
  text: (one: RunResult) =>
    [...textReport(one, { colour: false, finding: () => '' }).matchAll(/^ {2}([\w ]+?) {2}\d_\w {2}\(/gm)].map(
      ([, state]) => state,
    ),
}

describe.each(Object.entries(statesIn))('where each migration stands, in %s', (_format, states) => {
  test.each<[string, Partial<RunResult>, readonly string[]]>([
    ['as the history has it', {}, ['applied', 'failed', 'pending']],
    [
      'nobody could look',
      { reasonCode: 'state_unknown', applied: [], failed: [] },
      ['not known', 'not known', 'not known'],
    ],
    [
      'Airlock broke while Prisma was at work',
      { outcome: 'failed', reasonCode: 'BUG', failure: bug, applied: [], failed: [] },
      ['not known', 'not known', 'not known'],
    ],
    [
      'Airlock broke before that',
      { outcome: 'failed', reasonCode: 'BUG', failure: bug, applied: [], failed: [], stages: [] },
      ['pending', 'pending', 'pending'],
    ],
  ])('%s', (_what, change, expected) => {
    expect(states({ ...result, ...change })).toEqual(expected)
  })
})

test('what is worth knowing is read in either', () => {
  expect(markdownReport(result)).toContain('### Worth knowing\n\n- `prisma/migrations/loose.sql` lies beside')
  expect(textReport(result, { colour: false, finding: () => '' })).toContain('note     `prisma/migrations/loose.sql`')
})

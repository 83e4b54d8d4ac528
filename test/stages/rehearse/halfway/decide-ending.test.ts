import { describe, expect, test } from 'vitest'
import type { LeftBehind, Trace } from '../../../../src/stages/recover/left-behind/decide.ts'
import { decideEnding } from '../../../../src/stages/rehearse/halfway/decide-ending.ts'

const left = (traces: readonly Trace['kind'][], more: Partial<LeftBehind> = {}): LeftBehind => ({
  atomic: false,
  succeeded: false,
  refusedWith: undefined,
  statements: traces.map((kind, at) => ({
    line: at + 1,
    trace: kind === 'half' ? { kind, index: 'i' } : { kind },
  })),
  beyond: [],
  ...more,
})

describe('what the next deploy does is held against what is in force', () => {
  test.each([
    [left(['absent', 'absent']), 0, { next: 'again', wrong: false }],
    [left(['absent', 'absent']), 1, { next: 'again', wrong: true }],
    [left(['there', 'absent']), 1, { next: 'person', wrong: false }],
    [left(['there', 'absent']), 0, { next: 'person', wrong: true }],
    [left(['there', 'there']), 2, { next: 'recorded', wrong: false }],
    [left(['there', 'there']), 1, { next: 'recorded', wrong: true }],
    [left(['not known', 'not known']), 1, { next: 'person', wrong: false }],
    [left(['not known', 'absent', 'absent']), 2, { next: 'person', wrong: true }],
    [left(['there', 'there'], { atomic: true }), 2, { next: 'recorded', wrong: false }],
    [left(['absent'], { atomic: true, refusedWith: '23505' }), 0, { next: 'again', wrong: false }],
  ] as const)('%#', (found, inForce, ending) => {
    expect(decideEnding(found, { inForce })).toMatchObject(ending)
  })

  test('a person is told what can be seen', () => {
    expect(decideEnding(left(['there', 'not known', 'absent']), { inForce: 1 }).says).toBe(
      'In force are its statements up to line 1. Not in force are its statements from line 3 on. Whether what stands in line 2 is in force cannot be seen in the schema.',
    )
  })
})

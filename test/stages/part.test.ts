import { describe, expect, test } from 'vitest'
import { decidePart, type Part } from '../../src/stages/plan/part.ts'

const pending = ['2', '3', '4'].map((name) => ({ name }))
const stages = new Map([
  ['2', 'expand'],
  ['3', 'contract'],
  ['4', 'expand'],
] as const)
const decide = (part: Partial<Part>) => {
  const decided = decidePart({ through: undefined, stages: undefined, ...part }, pending, ['1'], (name) =>
    stages.get(name as '2'),
  )
  return decided.kind === 'part'
    ? [decided.pending.map(({ name }) => name).join(''), decided.leftOut.join('')]
    : decided
}

describe('a part is always a beginning', () => {
  test.each<[string, Partial<Part>, readonly [string, string]]>([
    ['all of it, where nothing is asked for', {}, ['234', '']],
    ['through the last', { through: '4' }, ['234', '']],
    ['through the first', { through: '2' }, ['2', '34']],
    ['through one that is applied already', { through: '1' }, ['', '234']],
    ['expand, up to the first of another stage', { stages: 'expand' }, ['2', '34']],
    ['both, whichever is shorter', { stages: 'expand', through: '4' }, ['2', '34']],
  ])('%s', (_what, part, expected) => {
    expect(decide(part)).toEqual(expected)
  })

  test('a name that is not there is refused', () => {
    expect(decide({ through: '9' })).toEqual({ kind: 'not-there', through: '9' })
  })

  test('a stage that is not known is not the one that was asked for', () => {
    expect(decidePart({ through: undefined, stages: 'expand' }, pending, [], () => undefined)).toMatchObject({
      pending: [],
    })
  })
})

import { describe, expect, test } from 'vitest'
import { decideLeftBehind, type LeftBehind, type Trace } from '../../../src/stages/recover/left-behind/decide.ts'

type Kind = Exclude<Trace['kind'], 'half'>

function left(atomic: boolean, kinds: readonly Kind[], more: Partial<LeftBehind> = {}): LeftBehind {
  const statements = kinds.map((kind, at) => ({ line: at + 1, trace: { kind } }))
  return { atomic, succeeded: false, refusedWith: undefined, statements, beyond: [], ...more }
}

describe('of one transaction one statement says what became of all', () => {
  test.each<[readonly Kind[], string]>([
    [['absent', 'not known'], 'nothing-in-force'],
    [['not known', 'absent'], 'nothing-in-force'],
    [['there', 'not known'], 'all-in-force'],
    [['not known'], 'for-a-person'],
    [['there', 'absent'], 'for-a-person'],
    [[], 'for-a-person'],
  ])('%j: %s', (kinds, expected) => {
    expect(decideLeftBehind(left(true, kinds)).kind).toBe(expected)
  })

  test('what the server refused was taken back, unless what it makes is there', () => {
    const refused = { refusedWith: '55P03' }
    expect(decideLeftBehind(left(true, ['not known'], refused))).toMatchObject({
      kind: 'nothing-in-force',
      because: expect.stringContaining('55P03'),
    })
    expect(decideLeftBehind(left(true, ['there'], refused)).kind).toBe('for-a-person')
  })
})

describe('statement by statement the first says that nothing is in force, and the last that all is', () => {
  test.each<[readonly Kind[], string]>([
    [['absent', 'not known'], 'nothing-in-force'],
    [['not known', 'there'], 'all-in-force'],
    [['there', 'not known'], 'for-a-person'],
    [['not known', 'absent'], 'for-a-person'],
    [['absent', 'there'], 'for-a-person'],
  ])('%j: %s', (kinds, expected) => {
    expect(decideLeftBehind(left(false, kinds)).kind).toBe(expected)
  })

  test('a person hears what is in force, what is not, and what cannot be seen', () => {
    expect(decideLeftBehind(left(false, ['there', 'not known', 'not known', 'absent']))).toEqual({
      kind: 'for-a-person',
      known: [
        'In force are its statements up to line 1.',
        'Not in force are its statements from line 4 on.',
        'Whether what stands in line 2, 3 is in force cannot be seen in the schema.',
      ],
    })
  })

  test('a last statement that the server refused is not in force because something of its name is there', () => {
    expect(decideLeftBehind(left(false, ['not known', 'there'], { refusedWith: '42701' })).kind).toBe('for-a-person')
  })
})

test('what would happen twice is for a person, although PostgreSQL took the file back', () => {
  const beyond = ['Numbers that it took from sequences stay taken.']
  expect(decideLeftBehind(left(true, ['absent'], { beyond }))).toEqual({ kind: 'for-a-person', known: beyond })
})

test('an index that was not finished is dropped before the next attempt', () => {
  const half = [{ line: 1, trace: { kind: 'half', index: 'public."A_idx"' } }] as const
  expect(decideLeftBehind({ ...left(false, []), statements: half })).toMatchObject({
    kind: 'nothing-in-force',
    drop: 'DROP INDEX CONCURRENTLY public."A_idx"',
  })
})

test('a script that Prisma recorded as done is done', () => {
  expect(decideLeftBehind(left(false, ['not known'], { succeeded: true })).kind).toBe('all-in-force')
})

import { describe, expect, it } from 'vitest'
import type { DatabaseContent, SequenceContent } from '../../../../src/stages/backup/content/content.ts'
import {
  compareContent,
  isEqual,
  sayDifference,
  spanSequences,
} from '../../../../src/stages/backup/content/decide-comparison.ts'

const empty: DatabaseContent = {
  method: 'rows-1',
  serverMajor: 17,
  tables: [],
  sequences: [],
  largeObjects: { kind: 'read', count: 0, hash: '0' },
  notComparable: [],
}

function sequence(from: string, to: string, changed: Partial<SequenceContent> = {}): SequenceContent {
  const position = (text: string) => ({ lastValue: text.replace('<', ''), isCalled: !text.startsWith('<') })
  return {
    kind: 'read',
    schema: 'public',
    name: 's',
    ascending: true,
    cycles: false,
    from: position(from),
    to: position(to),
    ...changed,
  } as SequenceContent
}

function compared(source: SequenceContent, copy: SequenceContent) {
  return compareContent({ ...empty, sequences: [source] }, { ...empty, sequences: [copy] })
}

describe('compareContent', () => {
  it.each([
    ['5', '5', '5', true],
    ['5', '5', '4', false],
    ['5', '5', '6', false],
    ['5', '5', '<5', false],
    ['<5', '5', '<5', true],
    ['<1', '9007199254740993', '9007199254740993', true],
    ['<1', '9007199254740993', '9007199254740994', false],
    ['5', '9', '7', true],
    ['5', '9', '4', false],
  ])(
    'a sequence that went from %s to %s during the dump, at %s in the copy: equal is %s',
    (from, to, copy, expected) => {
      expect(isEqual(compared(sequence(from, to), sequence(copy, copy)))).toBe(expected)
    },
  )

  it.each([
    ['9', '5', '7', true],
    ['9', '5', '4', false],
    ['9', '5', '10', false],
    ['<9', '9', '<9', true],
  ])('one that goes down, from %s to %s, at %s in the copy: equal is %s', (from, to, copy, expected) => {
    const down = { ascending: false }
    expect(isEqual(compared(sequence(from, to, down), sequence(copy, copy, down)))).toBe(expected)
  })

  it('a sequence that was moved back during the dump is not compared, whatever the copy has', () => {
    const result = compared(sequence('9', '5'), sequence('7', '7'))
    expect(result.differences).toEqual([])
    expect(result.notRead).toEqual(['"public"."s": it was moved back while the dump was made'])
    expect(isEqual(result)).toBe(false)
  })

  it('what was not read is neither equal nor different, and says why', () => {
    const unread = { kind: 'not-read', schema: 'a', name: 'b', because: 'no time' } as const
    const read = { kind: 'read', schema: 'a', name: 'b', rows: 1, hash: '2' } as const
    for (const [source, copy] of [
      [unread, read],
      [read, unread],
    ] as const) {
      const result = compareContent({ ...empty, tables: [source] }, { ...empty, tables: [copy] })
      expect(result.differences).toEqual([])
      expect(result.notRead.join()).toMatch(/"a"\."b" in the (source|copy): no time/)
      expect(isEqual(result)).toBe(false)
    }
    const lost = { kind: 'not-read', because: 'denied' } as const
    expect(isEqual(compareContent({ ...empty, largeObjects: lost }, empty))).toBe(false)
  })

  it('hashes of another major are not compared, although they are the same', () => {
    const result = compareContent(empty, { ...empty, serverMajor: 18 })
    expect(isEqual(result)).toBe(false)
    expect(result.notRead[0]).toContain('rows-1 of PostgreSQL 17 and rows-1 of 18')
  })

  it('the same hash with another number of rows is a difference', () => {
    const table = { kind: 'read', schema: 'a', name: 'b', rows: 1, hash: '2' } as const
    const result = compareContent({ ...empty, tables: [table] }, { ...empty, tables: [{ ...table, rows: 2 }] })
    expect(result.differences.map(sayDifference)).toEqual(['"a"."b": 1 rows in the source, 2 in the copy'])
  })
})

describe('spanSequences', () => {
  it('joins before and after, and names what was created or dropped in between', () => {
    const one = sequence('1', '1')
    const [created, dropped] = [sequence('3', '3', { name: 'new' }), sequence('4', '4', { name: 'old' })]
    expect(spanSequences([one, dropped], [sequence('2', '2'), created])).toEqual([
      sequence('1', '2'),
      { kind: 'not-read', schema: 'public', name: 'old', because: 'it was dropped while the dump was made' },
      { kind: 'not-read', schema: 'public', name: 'new', because: 'it was created while the dump was made' },
    ])
  })
})

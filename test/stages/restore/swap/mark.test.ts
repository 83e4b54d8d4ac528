import { describe, expect, test } from 'vitest'
import {
  parseRestoreMark,
  parseSwapMark,
  restoreMark,
  swapMark,
  withoutMark,
} from '../../../../src/stages/restore/swap/mark.ts'

const sha256 = 'b'.repeat(64)

describe('what a run leaves in a comment', () => {
  test.each(['filling', 'whole'] as const)('a restored database that is %s is read back', (state) => {
    const mark = { backup: 'shop-20261121T000000Z', sha256, state }
    expect(parseRestoreMark(restoreMark(mark))).toEqual(mark)
    expect(withoutMark(restoreMark(mark))).toBeNull()
  })

  test.each([null, 'ours', 'two\nlines', 'airlock swap: no'])(
    'a database put aside keeps the comment %j, below',
    (comment) => {
      const mark = { name: 'it\'s "x"\\', at: '2026-11-21T00:00:00.000Z', successorOid: 16_999, backup: 'b', sha256 }
      const text = swapMark(mark, comment)
      expect(parseSwapMark(text)).toEqual(mark)
      expect(withoutMark(text)).toBe(comment)
    },
  )

  test.each([null, '', 'ours', `airlock restore of x sha256:${sha256}: something else`])(
    '%j is somebody else’s',
    (comment) => {
      expect(parseRestoreMark(comment)).toBeUndefined()
      expect(parseSwapMark(comment)).toBeUndefined()
      expect(withoutMark(comment)).toBe(comment)
    },
  )
})

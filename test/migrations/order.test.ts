import { describe, expect, test } from 'vitest'
import { compareNames, disputedPair, orderOf } from '../../src/migrations/order.ts'

describe('the order of migrations', () => {
  test.each([
    ['6.0.1', 'bytes'],
    ['6.5.0', 'bytes'],
    ['6.6.0', 'locale'],
    ['6.19.3', 'locale'],
    ['7.10.1', 'locale'],
    [undefined, 'locale'],
  ])('of Prisma %s is by %s', (version, order) => {
    expect(orderOf(version)).toBe(order)
  })

  test('by locale puts `_` before digits, where bytes put it after', () => {
    const names = ['20240101000000_b', '20240101_a']
    expect(names.toSorted(compareNames('locale'))).toEqual(['20240101_a', '20240101000000_b'])
    expect(names.toSorted(compareNames('bytes'))).toEqual(['20240101000000_b', '20240101_a'])
  })

  test('by bytes is that of UTF-8', () => {
    const names = ['b\u{10000}', 'b\uffff', 'b', 'B', 'a_', 'a0']
    const expected = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(names.toSorted(compareNames('bytes'))).toEqual(expected)
  })

  test('is not in dispute between names with full timestamps', () => {
    expect(disputedPair(['0_init', '20240101000000_init', '20240102000000_Add', '20240103000000_add'])).toBeUndefined()
    expect(disputedPair([])).toBeUndefined()
  })

  test('is in dispute where the two sort differently', () => {
    expect(disputedPair(['20240101000000_b', '20240101_a', '20230101000000_x'])).toEqual([
      '20240101_a',
      '20240101000000_b',
    ])
    expect(disputedPair(['20240101000000_a', '20240101000000_B'])).toEqual(['20240101000000_a', '20240101000000_B'])
  })
})

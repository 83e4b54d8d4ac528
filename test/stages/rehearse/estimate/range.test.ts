import { expect, test } from 'vitest'
import { exactly, independentSum, product, sum } from '../../../../src/stages/rehearse/estimate/range.ts'

const half = { low: 0.5, likely: 1, high: 2 }

test('two uncertain factors are less uncertain together than both at their worst', () => {
  const { low, likely, high } = product([half, half])
  expect(likely).toBe(1)
  expect(high).toBeCloseTo(2 ** Math.SQRT2)
  expect(low).toBeCloseTo(2 ** -Math.SQRT2)
})

test('a certain factor adds no uncertainty', () => {
  expect(product([half, exactly(3)])).toEqual({ low: expect.closeTo(1.5), likely: 3, high: expect.closeTo(6) })
})

test('parts that have nothing to do with each other are not all at their worst at once, parts of one server are', () => {
  const part = { low: 6, likely: 10, high: 13 }
  expect(independentSum([part, part])).toEqual({
    low: expect.closeTo(20 - Math.hypot(4, 4)),
    likely: 20,
    high: expect.closeTo(20 + Math.hypot(3, 3)),
  })
  expect(sum([part, part])).toEqual({ low: 12, likely: 20, high: 26 })
})

test('nothing lasts less than no time', () => {
  expect(independentSum([{ low: -5, likely: 1, high: 2 }]).low).toBe(0)
})

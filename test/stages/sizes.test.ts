import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/rules/finding.ts'
import { findingsWithSizes, type Measured, rowsText } from '../../src/stages/plan/sizes.ts'

const finding: Finding = {
  rule: 'create-index-blocks-writes',
  severity: 'warning',
  migration: '1_a',
  file: '1_a/migration.sql',
  line: 1,
  column: 1,
  message: 'Creates the index i.',
  why: 'Writers wait.',
  instead: 'CREATE INDEX CONCURRENTLY i ON "Order" (id);',
  docs: 'd',
  relation: 'public.Order',
}

function sized(change: Partial<Finding>, size?: { bytes: number; rows: number | null }, more: Partial<Measured> = {}) {
  const [result] = findingsWithSizes([{ ...finding, ...change }], {
    sizes: new Map(size === undefined ? [] : [['public.Order', size]]),
    largeBytes: 100 * 1024 ** 2,
    schema: 'public',
    settings: {},
    ...more,
  })
  return { severity: result?.severity, why: result?.why }
}

const large = { bytes: 2.1 * 1024 ** 3, rows: 12_345_678 }
const small = { bytes: 8_192, rows: 3 }

describe('a finding whose harm grows with the table', () => {
  test('stays a warning on a large one, and says how large it is', () => {
    expect(sized({}, large)).toEqual({
      severity: 'warning',
      why: 'Writers wait. "Order" has 2.1 GB and about 12 million rows.',
    })
  })

  test('is a notice on a small one', () => {
    expect(sized({}, small)).toEqual({
      severity: 'notice',
      why: 'Writers wait. "Order" has 8.0 kB and about 3 rows, which is less than 100 MB and counts as small.',
    })
  })

  test('is large from exactly the threshold on', () => {
    const at = { bytes: 100 * 1024 ** 2, rows: null }
    expect(sized({}, at).severity).toBe('warning')
    expect(sized({}, { ...at, bytes: at.bytes - 1 }).severity).toBe('notice')
    expect(sized({}, at, { largeBytes: at.bytes + 1 }).severity).toBe('notice')
  })

  test('counts as large where the size is not known, and says so', () => {
    expect(sized({})).toEqual({
      severity: 'warning',
      why: 'Writers wait. The size of "Order" is not known and counts as large.',
    })
  })

  test('keeps the severity that somebody chose', () => {
    const settings = { 'create-index-blocks-writes': 'error' } as const
    expect(sized({ severity: 'error' }, small, { settings }).severity).toBe('error')
    expect(sized({}, small, { settings: { 'create-index-blocks-writes': 'warning' } }).severity).toBe('warning')
  })

  test('stays an error where it is one: what is lost is lost in one row as well', () => {
    expect(sized({ rule: 'change-column-type', severity: 'error' }, small).severity).toBe('error')
  })
})

test('a finding that has nothing to do with size, or with no single table, stays as it is', () => {
  expect(sized({ rule: 'ban-drop-column' }, small)).toEqual({ severity: 'warning', why: 'Writers wait.' })
  expect(sized({ relation: undefined }, small)).toEqual({ severity: 'warning', why: 'Writers wait.' })
})

test.each([
  [null, 'an unknown number of rows'],
  [0, 'about 0 rows'],
  [1, 'about 1 row'],
  [999, 'about 1 thousand rows'],
  [12_345, 'about 12 thousand rows'],
  [1_250_000, 'about 1.3 million rows'],
  [999_999, 'about 1 million rows'],
  [3.2e9, 'about 3.2 billion rows'],
])('%s rows read as %s', (rows, text) => {
  expect(rowsText(rows)).toBe(text)
})

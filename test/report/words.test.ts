import { expect, test } from 'vitest'
import { formatBytes, formatMs, plural } from '../../src/report/words.ts'

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [119_600, '2 min 0 s'],
  [3_725_000, '62 min 5 s'],
])('%d ms read as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text)
})

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 kB'],
  [10_240, '10 kB'],
  [5 * 1024 ** 4, '5.0 TB'],
  [5_000 * 1024 ** 4, '5000 TB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('one is one, and none are many', () => {
  expect([plural(0, 'table'), plural(1, 'table'), plural(2, 'index', 'indexes')]).toEqual([
    '0 tables',
    '1 table',
    '2 indexes',
  ])
})

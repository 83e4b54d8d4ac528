import { describe, expect, it } from 'vitest'
import { isOnlyUnknownTimeout, needsTolerance } from '../../src/postgres/transaction-timeout.ts'

describe('needsTolerance', () => {
  it.each([
    [15, 14, false],
    [16, 16, false],
    [17, 16, true],
    [18, 14, true],
    [18, 17, false],
  ])('client %i on server %i: %s', (clientMajor, serverMajor, expected) => {
    expect(needsTolerance(clientMajor, serverMajor)).toBe(expected)
  })
})

describe('isOnlyUnknownTimeout', () => {
  // As pg_restore 17.11 says it to a server 16.14.
  const known = [
    'pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"',
    'Command was: SET transaction_timeout = 0;',
  ]
  const ending = (count: number) => `pg_restore: warning: errors ignored on restore: ${count}`
  const another = [
    'pg_restore: error: could not execute query: ERROR:  role "x" does not exist',
    'Command was: ALTER TABLE public.t OWNER TO x;',
  ]

  it.each([
    ['the known error alone', [...known, ending(1)], true],
    ['another one besides', [...known, ...another, ending(2)], false],
    ['another one alone', [...another, ending(1)], false],
    ['it twice', [...known, ...known, ending(2)], false],
    ['it without the ending, so pg_restore died', known, false],
    ['it with a count that does not fit', [...known, ending(2)], false],
    [
      'it and a fatal one',
      [...known, 'pg_restore: error: could not read from input file: end of file', ending(1)],
      false,
    ],
    ['nothing', [], false],
  ])('%s: %s', (_, lines, expected) => {
    expect(isOnlyUnknownTimeout(lines.join('\n'))).toBe(expected)
  })

  describe('of jobs that write past each other', () => {
    // As pg_restore 17.11 with two jobs said it to a server 16.14 on a busy machine.
    const mixed = [
      known[0],
      known[1],
      'pg_restore:pg_restore:  error: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"',
      known[1],
      'could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"',
      known[1],
      ...known,
      ending(2),
    ]
    it.each([
      ['the known error of each connection', mixed, 4, true],
      ['more of them than connections', mixed, 3, false],
      ['another one among them', [...mixed.slice(0, 4), ...another, ...mixed.slice(6)], 4, false],
      [
        'another one in the same line',
        [...mixed.slice(0, 3), `pg_restore: error: ${mixed[4]}`, ...mixed.slice(3)],
        4,
        false,
      ],
      ['a fatal one that ends a line', [...mixed.slice(0, 8), 'pg_restore: fatal: out of memory', ending(2)], 4, false],
      ['no ending', mixed.slice(0, -1), 4, false],
    ])('%s', (_, lines, connections, expected) => {
      expect(isOnlyUnknownTimeout(lines.join('\n'), connections)).toBe(expected)
    })
  })
})

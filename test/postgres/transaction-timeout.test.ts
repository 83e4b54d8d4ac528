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
})

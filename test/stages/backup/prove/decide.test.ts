import { expect, test } from 'vitest'
import { scratchFailed } from '../../../../src/stages/backup/prove/decide.ts'

test.each([
  [
    'pg_restore: error: COPY failed for table "item": ERROR:  could not extend file "base/5/1": No space left on device',
    'SCRATCH.NO_SPACE',
  ],
  [
    'pg_restore: error: could not execute query: server closed the connection unexpectedly\n\tThis probably means',
    'SCRATCH.LOST',
  ],
])('%s: is the scratch server, not the dump', (said, code) => {
  expect(scratchFailed(said)?.code).toBe(code)
})

test.each([
  [
    'a foreign server',
    'pg_restore: error: could not execute query: ERROR:  could not connect to server "x"\nDETAIL:  connection to server at "10.0.0.1" failed',
  ],
  [
    'the text of a statement',
    'pg_restore: error: could not execute query: ERROR:  type "x" does not exist\nCommand was: COMMENT ON TABLE t IS \'No space left on device\';',
  ],
])('%s is not taken for the scratch server', (_what, said) => {
  expect(scratchFailed(said)).toBeUndefined()
})

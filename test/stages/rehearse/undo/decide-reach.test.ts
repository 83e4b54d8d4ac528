import { expect, test } from 'vitest'
import { whyReachesOut } from '../../../../src/stages/rehearse/undo/decide-reach.ts'

test.each([
  [`SELECT dblink_exec('host=prod', 'DROP TABLE t');`, 'dblink()'],
  [`SELECT "dblink" ('host=prod', 'SELECT 1');`, 'dblink()'],
  [`DO $$ BEGIN PERFORM public.dblink('x', 'y'); END $$;`, 'dblink()'],
  [`COPY t TO PROGRAM 'curl -d @- http://127.0.0.1';`, 'PROGRAM'],
  [`DO $$ BEGIN EXECUTE 'COPY t FROM PROGRAM ''id'''; END $$;`, 'PROGRAM'],
  [`COPY t TO '/var/lib/t.csv';`, 'writes a file'],
  ['DROP TABLE u; DROP SUBSCRIPTION s;', 'SUBSCRIPTION'],
  [`DO $$ BEGIN EXECUTE 'DROP SUBSCRIPTION s'; END $$;`, 'SUBSCRIPTION'],
  ['ALTER SYSTEM SET work_mem = 1;', 'ALTER SYSTEM'],
])('a way back of somebody’s own that reaches out of the copy is found: %s', (sql, why) => {
  expect(whyReachesOut(sql)).toContain(why)
})

test('one that stays in its database is none of these', () => {
  expect(
    whyReachesOut('ALTER TABLE t DROP COLUMN c; DELETE FROM copy WHERE id = 1; COMMENT ON TABLE t IS NULL;'),
  ).toBeUndefined()
})

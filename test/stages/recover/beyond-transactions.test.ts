import { expect, test } from 'vitest'
import { emptyCatalog } from '../../../src/sql/catalog/model.ts'
import { beyondTransactions } from '../../../src/stages/recover/beyond-transactions.ts'
import { lastOf } from '../../sql/history.ts'

const before = `
CREATE SEQUENCE s;
CREATE TABLE t (id serial, note text);
CREATE FUNCTION forward() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('s'); END $$;
CREATE FUNCTION back() RETURNS int LANGUAGE sql AS 'SELECT setval(''s'', 1); SELECT 1';
CREATE FUNCTION reset() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM back(); RETURN NEW; END $$;
CREATE TABLE watched (id int);
CREATE TRIGGER watch AFTER INSERT ON watched FOR EACH ROW EXECUTE FUNCTION reset();
CREATE FUNCTION away() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN dblink_exec('x', 'DELETE FROM t'); END $$;
CREATE FUNCTION unread(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;`

const taken = 'Numbers that it took from sequences stay taken.'
const setval = 'What setval() did stays: no transaction takes that back.'
const dblink = 'What dblink_exec() did stays: no transaction takes that back.'
const unread = 'It runs code that could not be read to its end: a sequence that this moved stays where it is.'

test.each<readonly [string, readonly string[]]>([
  ["SELECT setval('s', 1)", [setval]],
  ["SELECT nextval('s')", [taken]],
  ['SELECT forward()', [taken]],
  ['SELECT back()', [setval]],
  ['DO $$ BEGIN PERFORM back(); END $$', [setval]],
  ['INSERT INTO watched VALUES (1)', [setval]],
  ["INSERT INTO t (note) VALUES ('a')", [taken]],
  ['SELECT away()', [dblink, unread]],
  ["SELECT unread('a' || note) FROM t", [unread]],
  ['INSERT INTO t (id) VALUES (1)', []],
  ['ALTER SEQUENCE s RESTART', []],
  ['UPDATE t SET note = 1', []],
])('what stays of a file that was rolled back, through the functions it calls: %s', (sql, stays) => {
  expect(beyondTransactions(lastOf([before, sql], { catalog: emptyCatalog }).statements)).toEqual(stays)
})

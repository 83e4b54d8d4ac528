import { describe, expect, test } from 'vitest'
import { emptyCatalog } from '../../src/sql/catalog/model.ts'
import { history, lastOf } from './history.ts'

/** A database with data, and a function that deletes it. */
const before = `
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE other (id int PRIMARY KEY, note text);
CREATE FUNCTION evil(x text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; RETURN x; END $$;
CREATE FUNCTION evil_int(x int) RETURNS int LANGUAGE sql AS 'DELETE FROM users; SELECT 1';
CREATE FUNCTION evil_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; RETURN NEW; END $$;`

/** What the last file does, on top of all files before it. */
function effectsOf(...files: readonly string[]) {
  const { statements } = lastOf([before, ...files], { catalog: emptyCatalog })
  return {
    loses: [...new Set(statements.flatMap(({ effects }) => effects.loses.map(({ kind, name }) => `${kind} ${name}`)))],
    unknown: statements.some(({ effects }) => effects.unknown),
    because: statements.flatMap(({ effects }) => effects.unknownBecause ?? []),
    overwrites: statements.flatMap(({ effects }) => effects.overwrites),
  }
}

describe('code that is reached without its name is followed', () => {
  test.each<readonly [string, ...string[]]>([
    ['a call', "SELECT evil('a')"],
    [
      'a call in a trigger of the table',
      'CREATE TRIGGER t BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'INSERT INTO other VALUES (1)',
    ],
    [
      'a trigger of a table above it',
      'CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parted DEFAULT; CREATE TRIGGER t BEFORE INSERT ON parted FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'INSERT INTO part VALUES (1)',
    ],
    [
      'the condition of a trigger',
      "CREATE TRIGGER t BEFORE INSERT ON other FOR EACH ROW WHEN (evil(NEW.note) = 'a') EXECUTE FUNCTION suppress_redundant_updates_trigger()",
      'INSERT INTO other VALUES (1)',
    ],
    [
      'an INSTEAD OF trigger of a view',
      'CREATE VIEW v AS SELECT id FROM other; CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'INSERT INTO v VALUES (1)',
    ],
    [
      'a TRUNCATE trigger',
      'CREATE TABLE spare (id int); CREATE TRIGGER t BEFORE TRUNCATE ON spare EXECUTE FUNCTION evil_trigger()',
      'TRUNCATE spare',
    ],
    [
      'the default of a column',
      "ALTER TABLE other ALTER COLUMN note SET DEFAULT evil('a')",
      'INSERT INTO other (id) VALUES (1)',
    ],
    ['the default of a new column', "ALTER TABLE other ADD COLUMN extra text DEFAULT evil('a')"],
    [
      'a default that is declared stable',
      "CREATE FUNCTION calm() RETURNS text STABLE LANGUAGE sql AS $$ SELECT evil('a') $$",
      'ALTER TABLE other ADD COLUMN extra text DEFAULT calm()',
    ],
    [
      'a function that is declared immutable',
      'CREATE FUNCTION calm() RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; RETURN 1; END $$',
      'SELECT calm()',
    ],
    [
      'the default of a table made by hand',
      "CREATE TABLE made (id int, x text DEFAULT evil('a'))",
      'INSERT INTO made (id) VALUES (1)',
    ],
    [
      'a check',
      'ALTER TABLE other ADD CONSTRAINT c CHECK (evil(note) IS NOT NULL) NOT VALID',
      'INSERT INTO other VALUES (1)',
    ],
    [
      'a check that is validated',
      'ALTER TABLE other ADD CONSTRAINT c CHECK (evil(note) IS NOT NULL) NOT VALID',
      'ALTER TABLE other VALIDATE CONSTRAINT c',
    ],
    ['a check that is added', 'ALTER TABLE other ADD CONSTRAINT c CHECK (evil(note) IS NOT NULL)'],
    ['the check of a domain', 'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL)', "SELECT 'a'::d"],
    [
      'the check of a domain, called like a function',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL)',
      "SELECT d('a')",
    ],
    [
      'the check of a domain of a column',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE TABLE made (x d)',
      "INSERT INTO made VALUES ('a')",
    ],
    [
      'the check of a domain over a domain',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE DOMAIN e AS d',
      "SELECT 'a'::e",
    ],
    [
      'a function that is called after another of its name was dropped',
      'CREATE FUNCTION evil(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; DROP FUNCTION evil(int, int)',
      "SELECT evil('a')",
    ],
    ['an operator', 'CREATE OPERATOR === (FUNCTION = evil_int, RIGHTARG = int)', 'SELECT === 1'],
    [
      'an operator with a name of the server',
      'CREATE FUNCTION eq(users, text) RETURNS bool LANGUAGE sql AS $$ SELECT evil($2) IS NULL $$; CREATE OPERATOR = (FUNCTION = eq, LEFTARG = users, RIGHTARG = text)',
      "SELECT * FROM users u WHERE u = 'a'",
    ],
    ['a cast', 'CREATE CAST (text AS int) WITH FUNCTION evil_int(text)', "SELECT 'a'::text::int"],
    [
      'an assignment cast',
      'CREATE CAST (text AS int) WITH FUNCTION evil_int(text) AS ASSIGNMENT',
      'INSERT INTO other (id) SELECT note FROM other',
    ],
    ['an index on an expression', 'CREATE INDEX i ON other (evil(note))'],
    [
      'an index on an expression, when a row is written',
      'CREATE INDEX i ON other (evil(note))',
      'INSERT INTO other VALUES (1)',
    ],
    ['the condition of an index', "CREATE INDEX i ON other (id) WHERE evil(note) = 'a'"],
    ['USING', 'ALTER TABLE other ALTER COLUMN note TYPE text USING evil(note)'],
    ['a view that is read', "CREATE VIEW v AS SELECT evil('a')", 'SELECT * FROM v'],
    [
      'a materialized view that is refreshed',
      "CREATE MATERIALIZED VIEW v AS SELECT evil('a') WITH NO DATA",
      'REFRESH MATERIALIZED VIEW v',
    ],
    [
      'a function that the function of a trigger calls, replaced',
      'CREATE FUNCTION helper() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE FUNCTION outer_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM helper(); RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION outer_trigger()',
      'CREATE OR REPLACE FUNCTION helper() RETURNS int LANGUAGE sql AS $$ DELETE FROM users; SELECT 1 $$; INSERT INTO other VALUES (1)',
    ],
    [
      'a trigger of a table that the function of a trigger writes',
      'CREATE TABLE log (id int); CREATE FUNCTION outer_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (1); RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION outer_trigger(); CREATE TRIGGER l BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'INSERT INTO other VALUES (1)',
    ],
    [
      'the bounds of a partition',
      'CREATE TABLE parted (id int) PARTITION BY RANGE (id)',
      'CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1) TO (evil_int(2))',
    ],
    [
      'the key of a partitioned table',
      'CREATE TABLE parted (id int) PARTITION BY RANGE (evil_int(id))',
      'INSERT INTO parted VALUES (1)',
    ],
    [
      'the default of a domain',
      "CREATE DOMAIN d AS text; ALTER DOMAIN d SET DEFAULT evil('a'); CREATE TABLE made (id int, x d)",
      'INSERT INTO made (id) VALUES (1)',
    ],
    [
      'a domain inside a composite type',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE TYPE pair AS (a int, b d)',
      "SELECT ROW(1, 'a')::pair",
    ],
    [
      'a table of a composite type with a domain',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE TYPE pair AS (a int, b d); CREATE TABLE made OF pair',
      "INSERT INTO made VALUES (1, 'a')",
    ],
    ['statistics that are gathered', 'CREATE STATISTICS st ON (evil(note)), id FROM other', 'ANALYZE other'],
    [
      'a policy',
      "ALTER TABLE other ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON other USING (evil(note) = 'a')",
      'SELECT * FROM other',
    ],
    [
      'a row followed by a name',
      'CREATE FUNCTION fn(users) RETURNS text LANGUAGE sql AS $$ SELECT evil($1.name) $$',
      'SELECT u.fn FROM users u',
    ],
    [
      'a row in brackets followed by a name',
      'CREATE FUNCTION fn(users) RETURNS text LANGUAGE sql AS $$ SELECT evil($1.name) $$',
      'SELECT (u).fn FROM users u',
    ],
    [
      'a name of the server in another schema',
      'CREATE SCHEMA s; CREATE FUNCTION s.lower(text) RETURNS text LANGUAGE sql AS $$ SELECT public.evil($1) $$',
      "SELECT s.lower('A')",
    ],
    [
      'a name of the server with other arguments',
      'CREATE FUNCTION lower(users) RETURNS text LANGUAGE sql AS $$ SELECT evil($1.name) $$',
      'SELECT lower(u) FROM users u',
    ],
    ['a function that was renamed', 'ALTER FUNCTION evil(text) RENAME TO nice', "SELECT nice('a')"],
    ['a function that was moved', 'CREATE SCHEMA s; ALTER FUNCTION evil(text) SET SCHEMA s', "SELECT s.evil('a')"],
    [
      'a function that was renamed behind a default',
      "ALTER TABLE other ALTER COLUMN note SET DEFAULT evil('a'); ALTER FUNCTION evil(text) RENAME TO nice",
      'INSERT INTO other (id) VALUES (1)',
    ],
    [
      'the default of an argument',
      "CREATE FUNCTION nice(x text DEFAULT evil('a')) RETURNS text LANGUAGE sql AS 'SELECT x'",
      'SELECT nice()',
    ],
    [
      'a domain that a function gives back',
      "CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE FUNCTION nice() RETURNS d LANGUAGE sql AS $$ SELECT 'a' $$",
      'SELECT nice()',
    ],
    [
      'a domain of a variable',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL)',
      "DO $$ DECLARE v d := 'a'; BEGIN END $$",
    ],
    [
      'a domain of a variable, by the column that has it',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE TABLE made (x d)',
      "DO $$ DECLARE v made.x%TYPE := 'a'; BEGIN END $$",
    ],
    [
      'a domain inside the rows of a table',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE TABLE made (x d)',
      "SELECT ROW('a')::made",
    ],
    [
      'a domain that a function of JSON gives back',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL)',
      "SELECT JSON_VALUE(jsonb '1', '$' RETURNING d)",
    ],
    [
      'a row followed by a domain',
      'CREATE FUNCTION fn(users) RETURNS bool LANGUAGE sql AS $$ SELECT evil($1.name) IS NULL $$; CREATE DOMAIN d AS users CHECK (fn(VALUE))',
      'SELECT u.d FROM users u',
    ],
    [
      'a row followed by a name and a column',
      'CREATE FUNCTION fn(users) RETURNS other LANGUAGE sql AS $$ SELECT 1, evil($1.name) $$',
      'SELECT (u).fn.note FROM users u',
    ],
    [
      'an operator behind a NATURAL JOIN',
      "CREATE TYPE pair AS (a int); CREATE FUNCTION eq(pair, pair) RETURNS bool LANGUAGE sql AS $$ SELECT evil('a') IS NULL $$; CREATE OPERATOR = (FUNCTION = eq, LEFTARG = pair, RIGHTARG = pair); CREATE TABLE made (p pair)",
      'SELECT count(*) FROM made NATURAL JOIN (TABLE made) m',
    ],
    [
      'a cast behind a foreign key',
      "CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION plain(mood) RETURNS text LANGUAGE sql AS $$ SELECT public.evil('a') $$; CREATE CAST (mood AS text) WITH FUNCTION plain(mood) AS IMPLICIT; CREATE TABLE up (id text PRIMARY KEY); CREATE TABLE down (m mood)",
      'ALTER TABLE down ADD FOREIGN KEY (m) REFERENCES up',
    ],
    ['the place of an element', "DO $$ DECLARE a text[]; BEGIN a[length(evil('a'))] := 'b'; END $$"],
    ['the condition of a COPY', "COPY other FROM '/tmp/rows' WHERE evil(note) IS NOT NULL"],
    [
      'a row that changes its partition',
      'CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1); CREATE TABLE rest PARTITION OF parted DEFAULT; CREATE TRIGGER t AFTER DELETE ON part FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'UPDATE parted SET id = 2',
    ],
    [
      'a view in a policy',
      "CREATE VIEW v AS SELECT evil('a') AS x; ALTER TABLE other ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON other USING (EXISTS (TABLE v))",
      'SELECT * FROM other',
    ],
    [
      'the default of a domain that a branch may have given it',
      "CREATE DOMAIN d AS text; CREATE TABLE made (id int, x d); DO $$ BEGIN IF now() > '2020-01-01' THEN ALTER DOMAIN d SET DEFAULT evil('a'); END IF; END $$",
      'INSERT INTO made (id) VALUES (1)',
    ],
    [
      'a check that a domain inside a composite type gets later',
      'CREATE DOMAIN d AS text; CREATE TYPE pair AS (a int, b d); ALTER DOMAIN d ADD CONSTRAINT c CHECK (evil(VALUE) IS NOT NULL) NOT VALID',
      "SELECT ROW(1, 'a')::pair",
    ],
    [
      'a check that a domain inside the type of a column gets later',
      'CREATE DOMAIN d AS text; CREATE TYPE pair AS (a int, b d); CREATE TABLE made (x pair); ALTER DOMAIN d ADD CONSTRAINT c CHECK (evil(VALUE) IS NOT NULL) NOT VALID',
      "INSERT INTO made VALUES (ROW(1, 'a'))",
    ],
    [
      'a domain inside an attribute that a composite type gets later',
      'CREATE DOMAIN d AS text CHECK (evil(VALUE) IS NOT NULL); CREATE TYPE pair AS (a int); ALTER TYPE pair ADD ATTRIBUTE b d',
      "SELECT ROW(1, 'a')::pair",
    ],
    ['COPY of a query', 'COPY (DELETE FROM users RETURNING *) TO STDOUT'],
    [
      'a cascade that fires a trigger',
      'CREATE TABLE child (id int REFERENCES other ON DELETE CASCADE); CREATE TRIGGER t AFTER DELETE ON child FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'DELETE FROM other',
    ],
    [
      'a path that changed',
      'CREATE SCHEMA s; CREATE FUNCTION s.calm() RETURNS int LANGUAGE sql AS $$ DELETE FROM public.users; SELECT 1 $$; CREATE FUNCTION calm() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      'SET search_path = s; SELECT calm()',
    ],
  ])('%s', (_what, ...files) => expect(effectsOf(...files).loses).toContain('rows public.users'))
})

describe('what cannot be followed is unknown', () => {
  test.each<readonly [string, ...string[]]>([
    ['a function that nobody has seen', 'SELECT nobody_knows(1)'],
    ['one of the server that can do anything', "SELECT pg_catalog.query_to_xml('DELETE FROM users', true, true, '')"],
    ['a name of the server in a schema that has no such function', 'SELECT public.pi()'],
    [
      'a function whose path was changed, among others of its name',
      'CREATE FUNCTION two(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE FUNCTION two(a text) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; ALTER FUNCTION two(int) SET search_path = s',
      'SELECT two(1)',
    ],
    [
      'a function that shares its name with an aggregate',
      'CREATE AGGREGATE agg(text) (SFUNC = evil_agg, STYPE = text); CREATE FUNCTION agg(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      "SELECT agg('a')",
    ],
    [
      'a table that is created on an unknown path, and then dropped',
      'SET LOCAL search_path = s; CREATE TABLE users (id int)',
      'RESET search_path; DROP TABLE users',
    ],
    ['an aggregate', 'CREATE AGGREGATE count(text) (SFUNC = evil_agg, STYPE = text)', "SELECT count('a'::text)"],
    ['a type with functions of its own', 'CREATE TYPE t (INPUT = tin, OUTPUT = tout)'],
    ['a table that becomes part of an extension', 'ALTER EXTENSION pgcrypto ADD TABLE users'],
    [
      'a table that hides another for as long as a transaction lasts',
      'BEGIN; CREATE TEMP TABLE users (id int) ON COMMIT DROP; COMMIT; DELETE FROM users',
    ],
    ['what a session takes back', 'CREATE TEMP TABLE spare (id int); DISCARD TEMP'],
    [
      'a table that a branch may have put in front of another',
      'CREATE SCHEMA s; SET search_path = s, public; DO $$ BEGIN IF now() IS NULL THEN CREATE TABLE s.users (id int); END IF; END $$; DELETE FROM users',
    ],
    [
      'a new table that a branch may have exchanged for another',
      'CREATE TABLE fresh (id int); DO $$ BEGIN IF now() IS NOT NULL THEN DROP TABLE fresh; ALTER TABLE users RENAME TO fresh; END IF; END $$; DELETE FROM fresh',
    ],
    [
      'names with a dot in them',
      'CREATE SCHEMA "public.x"; CREATE TABLE public."x.users" (id int); DELETE FROM "public.x".users',
    ],
    [
      'a path that is set behind a condition',
      "CREATE SCHEMA s; CREATE TABLE s.users (id int); SELECT set_config('search_path', 's', false) FROM other WHERE false; DELETE FROM users",
    ],
    [
      'a path that lasts as long as a transaction',
      "CREATE SCHEMA s; SELECT set_config('search_path', 's', true); DELETE FROM users",
    ],
    [
      'a path with the schema of the user',
      'CREATE SCHEMA somebody; SET search_path = "$user", public; DELETE FROM users',
    ],
    [
      'the path of a function with the schema of the user',
      'CREATE SCHEMA somebody; CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = "$user", public AS $$ DELETE FROM other; SELECT 1 $$',
      'SELECT f()',
    ],
    [
      'a path with the schema of the user in front of another place for it',
      'CREATE SCHEMA app; SET search_path = "$user", public, app; DELETE FROM users',
    ],
    [
      'the path of a function that got the schema of the user later',
      'CREATE SCHEMA somebody; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM other; SELECT 1 $$; ALTER FUNCTION f() SET search_path = "$user", public',
      'SELECT f()',
    ],
    [
      'a path that is set by a default',
      "ALTER TABLE other ALTER COLUMN note SET DEFAULT set_config('search_path', 's', false)",
      'INSERT INTO other (id) VALUES (1)',
    ],
    [
      'a view that becomes another',
      `CREATE VIEW v AS SELECT 'a' AS x; CREATE OR REPLACE RULE "_RETURN" AS ON SELECT TO v DO INSTEAD SELECT evil('a') AS x`,
    ],
    [
      'a format of somebody’s own in computed text',
      "CREATE FUNCTION format(text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'DELETE FROM users' $$; DO $$ BEGIN EXECUTE format('SELECT %s'::text, '1'::text); END $$",
    ],
    ['a function for event triggers', "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"],
    [
      "a function among those of PostgreSQL's own",
      "CREATE FUNCTION pg_catalog.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
    ['a function in C', "CREATE FUNCTION c() RETURNS int LANGUAGE c AS 'lib', 'c'"],
    ['an event trigger', 'CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION evil()'],
    [
      'a function that an event trigger of before calls',
      'CREATE FUNCTION helper() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM helper(); END $$; CREATE EVENT TRIGGER w ON ddl_command_end EXECUTE FUNCTION watch()',
      'CREATE OR REPLACE FUNCTION helper() RETURNS int LANGUAGE sql AS $$ DELETE FROM users; SELECT 1 $$',
    ],
    ['a program', "COPY other FROM PROGRAM 'rm -rf /'"],
    ['a program in a block', "DO $$ BEGIN COPY other FROM PROGRAM 'rm -rf /'; END $$"],
    ['a program in computed text', "DO $$ BEGIN EXECUTE 'COPY other FROM PROGRAM ''x'''; END $$"],
    ["a table of the server's own", "UPDATE pg_class SET relname = 'a'"],
    ["a table of the server's own, with its schema", 'DELETE FROM pg_catalog.pg_proc'],
    ['another role', 'SET ROLE postgres'],
    ['triggers switched off', 'SET session_replication_role = replica'],
    ['triggers switched off by a call', "SELECT set_config('session_replication_role', 'replica', true)"],
    ['a setting whose name is computed', "SELECT set_config('standard_' || 'conforming_strings', 'off', false)"],
    ['strings read another way', 'SET standard_conforming_strings = off'],
    ['strings read another way, locally', 'SET LOCAL "standard_conforming_strings" TO off'],
    ['strings read another way, in escapes', String.raw`SET U&"standard\005fconforming_strings" = off`],
    ['strings read another way, by a call', "SELECT set_config('standard_conforming_strings', 'off', false)"],
    ['strings read another way, in a block', 'DO $$ BEGIN SET LOCAL standard_conforming_strings = off; END $$'],
    [
      'strings read another way, in a function',
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql SET standard_conforming_strings = off AS 'SELECT 1'",
    ],
    ['a lock timeout that is lifted', 'SET lock_timeout = 0'],
    ['a lock timeout that is lifted by a call', "SELECT set_config('lock_timeout', '0', false)"],
    ['a lock timeout that is lifted in a block', "DO $$ BEGIN SET LOCAL lock_timeout = '1h'; END $$"],
    ['a lock timeout that is computed', "SELECT set_config('lock_timeout', note, false) FROM other"],
    [
      "an operator over one of the server's own that can do anything",
      'CREATE OPERATOR === (FUNCTION = pg_catalog.lo_unlink, RIGHTARG = oid)',
      'SELECT === 5',
    ],
    ['another encoding', "SET NAMES 'GBK'"],
    ['a setting of the database', 'ALTER DATABASE shop SET standard_conforming_strings = off'],
    ['a setting of the server', "ALTER SYSTEM SET archive_command = 'x'"],
    ['a role', 'ALTER ROLE somebody SUPERUSER'],
    ['unqualified names on an unknown path', 'RESET search_path; DELETE FROM other'],
    ['unqualified names after RESET ALL', 'RESET ALL; DELETE FROM other'],
    ['unqualified names on the default path', 'SET search_path TO DEFAULT; DELETE FROM other'],
    ['unqualified names after SET LOCAL', 'SET LOCAL search_path = s; DELETE FROM other'],
    [
      'the rows of another server',
      'CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE away (id int) SERVER s',
      'SELECT * FROM away',
    ],
    [
      'a type with a name of the server',
      "CREATE TYPE public.text AS ENUM ('a'); CREATE FUNCTION f(text) RETURNS int LANGUAGE c AS 'lib', 'c'; CREATE OR REPLACE FUNCTION f(public.text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "SELECT f('a'::varchar)",
    ],
    [
      'a foreign table',
      'CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE away (id int) SERVER s',
      'DELETE FROM away',
    ],
    ['a prepared statement', "PREPARE p AS SELECT evil('a'); CREATE TABLE made AS EXECUTE p"],
    ['a rule', 'CREATE RULE r AS ON INSERT TO other DO ALSO DELETE FROM users', 'INSERT INTO other VALUES (1)'],
    [
      'a rule of a view',
      'CREATE VIEW v AS SELECT id FROM other; CREATE RULE r AS ON INSERT TO v DO INSTEAD DELETE FROM users',
      'INSERT INTO v VALUES (1)',
    ],
    [
      'a variable that a procedure sets',
      "CREATE PROCEDURE p(INOUT x text) LANGUAGE sql AS $$ SELECT 'DELETE FROM users' $$",
      "DO $$ DECLARE q text := 'SELECT 1'; BEGIN CALL p(q); EXECUTE q; END $$",
    ],
  ])('%s', (_what, ...files) => {
    expect(effectsOf(...files).unknown).toBe(true)
  })
})

describe('what is harmless stays so', () => {
  test.each<readonly [string, ...string[]]>([
    ['functions of the server', "SELECT lower('A'), now(), pg_catalog.upper('b'), count(*) FROM other"],
    [
      'a trigger that sets a column',
      'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note = now(); RETURN NEW; END $$; CREATE TRIGGER t BEFORE UPDATE ON other FOR EACH ROW EXECUTE FUNCTION touch()',
      'UPDATE other SET id = 1',
    ],
    [
      'a trigger for another event',
      'CREATE TRIGGER t AFTER DELETE ON other FOR EACH ROW EXECUTE FUNCTION evil_trigger()',
      'INSERT INTO other VALUES (1)',
    ],
    [
      'a trigger of an extension',
      'CREATE EXTENSION moddatetime; CREATE TRIGGER t BEFORE UPDATE ON other FOR EACH ROW EXECUTE FUNCTION moddatetime (note)',
      'UPDATE other SET id = 1',
    ],
    [
      'a default that makes an id',
      "CREATE FUNCTION nanoid(size int) RETURNS text LANGUAGE plpgsql AS $$ DECLARE id text := ''; BEGIN id := md5(random()::text); RETURN substr(id, 1, size); END $$; ALTER TABLE other ALTER COLUMN note SET DEFAULT nanoid(10)",
      'INSERT INTO other (id) VALUES (1)',
    ],
    ['an operator of an extension', "CREATE EXTENSION pg_trgm; SELECT * FROM other WHERE note % 'a'"],
    [
      'settings that only tune',
      "SET statement_timeout = '5min'; SET LOCAL work_mem = '1GB'; SET lock_timeout = '2s'; RESET lock_timeout; SET standard_conforming_strings = on; SET client_encoding = 'UTF8'; SELECT set_config('app.tenant', 'a', true)",
    ],
    [
      'the schema of a user where there is none but public',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = "$user", public AS $$ INSERT INTO other VALUES (1); SELECT 1 $$',
      'SELECT f()',
    ],
    ['the path it has', 'SET search_path = public; SELECT * FROM other'],
    [
      'qualified names on an unknown path',
      "SELECT pg_catalog.set_config('search_path', '', false); INSERT INTO public.other VALUES (1)",
    ],
  ])('%s', (_what, ...files) => {
    const { loses, unknown, because } = effectsOf(...files)
    expect({ loses, unknown }, because.join()).toEqual({ loses: [], unknown: false })
  })
})

describe('rows that get other values', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['UPDATE', ['public.other'], ['UPDATE other SET note = NULL']],
    [
      'ON CONFLICT DO UPDATE',
      ['public.other'],
      ['INSERT INTO other VALUES (1) ON CONFLICT (id) DO UPDATE SET note = 1'],
    ],
    ['a WITH in front of a SELECT', ['public.other'], ['WITH w AS (UPDATE other SET id = 2 RETURNING 1) SELECT 1']],
    ['a block', ['public.other'], ['DO $$ BEGIN UPDATE other SET id = 2; END $$']],
    ['MERGE', ['public.other'], ['MERGE INTO other USING users ON true WHEN MATCHED THEN UPDATE SET id = 2']],
    [
      'a cascade',
      ['public.child'],
      ['CREATE TABLE child (id int REFERENCES other ON DELETE SET NULL)', 'DELETE FROM other'],
    ],
    [
      'TRUNCATE of the owner of a sequence',
      ['public.s'],
      [
        'CREATE SEQUENCE s',
        'CREATE TABLE fresh (id int); ALTER SEQUENCE s OWNED BY fresh.id; TRUNCATE fresh RESTART IDENTITY',
      ],
    ],
    ['setval of a name in capitals', ['public.s'], ['CREATE SEQUENCE s', `CREATE SEQUENCE "S"; SELECT setval('S', 1)`]],
    [
      'RESTART of an identity column',
      ['public.made_id_seq'],
      ['CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY)', 'ALTER TABLE made ALTER COLUMN id RESTART'],
    ],
    ['setval', ['public.s'], ['CREATE SEQUENCE s', "SELECT setval('s', 1)"]],
    ['RESTART of a sequence', ['public.s'], ['CREATE SEQUENCE s', 'ALTER SEQUENCE s RESTART']],
    ['no INSERT', [], ['INSERT INTO other VALUES (1)']],
    ['no nextval', [], ['CREATE SEQUENCE s', "SELECT nextval('s')"]],
    ['no table of the same file', [], ['CREATE TABLE fresh (id int); UPDATE fresh SET id = 1']],
  ])('%s', (_what, expected, files) => {
    expect(effectsOf(...files).overwrites).toEqual(expected)
  })
})

test('temporary tables and the search path last from file to file where one session applies them', () => {
  const session = { path: ['public'] }
  const [, , alone] = history([before, 'CREATE TEMP TABLE users (id int)', 'DROP TABLE users'], {
    catalog: emptyCatalog,
  })
  expect(alone?.statements[0]?.effects.loses).toEqual([{ kind: 'table', name: 'public.users' }])
  const [, , together] = history([before, 'CREATE TEMP TABLE users (id int)', 'DROP TABLE users'], {
    catalog: emptyCatalog,
    session,
  })
  expect(together?.statements[0]?.effects.loses).toEqual([])
})

test('values of a composite type lose what the type loses', () => {
  const made = 'CREATE TYPE pair AS (a int, b text); CREATE TABLE made (x pair)'
  expect(effectsOf(made, 'ALTER TYPE pair DROP ATTRIBUTE b').loses).toEqual(['column public.pair.b'])
  expect(effectsOf(made, 'ALTER TYPE pair ALTER ATTRIBUTE b TYPE int CASCADE').unknown).toBe(true)
  expect(effectsOf(made, 'ALTER TYPE pair ADD ATTRIBUTE c int')).toMatchObject({ loses: [], unknown: false })
})

test('DROP TYPE … CASCADE takes the columns of domains over it', () => {
  const made = "CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN calm AS mood; CREATE TABLE made (x calm)"
  expect(effectsOf(made, 'DROP TYPE mood CASCADE').loses).toContain('column public.made.x')
  expect(
    effectsOf(
      'CREATE TYPE mood AS ENUM (); CREATE TYPE pair AS (a mood); CREATE TABLE made (x pair)',
      'DROP TYPE mood CASCADE',
    ),
  ).toMatchObject({ loses: ['type public.mood', 'column public.pair.a'], unknown: false })
})

test('a constraint of a domain reads what has a domain over it, and is refused where a row, an array or a range has it inside', () => {
  const made =
    'CREATE DOMAIN d AS text; CREATE DOMAIN e AS d; CREATE TYPE pair AS (b e); CREATE TABLE direct (x e); CREATE TABLE free (y pair)'
  const scans = (...files: readonly string[]) =>
    lastOf([before, ...files], { catalog: emptyCatalog }).statements.flatMap(({ effects }) => effects.scans)
  expect(scans(made, "ALTER DOMAIN d ADD CHECK (VALUE <> '')")).toEqual(['public.direct', 'public.free'])
  expect(effectsOf(made, "ALTER DOMAIN d ADD CHECK (VALUE <> '')").because.join()).toContain(
    'PostgreSQL refuses it as long as public.free.y',
  )
  expect(effectsOf(made, 'DROP TABLE free', 'ALTER DOMAIN d SET NOT NULL')).toMatchObject({ unknown: false })
  expect(effectsOf(made, "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID")).toMatchObject({
    unknown: false,
  })
})

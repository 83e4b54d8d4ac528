/**
 * Every kind of thing that a dump could lose, and every type that Prisma can create. To be run as a superuser, one after
 * the other: a new label of an enum cannot be used in the transaction that adds it (up to 16 of any enum).
 */
export function richSchema(major: number): readonly string[] {
  const enumType = `CREATE TYPE "Role" AS ENUM ('ADMIN', 'it''s'); ALTER TYPE "Role" ADD VALUE 'FIRST' BEFORE 'ADMIN';`
  const rest = `
  CREATE ROLE "report er" NOLOGIN; CREATE ROLE writer NOLOGIN; CREATE ROLE event_owner NOLOGIN SUPERUSER;
  CREATE SCHEMA "Odd ""schema""" AUTHORIZATION writer;
  CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm; CREATE EXTENSION "uuid-ossp";
  CREATE TYPE pair AS (a int, b "Role");
  CREATE DOMAIN positive AS bigint CHECK (VALUE > 0);
  CREATE DOMAIN tiny AS positive CHECK (VALUE < 1000000000000);
  CREATE TYPE span AS RANGE (subtype = timestamptz);
  CREATE COLLATION german (provider = libc, locale = 'C');
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
--
-- Name: User; Type: TABLE; Schema: public; Owner: nobody
--
BEGIN RETURN NEW; END $$;
  CREATE TABLE "User" (
    id bigserial PRIMARY KEY, uid uuid NOT NULL DEFAULT gen_random_uuid(), email citext UNIQUE, name varchar(40) CHECK (name IN ('a', 'b', 'Jürgen')),
    role "Role" NOT NULL DEFAULT 'ADMIN', roles "Role"[], small smallint, int4 int, real4 real, real8 double precision, num numeric(12, 2), anynum numeric,
    flag boolean, data jsonb, doc json, raw bytea, fixed char(5), bits bit(5), vbits varbit, day date, at timestamp(3), atz timestamptz(6) NOT NULL DEFAULT now(),
    tod time(3), todz timetz, gap interval, ip inet, net cidr, mac macaddr, mac8 macaddr8, markup xml, price money, tags text[], matrix int[][], pos positive, little tiny,
    comp pair, during span, nums int4range, place point, shape polygon, words tsvector, ask tsquery, attrs hstore, rel regclass, o oid, "char" "char", "na""me" name,
    upper text GENERATED ALWAYS AS (upper(email::text)) STORED${major >= 18 ? ', twice int GENERATED ALWAYS AS (int4 * 2) VIRTUAL' : ''}
  );
  COMMENT ON COLUMN "User".email IS 'it''s -- a comment';
  CREATE TABLE "Odd ""schema"""."Po\\st" (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author bigint REFERENCES "User" ON DELETE CASCADE, body text COLLATE german
  );
  CREATE TABLE event (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE event_2026 (at date NOT NULL, gone int, id int NOT NULL); ALTER TABLE event_2026 DROP COLUMN gone;
  ALTER TABLE event ATTACH PARTITION event_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE parent (id int); CREATE TABLE child (own text) INHERITS (parent); ALTER TABLE parent ADD COLUMN late text DEFAULT 'x';
  CREATE UNLOGGED TABLE cache (id int); CREATE TABLE nothing (); CREATE TABLE empty (id int);
  CREATE VIEW admins WITH (security_barrier) AS SELECT id, email FROM "User" WHERE role = 'ADMIN';
  CREATE MATERIALIZED VIEW summary AS SELECT role, count(*) FROM "User" GROUP BY role;
  CREATE INDEX by_upper ON "User" (lower(upper)) WHERE role = 'ADMIN' AND name IN ('a', 'b');
  CREATE INDEX by_tag ON "User" USING gin (tags); CREATE INDEX by_trgm ON "User" USING gin (name gin_trgm_ops);
  CREATE STATISTICS st ON role, flag FROM "User";
  CREATE TRIGGER touch BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE TRIGGER never BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE "User" DISABLE TRIGGER never;
  CREATE RULE keep AS ON DELETE TO cache DO INSTEAD NOTHING;
  ALTER TABLE "Odd ""schema"""."Po\\st" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
  CREATE POLICY own ON "Odd ""schema"""."Po\\st" FOR SELECT TO "report er", writer USING (author = 1);
  GRANT SELECT ON "User" TO "report er" WITH GRANT OPTION; SET SESSION AUTHORIZATION "report er"; GRANT SELECT ON "User" TO writer; RESET SESSION AUTHORIZATION;
  GRANT INSERT (email) ON "User" TO writer; GRANT EXECUTE ON FUNCTION touch() TO PUBLIC; REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;
  ALTER TABLE "User" OWNER TO app_owner; ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON TABLES TO "report er";
  CREATE SEQUENCE down INCREMENT BY -2 MAXVALUE 100 START 100; CREATE SEQUENCE untouched START 7; SELECT nextval('down'), nextval('down');
  CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER watcher ON ddl_command_end EXECUTE FUNCTION watch();
  ALTER EVENT TRIGGER watcher OWNER TO event_owner;
  CREATE PUBLICATION pub FOR TABLE "User";
  CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int, initcond = '0'); CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
  CREATE CAST ("Role" AS text) WITH INOUT AS ASSIGNMENT;
  INSERT INTO "User" (email, name, role, roles, small, int4, real4, real8, num, anynum, flag, data, doc, raw, fixed, bits, vbits, day, at, tod, todz, gap, ip, net, mac, mac8,
      markup, price, tags, matrix, pos, little, comp, during, nums, place, shape, words, ask, attrs, rel, o, "char", "na""me")
    SELECT 'User' || i || '@example.test', CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'Jürgen' END, CASE WHEN i % 3 = 0 THEN 'it''s' ELSE 'ADMIN' END::"Role", ARRAY['FIRST', NULL]::"Role"[],
      i % 100, -i, i / 3.0, CASE i % 5 WHEN 0 THEN 'NaN' WHEN 1 THEN '-0' WHEN 2 THEN 'Infinity' ELSE 1.0 / i END, i / 7.0, repeat('9', i % 50 + 1)::numeric / (i * 1000), i % 2 = 0,
      jsonb_build_object('n', 1.50, 'ü', E'a\\\\b\\n'), '{"b": 1,  "a": 1.0}', decode(md5(i::text), 'hex'), 'ab', B'10101', B'1', CASE i % 7 WHEN 0 THEN 'infinity' ELSE date '2024-01-01' + i END,
      timestamp '2024-01-01' + i * interval '1.001 s', '12:34:56.789', '12:34:56+05:30', interval '1 mon -1 day 00:00:01.5', '10.0.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
      '<a b="c">ü</a>', 12.34, ARRAY['x', NULL, 'y "z"', ''], ARRAY[[1, 2], [3, 4]], i, i, ROW(NULL, 'FIRST')::pair, span(now(), NULL), int4range(1, i + 1), point(i, 0.1), '((0,0),(1,1),(2,0))',
      to_tsvector('english', 'the quick fox'), to_tsquery('quick & !fox'), 'a=>1,b=>NULL', 'empty', i, 'c', 'x' FROM generate_series(1, 2000) i;
  INSERT INTO "User" (email, comp) VALUES (NULL, NULL), (NULL, ROW(NULL, NULL)::pair);
  INSERT INTO "Odd ""schema"""."Po\\st" (author, body) SELECT i, E'tab\\tline\\n\\\\.\\nend' FROM generate_series(1, 1500) i;
  INSERT INTO event SELECT i, date '2025-01-01' + i FROM generate_series(0, 500) i;
  INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 'own', 'late'); INSERT INTO cache VALUES (1); INSERT INTO nothing DEFAULT VALUES;
  SELECT lo_from_bytea(0, decode(repeat('ab', 5000), 'hex')), lo_from_bytea(0, ''); SELECT lo_put(max(oid), 9000, 'x') FROM pg_largeobject_metadata;
  SELECT lo_from_bytea(424242, 'mine'); ALTER LARGE OBJECT 424242 OWNER TO writer; GRANT SELECT ON LARGE OBJECT 424242 TO "report er";
  CREATE TABLE bench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84)); CREATE TABLE bench_history (aid int, delta int, mtime timestamp DEFAULT now());
  INSERT INTO bench_accounts SELECT i, i % 10, 0, '' FROM generate_series(1, 20000) i; CREATE SEQUENCE busy;
  REFRESH MATERIALIZED VIEW summary;
`
  return [enumType, rest]
}

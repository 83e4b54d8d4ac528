-- One of each kind of thing that the catalog of the server is read for.
CREATE SCHEMA app;
CREATE SCHEMA "Mixed case";

CREATE TYPE app.mood AS ENUM ('sad', 'happy');
CREATE TYPE app.pair AS (a int, b text);
CREATE TYPE app.span AS RANGE (subtype = float8);

CREATE FUNCTION app.is_fine(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN t <> $$$$; END';
CREATE FUNCTION app.is_fine(n int, VARIADIC m app.mood[]) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT n > 0';
CREATE FUNCTION app.written_in_sql(a int, OUT b int) LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT a; END;
CREATE FUNCTION app.next_code() RETURNS text LANGUAGE plpgsql SET search_path = app, "Mixed case" AS 'BEGIN RETURN 1; END';
CREATE FUNCTION app.nowhere() RETURNS int LANGUAGE sql SET search_path = '' AS 'SELECT 1';
CREATE FUNCTION app.half(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n / 2';
CREATE FUNCTION app.owns(n int) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT n > 0';
CREATE FUNCTION app.same(a app.pair, b app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT (a).a = (b).a';
CREATE FUNCTION app.mood_of(t text) RETURNS app.mood LANGUAGE sql IMMUTABLE AS 'SELECT NULL::app.mood';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE app.tidy(INOUT n bigint) LANGUAGE plpgsql AS 'BEGIN n := 1; END';
CREATE AGGREGATE app.total(int) (sfunc = int4pl, stype = int);
CREATE OPERATOR app.=== (LEFTARG = app.pair, RIGHTARG = app.pair, FUNCTION = app.same);
CREATE CAST (text AS app.mood) WITH FUNCTION app.mood_of(text);

CREATE DOMAIN app.label AS varchar(20) CHECK (app.is_fine(VALUE));
CREATE DOMAIN app.any_number AS int;
CREATE DOMAIN app.required AS text[] NOT NULL;

CREATE SEQUENCE app.codes;
CREATE TABLE app.kinds (
  id serial PRIMARY KEY, big bigserial, code int DEFAULT nextval('app.codes'), named text DEFAULT app.next_code(),
  a varchar(10), b varchar, c char(5), d char, e numeric(10, 2), f numeric(3, 0), g numeric, h timestamp(3), i timestamptz, j time(2),
  k interval, l interval(3), m interval year to month, n interval day to second(2), o bit(4), p bit varying(6), q text[], r varchar(7)[],
  s app.mood NOT NULL DEFAULT 'sad', t app.mood[], u app.label, v app.required, w "char", x oid, y jsonb, z app.span,
  half int GENERATED ALWAYS AS (app.half(id)) STORED
);
CREATE TABLE app.people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind_id int DEFAULT 1, boss bigint, one text, two text, "Quoted ""name""" int,
  twin app.pair, during tsrange,
  CONSTRAINT kind_fkey FOREIGN KEY (kind_id) REFERENCES app.kinds ON DELETE CASCADE ON UPDATE SET NULL,
  CONSTRAINT boss_fkey FOREIGN KEY (boss) REFERENCES app.people (id) ON DELETE SET NULL,
  CONSTRAINT one_or_two UNIQUE (one, two),
  CONSTRAINT there CHECK (one IS NOT NULL AND two IS NOT NULL),
  CONSTRAINT either CHECK (one IS NOT NULL OR two IS NOT NULL),
  CONSTRAINT alike CHECK (twin OPERATOR(app.===) twin),
  CONSTRAINT apart EXCLUDE USING gist (during WITH &&, int4range(kind_id, kind_id + 1) WITH &&) WHERE (boss IS NULL)
);
ALTER TABLE app.people ADD CONSTRAINT late CHECK (one <> '') NOT VALID;
CREATE INDEX plain_index ON app.people (one, boss);
CREATE INDEX falling ON app.people (one DESC);
CREATE INDEX with_more ON app.people (one) INCLUDE (two);
CREATE INDEX by_pattern ON app.people (one text_pattern_ops);
CREATE INDEX by_collation ON app.people (one COLLATE "POSIX");
CREATE INDEX hashed ON app.people USING hash (one);
CREATE UNIQUE INDEX computed ON app.people (kind_id, app.half("Quoted ""name""")) WHERE boss IS NOT NULL;
CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON app.people FOR EACH ROW WHEN (app.is_fine(NEW.one)) EXECUTE FUNCTION app.touch();
CREATE TRIGGER emptied AFTER DELETE OR TRUNCATE ON app.people EXECUTE FUNCTION app.touch();
CREATE TRIGGER quiet BEFORE UPDATE ON app.people FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE POLICY own ON app.people USING (app.owns(kind_id));
ALTER TABLE app.people ENABLE ROW LEVEL SECURITY;
CREATE RULE keep AS ON DELETE TO app.people DO INSTEAD NOTHING;

CREATE TABLE app.parted (id int, at int NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE app.part PARTITION OF app.parted FOR VALUES FROM (0) TO (10);
CREATE TRIGGER cloned BEFORE INSERT ON app.parted FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TABLE app.points_at (parted_id int, parted_at int, FOREIGN KEY (parted_id, parted_at) REFERENCES app.parted);
CREATE UNLOGGED TABLE app.base (id int);
CREATE TABLE app.derived (more int) INHERITS (app.base);

CREATE VIEW app.names AS SELECT one AS called FROM app.people WHERE app.owns(kind_id);
CREATE VIEW app.all_of_it AS SELECT names.*, kinds.a FROM app.names, app.kinds;
CREATE MATERIALIZED VIEW app.kept AS SELECT count(*) AS rows FROM app.people;
CREATE UNIQUE INDEX kept_key ON app.kept (rows);
CREATE TRIGGER instead INSTEAD OF INSERT ON app.names FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE RULE forget AS ON UPDATE TO app.names DO INSTEAD NOTHING;

CREATE TABLE "Mixed case"."Quote "" and space" ("Column "" too" int PRIMARY KEY, "select" text CHECK ("select" IS NOT NULL));
CREATE TABLE "Mixed case"."with.dot" (id int);
ALTER TYPE app.mood ADD VALUE 'ok' BEFORE 'happy';

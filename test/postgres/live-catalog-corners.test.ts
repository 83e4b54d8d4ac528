import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type OpenSession } from '../../src/postgres/connection.ts'
import { readLiveCatalog } from '../../src/postgres/live-catalog.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import type { Catalog, Table } from '../../src/sql/catalog/model.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { lastOf } from '../sql/history.ts'

let server: LabServer
const major = 18

beforeAll(async () => {
  server = await startServer(major)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

/** As the superuser: a new database, and in it what the SQL leaves. */
async function sessionAfter(sql: string): Promise<OpenSession> {
  const database = new URL(await server.createDatabase()).pathname.slice(1)
  const parsed = parseDatabaseUrl(server.superuserUrl(database), 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  const session = await connect(parsed.url)
  await session.query(sql)
  return session
}

async function catalogAfter(sql: string): Promise<Catalog> {
  await using session = await sessionAfter(sql)
  return await readLiveCatalog(session)
}

function tableIn(catalog: Catalog, name: string): Table {
  const found = catalog.relations.get(name)
  if (found?.kind !== 'table') throw new Error(`${name} is ${found?.kind ?? 'not there'}`)
  return found
}

describe('the live catalog', () => {
  test('is what an empty database has', async () => {
    const catalog = await catalogAfter('SELECT 1')
    expect([...catalog.relations, ...catalog.types, ...catalog.functions, ...catalog.hidden]).toEqual([])
    expect(catalog.schemas).toEqual(new Set(['public']))
  })

  test('trusts functions of extensions that are declared immutable, and those that are known', async () => {
    const catalog = await catalogAfter(`
      CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA public; CREATE EXTENSION "uuid-ossp" SCHEMA public;
      CREATE TABLE public.t (
        id uuid DEFAULT public.uuid_generate_v4(), name public.citext UNIQUE CHECK (public.strpos(name, '@') > 0), near real DEFAULT public.show_limit()
      );
    `)
    expect(tableIn(catalog, 'public.t').runs).toEqual(['public.show_limit'])
    expect(tableIn(catalog, 'public.t').columns.get('name')?.type).toMatchObject({ name: 'public.citext' })
    expect(catalog.types.get('public.citext')).toMatchObject({ kind: 'base', runs: [] })
    expect([...catalog.functions.keys(), ...catalog.hidden]).toEqual([])
  })

  test('has the tables of extensions', async () => {
    const catalog = await catalogAfter('CREATE SCHEMA tools; CREATE EXTENSION pg_stat_statements SCHEMA tools')
    expect(catalog.relations.get('tools.pg_stat_statements')?.kind).toBe('view')
  })

  test('has nothing that is temporary', async () => {
    await using session = await sessionAfter('CREATE TEMPORARY TABLE hidden (id serial PRIMARY KEY)')
    expect([...(await readLiveCatalog(session)).relations.keys()]).toEqual([])
  })

  test('does not call a column NOT NULL that may still hold a NULL', async () => {
    const catalog = await catalogAfter(`
      CREATE TABLE public.t (a int, b int);
      ALTER TABLE public.t ADD CONSTRAINT later NOT NULL a NOT VALID, ADD CONSTRAINT now NOT NULL b;
    `)
    const { columns, constraints } = tableIn(catalog, 'public.t')
    expect([...columns.values()].map(({ name, notNull }) => [name, notNull])).toEqual([
      ['a', false],
      ['b', true],
    ])
    expect(constraints.map(({ name, validated }) => [name, validated])).toEqual([
      ['later', false],
      ['now', true],
    ])
  })

  test('knows the partition that takes what fits no other', async () => {
    const catalog = await catalogAfter(`
      CREATE TABLE public.p (id int) PARTITION BY LIST (id);
      CREATE TABLE public.one PARTITION OF public.p FOR VALUES IN (1);
      CREATE TABLE public.rest PARTITION OF public.p DEFAULT;
    `)
    const isDefault = ['p', 'one', 'rest'].map((name) => tableIn(catalog, `public.${name}`).defaultPartition)
    expect(isDefault).toEqual([false, false, true])
  })

  test('follows a key of partitions, a class of operators and a rule behind a view to their functions', async () => {
    const catalog = await catalogAfter(`
      CREATE FUNCTION public.bucket(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n % 2';
      CREATE FUNCTION public.compare(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
      CREATE OPERATOR CLASS public.own_order FOR TYPE int USING btree AS
        OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 public.compare(int, int);
      CREATE TABLE public.parted (id int) PARTITION BY LIST (public.bucket(id));
      CREATE TABLE public.ordered (id int);
      CREATE INDEX ON public.ordered (id public.own_order);
      CREATE VIEW public.seen AS SELECT public.bucket(id) FROM public.ordered;
    `)
    expect(tableIn(catalog, 'public.parted').runs).toEqual(['public.bucket'])
    expect(tableIn(catalog, 'public.ordered').runs).toEqual(['public.compare'])
    expect(catalog.relations.get('public.seen')).toMatchObject({ runs: ['public.bucket'] })
    expect(catalog.hidden).toEqual(new Set(['public.compare']))
  })

  test('counts an operator or a cast by hand over what can do anything, whoever brought that', async () => {
    const catalog = await catalogAfter(`
      CREATE EXTENSION dblink SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA public; CREATE EXTENSION citext SCHEMA public;
      CREATE EXTENSION hstore SCHEMA public; CREATE EXTENSION ltree SCHEMA public; CREATE EXTENSION btree_gist SCHEMA public;
      CREATE OPERATOR public.=== (FUNCTION = pg_catalog.lo_unlink, RIGHTARG = oid);
      CREATE OPERATOR public.!! (FUNCTION = pg_catalog.pg_terminate_backend, LEFTARG = int, RIGHTARG = bigint);
      CREATE OPERATOR public.~~~ (FUNCTION = public.dblink_exec, LEFTARG = text, RIGHTARG = text);
      CREATE OPERATOR public.|+| (FUNCTION = pg_catalog.int4pl, LEFTARG = int, RIGHTARG = int);
      CREATE CAST (varchar AS bytea) WITH FUNCTION pg_catalog.pg_read_binary_file(text) AS ASSIGNMENT;
    `)
    expect([...catalog.hidden].toSorted()).toEqual([
      'pg_catalog.lo_unlink',
      'pg_catalog.pg_read_binary_file',
      'pg_catalog.pg_terminate_backend',
      'public.dblink_exec',
    ])
    const [statement] = lastOf(['SELECT === 5'], { catalog }).statements
    expect(statement?.effects.unknownBecause).toMatch(/lo_unlink/)
  })

  test('counts a hand-made operator that was made a member of an extension by somebody', async () => {
    await using session = await sessionAfter('CREATE ROLE owner_of_it; CREATE EXTENSION citext SCHEMA public')
    await session.query(`
      CREATE OPERATOR public.=== (FUNCTION = pg_catalog.lo_unlink, RIGHTARG = oid);
      ALTER OPERATOR public.=== (NONE, oid) OWNER TO owner_of_it; ALTER EXTENSION citext ADD OPERATOR public.=== (NONE, oid);
    `)
    expect((await readLiveCatalog(session)).hidden).toEqual(new Set(['pg_catalog.lo_unlink']))
  })

  test('does not know where a function looks whose path has the schema of its user', async () => {
    const made = (schema: string) => `
      CREATE TABLE public.users (id int); CREATE FUNCTION public.f() RETURNS int LANGUAGE sql
        SET search_path = "$user", public AS 'INSERT INTO users VALUES (1); SELECT 1'; ${schema}`
    const unknown = async (sql: string) => {
      const { statements } = lastOf(['SELECT f()'], { catalog: await catalogAfter(sql) })
      return statements.some(({ effects }) => effects.unknown)
    }
    expect(await unknown(made('CREATE SCHEMA somebody'))).toBe(true)
    expect(await unknown(made(''))).toBe(false)
  })

  describe('follows an event trigger', () => {
    const watched = (body: string) => `
      CREATE TABLE public.users (id int); INSERT INTO public.users VALUES (1); CREATE TABLE public.changes (at timestamptz);
      CREATE FUNCTION public.deeper() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.deep() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN public.deeper(); END $$;
      CREATE FUNCTION public.logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.deeper(); RETURN NEW; END $$;
      CREATE TRIGGER logged BEFORE INSERT ON public.changes FOR EACH ROW EXECUTE FUNCTION public.logged();
      CREATE FUNCTION public.unrelated() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
      CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watch();`
    const evil = (name: string) =>
      `CREATE OR REPLACE FUNCTION public.${name}() RETURNS int LANGUAGE sql AS 'DELETE FROM public.users; SELECT 1'`
    const unknown = (catalog: Catalog, sql: string) =>
      lastOf([sql], { catalog }).statements.some(({ effects }) => effects.unknown)

    test.each([
      ['through a call', 'PERFORM public.deep();'],
      ['through a trigger', 'INSERT INTO public.changes VALUES (now());'],
      ['through text that it runs', "EXECUTE 'SELECT public.deep()';"],
    ])('%s to a function that is replaced', async (_what, body) => {
      await using session = await sessionAfter(watched(body))
      const catalog = await readLiveCatalog(session)
      expect(unknown(catalog, evil('deeper'))).toBe(true)
      expect(unknown(catalog, evil('unrelated'))).toBe(false)
      await session.query(evil('deeper'))
      await session.query('CREATE TABLE public.another (id int)')
      expect(await session.query('SELECT FROM public.users')).toEqual([])
    })

    test('to whatever its computed text may call, and nowhere by text that can call nothing', async () => {
      const calls = await catalogAfter(watched("EXECUTE format('SELECT public.%I()', 'un' || 'related');"))
      expect(unknown(calls, evil('unrelated'))).toBe(true)
      const grants = await catalogAfter(watched("EXECUTE format('GRANT SELECT ON %I TO public', 'users');"))
      expect(unknown(grants, evil('unrelated'))).toBe(false)
    })

    test('to other code that is put in its way', async () => {
      const catalog = await catalogAfter(watched('PERFORM public.deep(); INSERT INTO public.changes DEFAULT VALUES;'))
      for (const sql of [
        'CREATE TRIGGER also BEFORE INSERT ON changes FOR EACH ROW EXECUTE FUNCTION logged()',
        'CREATE RULE also AS ON INSERT TO changes DO ALSO SELECT 1',
        'ALTER FUNCTION unrelated() RENAME TO deep',
        'ALTER TABLE changes ALTER COLUMN at SET DEFAULT unrelated()::text::timestamptz',
        'CREATE OPERATOR === (FUNCTION = pg_catalog.lo_unlink, RIGHTARG = oid)',
        'CREATE EVENT TRIGGER another ON ddl_command_end EXECUTE FUNCTION watch()',
      ])
        expect([sql, unknown(catalog, sql)]).toEqual([sql, true])
      expect(unknown(catalog, 'CREATE TABLE t (id int DEFAULT unrelated())')).toBe(false)
      expect(unknown(catalog, `DROP EVENT TRIGGER watch; ${evil('deeper')}`)).toBe(false)
    })
  })

  test('doubts a name that two relations share', async () => {
    const catalog = await catalogAfter(`
      CREATE SCHEMA a; CREATE SCHEMA "a.b"; CREATE TABLE a."b.c" (x int); CREATE TABLE "a.b".c (y int); CREATE TABLE a.d (z int);
    `)
    expect(catalog.doubtful).toEqual(new Set(['a.b.c']))
  })

  test('takes time in proportion to what is there, before the server has counted anything', async () => {
    const took = async (tables: number) => {
      const one = (n: number) => `
        CREATE TABLE public.t${n} (id serial PRIMARY KEY, a text NOT NULL CHECK (a IS NOT NULL), b int REFERENCES public.t${n});
        CREATE INDEX ON public.t${n} (lower(a)); CREATE VIEW public.v${n} AS SELECT id, a FROM public.t${n};`
      await using session = await sessionAfter(Array.from({ length: tables }, (_, n) => one(n)).join(''))
      const started = performance.now()
      const { relations } = await readLiveCatalog(session)
      expect(relations.size).toBe(tables * 5)
      return performance.now() - started
    }
    await took(10)
    const small = await took(100)
    expect(await took(800)).toBeLessThan(Math.max(small, 50) * 8 * 4)
  }, 60_000)
})

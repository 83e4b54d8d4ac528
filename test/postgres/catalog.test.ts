import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differenceOf, readCatalog } from '../../src/postgres/catalog.ts'
import { connect, type OpenSession } from '../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import { type LabServer, postgresMajors, startServer } from '../lab/server.ts'

const schema = `
  CREATE SCHEMA app;
  CREATE TYPE app.state AS ENUM ('new', 'old');
  CREATE TABLE app.parent (id int PRIMARY KEY, s app.state NOT NULL DEFAULT 'new', n int GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE app.child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id int REFERENCES app.parent, t varchar(50));
  CREATE INDEX child_t ON app.child (lower(t)) WHERE t IS NOT NULL;
  CREATE VIEW app.both AS SELECT p.id, c.id AS child FROM app.parent p JOIN app.child c ON c.parent_id = p.id;
  CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER tr BEFORE INSERT ON app.child FOR EACH ROW EXECUTE FUNCTION app.f();
  CREATE FUNCTION app.g(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; END;
  CREATE DOMAIN app.size AS int;
  CREATE SEQUENCE app.counter;
  CREATE TABLE public._prisma_migrations (id text);
`

/** Each changes one thing that a person would want to know about. */
const changes = [
  'ALTER TABLE app.child ADD COLUMN more text',
  'ALTER TABLE app.child ALTER COLUMN t TYPE varchar(80)',
  'ALTER TABLE app.child ALTER COLUMN t SET DEFAULT $$x$$',
  'ALTER TABLE app.child ALTER COLUMN parent_id SET NOT NULL',
  'ALTER TABLE app.child DROP CONSTRAINT child_parent_id_fkey',
  'DROP INDEX app.child_t',
  'CREATE UNIQUE INDEX u ON app.child (t)',
  "ALTER TYPE app.state ADD VALUE 'gone'",
  'ALTER TABLE app.child RENAME COLUMN t TO u',
  'CREATE OR REPLACE VIEW app.both AS SELECT p.id, c.id AS child FROM app.parent p LEFT JOIN app.child c ON c.parent_id = p.id',
  "CREATE OR REPLACE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
  'ALTER TABLE app.child DISABLE TRIGGER tr',
  'ALTER TABLE app.parent ENABLE ROW LEVEL SECURITY',
  'CREATE POLICY p ON app.parent USING (id > 0)',
  'CREATE SEQUENCE app.seq',
  'CREATE OR REPLACE FUNCTION app.g(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + 1; END',
  'ALTER FUNCTION app.g(int) STRICT',
  'ALTER SEQUENCE app.counter MAXVALUE 10 CYCLE',
  'CREATE DOMAIN app.positive AS int CHECK (VALUE > 0)',
  'ALTER DOMAIN app.size ADD CONSTRAINT positive CHECK (VALUE > 0)',
  'ALTER DOMAIN app.size SET NOT NULL',
  'ALTER DOMAIN app.size SET DEFAULT 5',
  'CREATE RULE keep AS ON DELETE TO app.child DO INSTEAD NOTHING',
  'CREATE STATISTICS app.together ON id, parent_id FROM app.child',
  'ALTER TABLE app.child ALTER COLUMN t TYPE varchar(50) COLLATE "C"',
  'ALTER TABLE app.child SET (fillfactor = 50)',
  'ALTER TABLE app.child REPLICA IDENTITY FULL',
  'CREATE MATERIALIZED VIEW app.mv AS SELECT 1 AS one',
  'DROP TABLE app.child CASCADE',
  'CREATE SCHEMA other',
  // A name of ours hides nothing.
  'CREATE SCHEMA airlock',
]

describe.each(postgresMajors)('the catalog snapshot on PostgreSQL %i', (major) => {
  let server: LabServer
  let session: OpenSession

  beforeAll(async () => {
    server = await startServer(major)
    const parsed = parseDatabaseUrl(await server.createDatabase(), 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    session = await connect(parsed.url)
    await session.query(schema)
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('is the same twice, and rows, statistics and the history table do not show in it', async () => {
    const before = await readCatalog(session)
    await session.query(
      "INSERT INTO app.parent (id) VALUES (1); INSERT INTO public._prisma_migrations VALUES ('x'); ANALYZE",
    )
    expect(differenceOf(before, await readCatalog(session))).toEqual({ added: [], removed: [] })
    expect(before.lines.join('\n')).not.toContain('_prisma_migrations')
  })

  test.each(changes)('shows: %s', async (change) => {
    const before = await readCatalog(session)
    await session.query(`BEGIN; ${change}`)
    const difference = differenceOf(before, await readCatalog(session))
    await session.query('ROLLBACK')
    expect(difference.added.length + difference.removed.length).toBeGreaterThan(0)
    expect(differenceOf(before, await readCatalog(session))).toEqual({ added: [], removed: [] })
  })
})

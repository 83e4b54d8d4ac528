import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asMigrationName, type Migration } from '../../../src/migrations/migration.ts'
import { connect, type OpenSession } from '../../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../../src/postgres/url.ts'
import { analyseLive, type LiveOptions } from '../../../src/stages/plan/analyse-live.ts'
import { type LabServer, startServer } from '../../lab/server.ts'

const schema = readFileSync(new URL('../../postgres/live-catalog/schema.sql', import.meta.url), 'utf8')

/** One that leads on and on, and one that many things hang on. */
const more = `
  CREATE TABLE app.c1 (id int PRIMARY KEY);
  CREATE TABLE app.c2 (id int PRIMARY KEY, up int REFERENCES app.c1 ON DELETE CASCADE);
  CREATE TABLE app.c3 (id int PRIMARY KEY, up int REFERENCES app.c2 ON DELETE CASCADE);
  CREATE TABLE app.c4 (id int PRIMARY KEY, up int REFERENCES app.c3 ON DELETE CASCADE);
  CREATE TABLE app.c5 (id int PRIMARY KEY, up int REFERENCES app.c4 ON DELETE CASCADE);
  CREATE TABLE app.c6 (id int PRIMARY KEY, up int REFERENCES app.c5 ON DELETE CASCADE, CONSTRAINT c2_up_idx CHECK (up > 0));
  CREATE VIEW app.v2 AS SELECT * FROM app.c2;
  CREATE VIEW app.v3 AS SELECT * FROM app.v2;
  CREATE TABLE app.of_row (one app.c1, many app.c2[]);
  CREATE FUNCTION app.writes() RETURNS int LANGUAGE sql AS 'UPDATE app.c5 SET up = 1; SELECT 1';
  CREATE FUNCTION app.writes_too() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM app.c1; RETURN app.writes(); END';
  CREATE TABLE app.filled (id int DEFAULT app.writes_too());
  CREATE TABLE app.part2 PARTITION OF app.parted FOR VALUES FROM (10) TO (20);
  CREATE TABLE app.rest PARTITION OF app.parted DEFAULT;
`

const files = [
  'ALTER TABLE app.people ADD COLUMN more text',
  'ALTER TABLE app.people DROP COLUMN kind_id',
  'ALTER TABLE app.people DROP COLUMN one CASCADE',
  'ALTER TABLE app.kinds ALTER COLUMN a TYPE text',
  'ALTER TABLE app.kinds RENAME TO sorts; DROP TABLE app.sorts CASCADE',
  'ALTER TABLE app.kinds SET SCHEMA "Mixed case"',
  'ALTER TABLE app.kinds ALTER COLUMN s DROP DEFAULT, ALTER COLUMN code SET NOT NULL',
  'ALTER TABLE app.kinds ADD FOREIGN KEY (code) REFERENCES app.people',
  'ALTER TABLE app.people ADD CHECK (boss > 0), ADD UNIQUE (boss)',
  'ALTER TABLE app.people DISABLE TRIGGER touched; ALTER TABLE app.people VALIDATE CONSTRAINT late',
  'CREATE TABLE app.fresh (id serial PRIMARY KEY, person bigint REFERENCES app.people)',
  'CREATE TABLE app.fresh (id int) INHERITS (app.base); CREATE TABLE app.alike (LIKE app.kinds INCLUDING ALL)',
  'CREATE TABLE app.part3 PARTITION OF app.parted FOR VALUES FROM (20) TO (30)',
  'CREATE TABLE IF NOT EXISTS app.c1 (id int); CREATE TABLE "Mixed case".c1 (id int)',
  'CREATE INDEX ON app.c2 (up); CREATE INDEX ON app.parted (at)',
  'CREATE INDEX CONCURRENTLY one_more ON app.people (one)',
  'CREATE OR REPLACE VIEW app.names AS SELECT 1 AS called',
  'CREATE TRIGGER new BEFORE INSERT ON app.parted FOR EACH ROW EXECUTE FUNCTION app.touch()',
  'DROP INDEX app.plain_index',
  'DROP INDEX app.kept_key; REFRESH MATERIALIZED VIEW app.kept',
  'DROP TABLE app.c1 CASCADE',
  'DROP TABLE app.c6',
  'DROP TABLE app.parted CASCADE',
  'DROP VIEW app.names CASCADE',
  'DROP SCHEMA app CASCADE',
  'DROP TYPE app.mood CASCADE',
  'DROP SEQUENCE app.codes CASCADE',
  'DROP FUNCTION app.touch() CASCADE',
  'DROP EXTENSION IF EXISTS plpgsql CASCADE',
  'ALTER SCHEMA app RENAME TO other',
  'ALTER TYPE app.mood RENAME TO feeling',
  "ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue'",
  'ALTER DOMAIN app.label ADD CHECK (length(VALUE) < 10)',
  'ALTER TYPE app.pair ADD ATTRIBUTE c int CASCADE',
  'ALTER FUNCTION app.touch() RENAME TO touches',
  'ALTER SEQUENCE app.codes RENAME TO numbers',
  'TRUNCATE app.c1 CASCADE',
  'DELETE FROM app.c1; UPDATE app.v3 SET id = 1; INSERT INTO app.names (called) VALUES (1)',
  'DELETE FROM app.kinds WHERE id = 1; UPDATE app.points_at SET parted_id = 1',
  'SELECT app.writes_too(); INSERT INTO app.filled DEFAULT VALUES',
  'DO $$ BEGIN PERFORM app.writes(); DELETE FROM app.c3; END $$',
  "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'x'); END $$",
  'LOCK TABLE app.all_of_it; SELECT * FROM app.v3 FOR UPDATE',
  'MERGE INTO app.c2 USING app.v2 ON false WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC; REINDEX SCHEMA app',
  'ALTER TABLE app.of_row ADD COLUMN x app.c3; ALTER TABLE app.c1 ADD COLUMN y int DEFAULT 1',
  'SET search_path = app; ALTER TABLE people ADD COLUMN z int; CREATE TABLE nothing (id int)',
  'ALTER TABLE "Mixed case"."Quote "" and space" ADD COLUMN a int',
  'ALTER TABLE app.derived NO INHERIT app.base; ALTER TABLE app.parted DETACH PARTITION app.part',
  'CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION app.touch(); CREATE TABLE app.seen (id int)',
  'ALTER TABLE app.not_there ADD COLUMN a int; DROP TABLE IF EXISTS app.neither',
  'DROP TABLE app.c1',
]

const options: LiveOptions = { prismaVersion: '7.0.0', schema: 'app', rules: {}, oneRun: true }

function pendingOf(sql: string): readonly Migration[] {
  const name = asMigrationName('2024_pending')
  return [{ name, path: '', file: `${name}/migration.sql`, sql, bytes: sql.length, checksum: '', otherChecksums: [] }]
}

describe.each([14, 18] as const)('a part of the live catalog of PostgreSQL %i', (major) => {
  let server: LabServer
  let session: OpenSession
  const asked: string[] = []

  beforeAll(async () => {
    server = await startServer(major)
    await server.createDatabase('live')
    const parsed = parseDatabaseUrl(server.superuserUrl('live'), 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    const own = await connect(parsed.url)
    await own.query(`${schema}; ${more}`)
    session = {
      ...own,
      query: (text, values) => {
        if (text.includes('"typeNames"')) asked.push(text.includes('$1') ? 'part' : 'whole')
        return own.query(text, values)
      },
    }
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test.each(files)('says what the whole says: %s', async (sql) => {
    const whole = await analyseLive(session, pendingOf(sql), options, Number.POSITIVE_INFINITY)
    expect(await analyseLive(session, pendingOf(sql), options, 0)).toEqual(whole)
  })

  async function howAsked(sql: string): Promise<readonly string[]> {
    asked.length = 0
    await analyseLive(session, pendingOf(sql), options, 0)
    return asked
  }

  test('is enough for what names its tables', async () => {
    expect(await howAsked('ALTER TABLE app.people ADD COLUMN more text')).toEqual(['part'])
    expect(await howAsked('CREATE TABLE app.fresh (id serial PRIMARY KEY)')).toEqual(['part'])
    expect(await howAsked('CREATE UNIQUE INDEX ON app.c2 (up)')).toEqual(['part', 'part'])
  })

  test('is followed by another where it leads on, and by the whole where it never ends', async () => {
    expect(await howAsked('DELETE FROM app.c4')).toEqual(['part', 'part', 'part'])
    expect(await howAsked('TRUNCATE app.c1 CASCADE')).toEqual(['part', 'part', 'part', 'part', 'whole'])
    expect(await howAsked('DROP TYPE app.mood CASCADE')).toEqual(['part', 'whole'])
  })

  test('is not asked for where there are few relations', async () => {
    asked.length = 0
    await analyseLive(session, pendingOf('ALTER TABLE app.people ADD COLUMN more text'), options)
    expect(asked).toEqual(['whole'])
  })

  test('leaves a file that does not parse to be told', async () => {
    const wrong = analyseLive(session, pendingOf('ALTER TABLE app.people ADD COLUM more text'), options, 0)
    await expect(wrong).rejects.toThrow('does not parse')
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

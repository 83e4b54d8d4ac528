import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asMigrationName, type Migration } from '../../../src/migrations/migration.ts'
import { connect, type OpenSession } from '../../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../../src/postgres/url.ts'
import { LastLook } from '../../../src/stages/plan/last-look.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, startServer } from '../../lab/server.ts'

const schema = `
  CREATE TYPE state AS ENUM ('new', 'old');
  CREATE TABLE parent (id serial PRIMARY KEY, state state NOT NULL DEFAULT 'new');
  CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent, note text);
  CREATE VIEW both_of_them AS SELECT p.id, c.note FROM parent p JOIN child c ON c.parent = p.id;
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER stamps BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION stamp();
  CREATE POLICY mine ON child USING (id > 0);
`

function pendingOf(sql: string): readonly Migration[] {
  const name = asMigrationName('2024_pending')
  return [{ name, path: '', file: `${name}/migration.sql`, sql, bytes: sql.length, checksum: sql, otherChecksums: [] }]
}

const pending = pendingOf('ALTER TABLE child ADD COLUMN more text')
const options = { prismaVersion: '7.0.0', schema: 'public', rules: {}, oneRun: true } as const

/** What of the schema was read, as the server was asked for it. */
function listening(session: OpenSession) {
  const read: string[] = []
  return {
    read,
    query: <Row>(text: string, values?: readonly unknown[]) => {
      if (text.includes('"typeNames"')) read.push('catalog')
      if (text.startsWith('DECLARE')) read.push('lines')
      return session.query<Row>(text, values)
    },
  }
}

describe.each([14, 18] as const)('a second look at a database of PostgreSQL %i', (major) => {
  let server: LabServer
  let url: string
  let own: OpenSession
  let session: ReturnType<typeof listening>

  beforeAll(async () => {
    server = await startServer(major)
    url = await server.createDatabase('looked')
    await query(server.superuserUrl('looked'), 'GRANT CREATE ON SCHEMA public TO app_owner')
    await query(url, schema)
    const parsed = parseDatabaseUrl(url, 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    own = await connect(parsed.url)
    session = listening(own)
  })
  afterAll(async () => {
    await own[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** What the second of two looks read. */
  async function readAgain(between: () => Promise<unknown>, second: Partial<Asked> = {}): Promise<readonly string[]> {
    const look = new LastLook()
    const first = await look.look(session, pending, options)
    await between()
    session.read.length = 0
    const again = await look.look(session, second.pending ?? pending, second.options ?? options)
    const read = [...session.read]
    // Whatever was read or not: it is what somebody says who looks for the first time.
    expect(again).toEqual(await new LastLook().look(session, second.pending ?? pending, second.options ?? options))
    if (read.length === 0) expect(again).toEqual(first)
    return read
  }
  interface Asked {
    readonly pending: readonly Migration[]
    readonly options: Parameters<LastLook['look']>[2]
  }

  test('reads nothing where nothing changed', async () => {
    expect(await readAgain(async () => undefined)).toEqual([])
  })

  test.each([
    "INSERT INTO parent (state) SELECT 'new' FROM generate_series(1, 500)",
    'ANALYZE',
    'VACUUM',
    'VACUUM FREEZE parent',
    "SELECT nextval('parent_id_seq')",
  ])('reads nothing behind what changes no schema: %s', async (sql) => {
    expect(await readAgain(() => query(url, sql))).toEqual([])
  })

  test.each([
    'ALTER TABLE child ADD COLUMN later int',
    'ALTER TABLE child ALTER COLUMN later SET DEFAULT 5',
    'ALTER TABLE child DROP COLUMN later',
    'ALTER TABLE child RENAME COLUMN note TO notes',
    'CREATE INDEX notes ON child (notes)',
    'ALTER TABLE child ADD CONSTRAINT positive CHECK (id > 0) NOT VALID',
    'ALTER TABLE child VALIDATE CONSTRAINT positive',
    "CREATE OR REPLACE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    'ALTER FUNCTION stamp() SECURITY DEFINER',
    'ALTER TABLE child DISABLE TRIGGER stamps',
    'DROP TRIGGER stamps ON child',
    'ALTER POLICY mine ON child USING (id > 1)',
    'ALTER TABLE child ENABLE ROW LEVEL SECURITY',
    "ALTER TYPE state ADD VALUE 'gone'",
    'CREATE OR REPLACE VIEW both_of_them AS SELECT p.id, c.notes AS note FROM parent p LEFT JOIN child c ON c.parent = p.id',
    'CREATE SCHEMA beside',
    'CREATE TABLE beside.parent (id int)',
    'ALTER TABLE beside.parent INHERIT parent_of_none',
    'DROP SCHEMA beside CASCADE',
  ])('reads all of it behind: %s', async (sql) => {
    if (sql.includes('parent_of_none')) await query(url, 'CREATE TABLE parent_of_none (id int)')
    expect(await readAgain(() => query(url, sql))).toEqual(['catalog', 'lines'])
  })

  test('sees a change that was begun before the first look and ends after it', async () => {
    const parsed = parseDatabaseUrl(url, 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    await using other = await connect(parsed.url)
    await other.query('BEGIN; CREATE TABLE public.begun (id int)')
    expect(await readAgain(() => other.query('COMMIT'))).toEqual(['catalog', 'lines'])
    await other.query('BEGIN; DROP TABLE public.begun')
    expect(await readAgain(() => other.query('COMMIT'))).toEqual(['catalog', 'lines'])
  })

  test('sees that another role has the name now', async () => {
    await query(server.superuserUrl(), 'CREATE ROLE somebody')
    const rename = () => query(server.superuserUrl(), 'ALTER ROLE somebody RENAME TO somebody_else')
    expect(await readAgain(rename)).toEqual(['catalog', 'lines'])
  })

  test('sees that definitions are printed in another way', async () => {
    expect(await readAgain(() => own.query("SET DateStyle = 'German'"))).toEqual(['catalog', 'lines'])
    await own.query('RESET DateStyle')
  })

  test.each<[string, Partial<Asked>]>([
    ['another text', { pending: pendingOf('ALTER TABLE child ADD COLUMN other text') }],
    ['a file less', { pending: [] }],
    ['another rule', { options: { ...options, rules: { 'prefer-bigint': 'error' } } }],
    ['another way to apply', { options: { ...options, apply: 'atomic' } }],
    ['another Prisma', { options: { ...options, prismaVersion: '6.0.0' } }],
    ['another late migration', { options: { ...options, late: { names: new Set(['2024_pending']), behind: '2025' } } }],
  ])('analyses anew, on the same catalog, with %s', async (_, second) => {
    expect(await readAgain(async () => undefined, second)).toEqual(['catalog'])
  })

  test('analyses anew where something was asked that cannot be compared', async () => {
    const options_ = { ...options, running: { release: { ref: 'main' } as never, mustBear: () => false } }
    const look = new LastLook()
    await look.look(session, pending, options_)
    session.read.length = 0
    await look.look(session, pending, options_)
    expect(session.read).toEqual(['catalog'])
  })

  test('reads everything anew where a catalog may not be read by whoever asks', async () => {
    const superuser = server.superuserUrl('looked')
    await query(superuser, 'REVOKE SELECT ON pg_catalog.pg_transform FROM PUBLIC')
    expect(await readAgain(async () => undefined)).toEqual(['catalog', 'lines'])
    await query(superuser, 'GRANT SELECT ON pg_catalog.pg_transform TO PUBLIC')
    expect(await readAgain(async () => undefined)).toEqual([])
  })
})

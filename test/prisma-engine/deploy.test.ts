import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, prismaMajors, prismaVersion } from '../lab/prisma.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { history, query, sha256, tables } from './database.ts'
import { datasource, type EngineAnswer, filters, migrationList, startEngine } from './engine-process.ts'

let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

const init = 'CREATE TABLE "User" (id int PRIMARY KEY);\n'
const functions = `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.note := 'a;b'; -- not; here
  RETURN NEW;
END;
$body$;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'Log') THEN
    EXECUTE 'CREATE TABLE "Log" (note text); COMMENT ON TABLE "Log" IS ''c;d''';
  END IF;
END $$;
CREATE TRIGGER touch BEFORE INSERT ON "Log" FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO "Log" VALUES ('x');
`
/** What the CLI asks for in `migrate deploy`, without a CLI: it plays no part in how a file is run. */
async function apply(
  url: string,
  migrations: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<EngineAnswer> {
  await using engine = await startEngine(datasource(url), environment, cwd)
  return await engine.call('applyMigrations', { migrationsList: migrationList(migrations), filters })
}

const failing = 'CREATE TABLE first (id int);\n\nALTER TABLE missing ADD COLUMN id int;\n'

describe.each(prismaMajors)('Prisma %i', (prisma) => {
  const served = { AIRLOCK_PRISMA_VERSION: prismaVersion(prisma) }

  it('deploys, and the history is what Prisma writes', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_init': init, '2_functions': functions } })
    const before = await project.prisma(['migrate', 'status'], { DATABASE_URL: url })
    expect(before).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1_init\n2_functions') })

    const deployed = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(deployed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('All migrations have been successfully applied'),
    })

    const row = { applied_steps_count: 1, finished: true, rolled_back: false, logs: null }
    expect(await history(url)).toEqual([
      { ...row, migration_name: '1_init', checksum: sha256(init) },
      { ...row, migration_name: '2_functions', checksum: sha256(functions) },
    ])
    expect(await query(url, 'SELECT note FROM "Log"')).toEqual([{ note: 'a;b' }])
    const ids = await query<{ id: string }>(url, 'SELECT id FROM _prisma_migrations')
    for (const { id } of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)

    const after = await project.prisma(['migrate', 'status'], { DATABASE_URL: url })
    expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('up to date') })
    const again = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No pending migrations') })
  })

  it('a failing second statement leaves the first behind from 7.4 on, and is told, recorded and in the way', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_failing': failing } })
    const failed = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(failed.exitCode).toBe(1)
    for (const part of [
      'P3018',
      'Migration name: 1_failing',
      'Database error code: 42P01',
      'relation "missing" does not exist',
    ]) {
      expect(failed.stderr).toContain(part)
    }
    expect(await tables(url)).toEqual(prisma === 6 ? [] : ['first'])
    expect(await history(url)).toEqual([
      {
        migration_name: '1_failing',
        checksum: sha256(failing),
        applied_steps_count: 0,
        finished: false,
        rolled_back: false,
        logs: expect.stringContaining('relation "missing" does not exist'),
      },
    ])
    const blocked = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(blocked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P3009') })
    const status = await project.prisma(['migrate', 'status'], { DATABASE_URL: url })
    expect(status).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('have failed:\n1_failing') })
  })

  it('finds out by itself which Prisma it serves, where nobody says so', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma })
    const answer = await apply(url, { '1_failing': failing }, {}, project.path)
    expect(answer.error?.data?.error_code).toBe('P3018')
    expect(await tables(url)).toEqual(prisma === 6 ? [] : ['first'])
  })

  it('resolves a failed migration as rolled back and deploys it again, or as applied', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_failing': 'SELECT 1/0;', '2_next': init } })
    expect((await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).exitCode).toBe(1)

    const rolledBack = await project.prisma(['migrate', 'resolve', '--rolled-back', '1_failing'], { DATABASE_URL: url })
    expect(rolledBack).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1_failing marked as rolled back'),
    })
    await project.addMigration('1_failing', 'SELECT 1;')
    expect((await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).exitCode).toBe(0)

    await project.addMigration('3_by_hand', 'SELECT 1/0;')
    const applied = await project.prisma(['migrate', 'resolve', '--applied', '3_by_hand'], { DATABASE_URL: url })
    expect(applied).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3_by_hand marked as applied') })
    expect(await history(url)).toMatchObject([
      { migration_name: '1_failing', finished: false, rolled_back: true, applied_steps_count: 0 },
      { migration_name: '1_failing', finished: true, rolled_back: false, applied_steps_count: 1 },
      { migration_name: '2_next', finished: true, applied_steps_count: 1 },
      {
        migration_name: '3_by_hand',
        finished: true,
        applied_steps_count: 0,
        logs: '',
        checksum: sha256('SELECT 1/0;'),
      },
    ])
  })

  it('keeps an explicit transaction together, and records why it failed', async () => {
    const url = await server.createDatabase()
    const failed = await apply(url, { '1_explicit': `BEGIN;\n${failing}COMMIT;\n` }, served)
    expect(failed.error?.data?.message).toContain('relation "missing" does not exist')
    expect(await tables(url)).toEqual([])
    // Not so with the native engine: the connection is in an aborted transaction when the log would be written.
    expect(await history(url)).toMatchObject([{ finished: false, logs: expect.stringContaining('code: 42P01') }])
  })

  it('creates an index concurrently where it is alone', async () => {
    const url = await server.createDatabase()
    const migrations = { '1_init': init, '2_index': '-- CreateIndex\nCREATE INDEX CONCURRENTLY "i" ON "User"(id);\n' }
    expect((await apply(url, migrations, served)).error).toBeUndefined()
    expect(await query(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")).toEqual([
      { indisvalid: true },
    ])
  })

  it('creates an index concurrently beside other statements from 7.4 on', async () => {
    const url = await server.createDatabase()
    const sql = `${init}CREATE INDEX CONCURRENTLY i ON "User" (id);\nCREATE INDEX CONCURRENTLY j ON "User" (id);\n`
    const { error } = await apply(url, { '1_init': sql }, served)
    if (prisma === 7) {
      expect(error).toBeUndefined()
    } else {
      expect(error?.data?.message).toContain('25001')
      expect(await tables(url)).toEqual([])
    }
  })

  it('refuses a database that has tables and no history', async () => {
    const url = await server.createDatabase()
    await query(url, 'CREATE TABLE old (id int)')
    await using project = await createProject({ prisma, migrations: { '1_init': init } })
    const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P3005') })
  })

  // Ten seconds of nothing: once is enough, the engine is the same.
  it.runIf(prisma === 7)('waits for the lock of another deploy no longer than ten seconds', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_init': init } })
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    try {
      await other.query('SELECT pg_advisory_lock(72707369)')
      const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
      expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P1002') })
    } finally {
      await other.end()
    }
  })

  it('says when the history cannot be read instead of taking it for none', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_init': init } })
    expect((await apply(url, { '1_init': init }, served)).error).toBeUndefined()
    const database = new URL(url).pathname.slice(1)
    await query(server.superuserUrl(database), 'ALTER TABLE _prisma_migrations OWNER TO postgres')
    const status = await project.prisma(['migrate', 'status'], { DATABASE_URL: url })
    expect(status.exitCode).toBe(1)
    expect(status.stderr).toContain('permission denied for table _prisma_migrations')
    expect(status.stderr).not.toContain('not managed by Prisma Migrate')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, prismaMajors } from '../lab/prisma.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { history, query, tables } from './database.ts'
import { datasource, filters, migrationList, schemaFiles, startEngine } from './engine-process.ts'

let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

const user = 'model User {\n  id   Int    @id\n  name String\n}\n'
const init =
  'CREATE TABLE "User" (\n    "id" INTEGER NOT NULL,\n    "name" TEXT NOT NULL,\n    CONSTRAINT "User_pkey" PRIMARY KEY ("id")\n);\n'

/** Databases that the engine makes for itself and has to take away again. */
const shadows = () =>
  query(server.superuserUrl(), "SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'")

/** A role that may create shadow databases, as `migrate dev` needs it. */
const developerUrl = async () => {
  const url = await server.createDatabase()
  return server.superuserUrl(new URL(url).pathname.slice(1))
}

describe('the way of `migrate dev`', () => {
  it('finds the next migration, warns of what it loses, and leaves no shadow database behind', async () => {
    const url = await developerUrl()
    await using engine = await startEngine(datasource(url))
    const migrationsList = migrationList({ '1_init': init })
    expect((await engine.call('devDiagnostic', { migrationsList, filters })).result).toEqual({
      action: { tag: 'createMigration' },
    })
    expect((await engine.call('applyMigrations', { migrationsList, filters })).result).toEqual({
      appliedMigrationNames: ['1_init'],
    })
    await query(url, `INSERT INTO "User" VALUES (1, 'Ada')`)

    const schema = schemaFiles('model User {\n  id Int @id\n}\n')
    const loss = await engine.call('evaluateDataLoss', { migrationsList, schema, filters })
    expect(loss.result).toMatchObject({ migrationSteps: 1, warnings: [{ message: expect.stringContaining('`name`') }] })
    const created = await engine.call('createMigration', {
      migrationsList,
      schema,
      filters,
      migrationName: 'drop',
      draft: true,
    })
    expect(created.result).toMatchObject({
      connectorType: 'postgresql',
      generatedMigrationName: expect.stringMatching(/^\d{14}_drop$/),
      migrationScript: expect.stringContaining('ALTER TABLE "User" DROP COLUMN "name";'),
    })
    expect(await shadows()).toEqual([])
  })

  it('sees that the database is not what the migrations say', async () => {
    const url = await developerUrl()
    await using engine = await startEngine(datasource(url))
    const migrationsList = migrationList({ '1_init': init })
    await engine.call('applyMigrations', { migrationsList, filters })
    await query(url, 'ALTER TABLE "User" ADD COLUMN extra int')
    const answer = await engine.call('devDiagnostic', { migrationsList, filters })
    expect(answer.result).toMatchObject({ action: { tag: 'reset', reason: expect.stringContaining('extra') } })
  })

  it('replays what must be alone and what has semicolons inside', async () => {
    const url = await developerUrl()
    await using engine = await startEngine(datasource(url))
    const sql = `${init}CREATE INDEX CONCURRENTLY i ON "User" (name);\nCREATE INDEX CONCURRENTLY j ON "User" (id);\n`
    const migrationsList = migrationList({ '1_init': sql, '2_do': "DO $$ BEGIN PERFORM ';'; END $$;" })
    const answer = await engine.call('devDiagnostic', { migrationsList, filters })
    expect(answer.result).toEqual({ action: { tag: 'createMigration' } })
  })

  it('names the migration that does not apply', async () => {
    await using engine = await startEngine(datasource(await developerUrl()))
    const answer = await engine.call('devDiagnostic', {
      migrationsList: migrationList({ '1_broken': 'SELECT nonsense;' }),
      filters,
    })
    expect(answer.error?.data).toMatchObject({ error_code: 'P3006', message: expect.stringContaining('1_broken') })
    expect(await shadows()).toEqual([])
  })

  it('says so where the role may not create a shadow database', async () => {
    await query(server.superuserUrl(), "CREATE ROLE no_databases LOGIN PASSWORD 'none'")
    const url = new URL(await developerUrl())
    await query(url.href, 'GRANT ALL ON SCHEMA public TO no_databases')
    url.username = 'no_databases'
    url.password = 'none'
    await using engine = await startEngine(datasource(url.href))
    const answer = await engine.call('devDiagnostic', { migrationsList: migrationList({ '1_init': init }), filters })
    expect(answer.error?.data).toMatchObject({
      error_code: 'P3014',
      message: expect.stringContaining('permission denied'),
    })
  })

  it('does not empty the database itself for a shadow database', async () => {
    const url = await developerUrl()
    await query(url, 'CREATE TABLE precious (id int)')
    await using engine = await startEngine(datasource(url, url))
    const answer = await engine.call('devDiagnostic', { migrationsList: migrationList({ '1_init': init }), filters })
    expect(answer.error?.data?.message).toContain('the same as the main database')
    expect(await tables(url)).toEqual(['precious'])
  })

  it('does not empty a database that is migrated, under whatever name it is reached', async () => {
    const url = await developerUrl()
    await using engine = await startEngine(datasource(url, url.replace('127.0.0.1', 'localhost')))
    const migrationsList = migrationList({ '1_init': init })
    await engine.call('applyMigrations', { migrationsList, filters })
    const answer = await engine.call('devDiagnostic', { migrationsList, filters })
    expect(answer.error?.data?.message).toContain('has a migration history')
    expect(await tables(url)).toEqual(['User'])
  })

  it('empties the shadow database that is meant for it', async () => {
    const [url, shadow] = [await developerUrl(), await server.createDatabase()]
    await query(shadow, 'CREATE TABLE "User" (id int); CREATE SCHEMA more; CREATE TABLE more.old (id int)')
    await using engine = await startEngine(datasource(url, shadow))
    const migrationsList = migrationList({ '1_init': init })
    await engine.call('applyMigrations', { migrationsList, filters })
    expect((await engine.call('devDiagnostic', { migrationsList, filters })).result).toEqual({
      action: { tag: 'createMigration' },
    })
    expect(await query(shadow, "SELECT 1 FROM pg_namespace WHERE nspname = 'more'")).toEqual([])
  })

  it('has no answer where types from extensions would change it', async () => {
    const types = JSON.stringify({ types: [{ prisma_name: 'Vector', db_name: 'vector' }] })
    await using engine = await startEngine([...datasource(await developerUrl()), '--extension-types', types])
    const answer = await engine.call('devDiagnostic', { migrationsList: migrationList({}), filters })
    expect(answer.error?.data?.message).toContain('types from extensions')
  })
})

describe('the way of `db push`, `db pull` and `db execute`', () => {
  it('changes the database, reads it back and executes a script whole', async () => {
    const url = await developerUrl()
    await using engine = await startEngine(datasource(url))
    const pushed = await engine.call('schemaPush', { schema: schemaFiles(user), force: false, filters })
    expect(pushed.result).toMatchObject({ executedSteps: 1, unexecutable: [], warnings: [] })
    const script = 'DO $$ BEGIN INSERT INTO "User" VALUES (1, \'a;b\'); END $$; INSERT INTO "User" VALUES (2, \'c\');'
    const executed = await engine.call('dbExecute', { datasourceType: { tag: 'url', url }, script })
    expect(executed.result).toBeNull()
    expect(await query(url, 'SELECT name FROM "User" ORDER BY id')).toEqual([{ name: 'a;b' }, { name: 'c' }])
    const pulled = await engine.call('introspect', {
      schema: schemaFiles(''),
      baseDirectoryPath: '/',
      force: false,
      compositeTypeDepth: -1,
      namespaces: null,
    })
    expect(pulled.result).toMatchObject({ schema: { files: [{ content: expect.stringContaining('model User') }] } })
  })
})

describe.each(prismaMajors)('migrate diff of Prisma %i', (prisma) => {
  const [fromDatamodel, toDatamodel] =
    prisma === 6 ? ['--from-schema-datamodel', '--to-schema-datamodel'] : ['--from-schema', '--to-schema']
  const schema = 'prisma/schema.prisma'

  it('writes the script between schema files without any database', async () => {
    await using project = await createProject({ prisma, schema: user })
    const environment = { DATABASE_URL: 'postgresql://nobody:hidden@127.0.0.1:9/none' }
    const script = await project.prisma(
      ['migrate', 'diff', '--from-empty', toDatamodel, schema, '--script'],
      environment,
    )
    expect(script).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('CREATE TABLE "User"') })
    const summary = await project.prisma(
      ['migrate', 'diff', fromDatamodel, schema, '--to-empty', '--exit-code'],
      environment,
    )
    expect(summary).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('[-] Removed tables\n  - User') })
  })

  it('compares the database with the schema', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, schema: user, migrations: { '1_init': init } })
    expect((await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).exitCode).toBe(0)
    const sources =
      prisma === 6
        ? [
            ['--from-schema-datasource', schema],
            ['--from-url', url],
          ]
        : [['--from-config-datasource']]
    for (const source of sources) {
      const diff = () =>
        project.prisma(['migrate', 'diff', ...source, toDatamodel, schema, '--exit-code', '--script'], {
          DATABASE_URL: url,
        })
      expect(await diff()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('This is an empty migration') })
      await query(url, 'ALTER TABLE "User" ADD COLUMN drift int')
      expect(await diff()).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('DROP COLUMN "drift"') })
      await query(url, 'ALTER TABLE "User" DROP COLUMN drift')
    }
  })

  it('compares the migrations with the schema through a shadow database, and only through one', async () => {
    const shadow = await server.createDatabase()
    await query(shadow, 'CREATE TABLE "left from last time" (id int)')
    await using project = await createProject({ prisma, schema: user, migrations: { '1_init': init } })
    const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', toDatamodel, schema, '--exit-code']
    const main = { DATABASE_URL: await server.createDatabase() }
    const without = await project.prisma(diff, main)
    expect(without).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/shadow.database/i) })
    const ran =
      prisma === 6
        ? await project.prisma([...diff, '--shadow-database-url', shadow], main)
        : await project.prisma(diff, { ...main, SHADOW_DATABASE_URL: shadow })
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No difference detected') })
  })
})

describe('Prisma 6 in particular', () => {
  it('migrates through the directUrl', async () => {
    const url = await server.createDatabase()
    const schema =
      'datasource db {\n  provider  = "postgresql"\n  url       = env("POOLED")\n  directUrl = env("PG_DIRECT")\n}\n'
    await using project = await createProject({
      prisma: 6,
      migrations: { '1_init': init },
      files: {
        'prisma/schema.prisma': schema,
        '.env': `POOLED=postgresql://nobody:x@127.0.0.1:9/none\nPG_DIRECT=${url}\n`,
      },
    })
    expect(await project.prisma(['migrate', 'deploy'])).toMatchObject({ exitCode: 0 })
    expect(await history(url)).toHaveLength(1)
  })

  it('pushes a schema that has the URL in it, and refuses to pull over it', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma: 6, schema: user })
    expect(await project.prisma(['db', 'push', '--skip-generate'], { DATABASE_URL: url })).toMatchObject({
      exitCode: 0,
    })
    expect(await tables(url)).toEqual(['User'])
    const pulled = await project.prisma(['db', 'pull'], { DATABASE_URL: url })
    expect(pulled).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no `db pull` for Prisma 6') })
  })
})

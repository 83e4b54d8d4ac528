import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { type MigrationsFolder, readMigrationsFolder } from '../../src/migrations/folder.ts'
import { decideHistory, type History } from '../../src/migrations/history.ts'
import { failedMigrations, missingMigrations } from '../../src/migrations/history-failures.ts'
import { readHistory } from '../../src/migrations/history-table.ts'
import { prismaWords } from '../../src/migrations/prisma-history.ts'
import { readPrismaProject } from '../../src/migrations/prisma-project.ts'
import { connect } from '../../src/postgres/connection.ts'
import { type DatabaseUrl, parseDatabaseUrl, prismaUrl } from '../../src/postgres/url.ts'
import { createProject, type LabProject, prismaMajors } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'

/** What is claimed about Prisma in src/migrations, held against Prisma itself. */

let server: LabServer

beforeAll(async () => {
  server = await startServer(17)
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

function parse(url: string): DatabaseUrl {
  const parsed = parseDatabaseUrl(url, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  return parsed.url
}

async function folderOf(project: LabProject, applied: readonly string[] = []): Promise<MigrationsFolder> {
  const reading = await readMigrationsFolder(join(project.path, 'prisma/migrations'), {
    root: project.path,
    prismaVersion: project.prismaVersion,
    applied: new Set(applied),
  })
  if (reading.kind === 'invalid') throw new FailureError(reading.failure)
  return reading.folder
}

async function rowsOf(url: string) {
  await using session = await connect(parse(url))
  const table = await readHistory(session, 'public')
  return table.kind === 'present' ? table.rows : []
}

async function historyOf(project: LabProject, url: string): Promise<History> {
  const rows = await rowsOf(url)
  const folder = await folderOf(
    project,
    rows.map(({ name }) => name),
  )
  return decideHistory(rows, folder.migrations)
}

const said = (ran: { readonly stdout: string; readonly stderr: string }) => `${ran.stdout}\n${ran.stderr}`

describe.each(prismaMajors)('Prisma %s', (prisma) => {
  test('is found where the project has it', async () => {
    await using project = await createProject({ prisma })
    expect(await readPrismaProject(project.path)).toMatchObject({
      kind: 'read',
      project: {
        prisma: { kind: 'installed', version: project.prismaVersion, major: prisma },
        migrationsPath: join(project.path, 'prisma/migrations'),
        urlVariable: 'DATABASE_URL',
      },
    })
  })

  test('applies in the order that the folder is read in, without loose files and links to folders, and records the same checksums', async () => {
    const url = await server.createDatabase()
    const names = [
      '20240101000000_b',
      '20240101_c',
      '20240101000000_A',
      '0_init',
      '20240101000000_a-1',
      '20240101000000_a_1',
      '9_last',
    ]
    const migrations = Object.fromEntries(
      names.map((name, index) => [
        name,
        `-- žluť 🐎 ${name}${index % 2 ? '\r\n' : '\n'}CREATE TABLE t${index} ();\r\n`,
      ]),
    )
    await using project = await createProject({ prisma, migrations: { ...migrations, '00_nothing': '-- nothing\n' } })
    await project.writeFile('outside/migration.sql', 'SELECT 2;')
    await symlink(join(project.path, 'outside'), join(project.path, 'prisma/migrations/2_b'))
    await project.writeFile('prisma/migrations/3_c.sql', 'SELECT 3;')
    expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 })
    const [rows, folder] = [await rowsOf(url), await folderOf(project)]
    expect(folder.notices.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ignored-link', 'loose-file']))
    expect(rows).toHaveLength(names.length + 1)
    expect(rows.map(({ name, checksum }) => ({ name, checksum }))).toEqual(
      folder.migrations.map(({ name, checksum }) => ({ name, checksum })),
    )
    expect(decideHistory(rows, folder.migrations)).toMatchObject({
      pending: [],
      edited: [],
      missing: [],
      failed: [],
      outOfOrder: [],
    })
  })

  test('takes other line endings for the same text, and says nothing about an edited or a missing migration', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({
      prisma,
      migrations: { '1_a': 'SELECT 1;\nSELECT 2;\n', '2_b': 'SELECT 1;', '3_c': 'SELECT 1;' },
    })
    await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    await project.addMigration('1_a', 'SELECT 1;\r\nSELECT 2;\r\n')
    expect((await historyOf(project, url)).edited).toEqual([])
    await project.addMigration('2_b', 'SELECT 2;')
    await query(url, "UPDATE _prisma_migrations SET migration_name = '0_gone' WHERE migration_name = '3_c'")
    const history = await historyOf(project, url)
    expect(history.edited.map(({ migration }) => migration.name)).toEqual(['2_b'])
    expect(history.missing).toEqual(['0_gone'])
    expect(history.pending.map(({ name }) => name)).toEqual(['3_c'])
    expect(missingMigrations(history.missing, prismaWords('public'))?.code).toBe('HISTORY.MISSING_FROM_FOLDER')
    const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(ran.exitCode).toBe(0)
    expect(said(ran)).toContain('3_c')
    expect(said(ran)).not.toMatch(/2_b|0_gone/)
  })

  test('stops at a failed migration until the command is run that the failure ends in', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({
      prisma,
      migrations: { '1_a': 'CREATE TABLE a ();', '2_b': 'CREATE TABLE "it\'s" (); SELECT nothing;' },
    })
    const first = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(first.exitCode).not.toBe(0)
    expect(said(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url }))).toContain('P3009')
    const history = await historyOf(project, url)
    expect(history.failed.map(({ name }) => name)).toEqual(['2_b'])
    const failure = failedMigrations(history, prismaWords('public'))
    expect(failure?.why).toMatch(/column "nothing" does not exist.*42703/)
    const command = failure?.next.find((line) => line.includes('--rolled-back')) ?? ''
    const resolved = await project.prisma(command.split(' ').slice(2), { DATABASE_URL: url })
    expect(resolved).toMatchObject({ exitCode: 0 })
    expect(await historyOf(project, url)).toMatchObject({ failed: [], pending: [{ name: '2_b' }] })
  })

  test('refuses `resolve --applied` where the failure leaves it out', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_a': 'SELECT 1;' } })
    await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    await query(url, "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '1_a')")
    expect(failedMigrations(await historyOf(project, url), prismaWords('public'))?.next.join('\n')).not.toContain(
      '--applied',
    )
    const ran = await project.prisma(['migrate', 'resolve', '--applied', '1_a'], { DATABASE_URL: url })
    expect(said(ran)).toContain('P3008')
  })

  test('fails on a byte order mark, whatever follows it', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_a': '\uFEFF-- a\nCREATE TABLE a ();' } })
    await expect(folderOf(project)).rejects.toMatchObject({ failure: { code: 'MIGRATIONS.BYTE_ORDER_MARK' } })
    const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
    expect(ran.exitCode).not.toBe(0)
    expect(said(ran)).toMatch(/syntax error|42601/)
  })

  test('records an empty file as applied', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_a': '' } })
    await expect(folderOf(project)).rejects.toMatchObject({ failure: { code: 'MIGRATIONS.EMPTY' } })
    expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 })
    expect((await historyOf(project, url)).applied.map(({ name }) => name)).toEqual(['1_a'])
  })

  test('stops at a folder without its file', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_a': 'SELECT 1;' } })
    await mkdir(join(project.path, 'prisma/migrations/2_b'))
    await expect(folderOf(project)).rejects.toMatchObject({ failure: { code: 'MIGRATIONS.NO_SQL' } })
    expect((await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).exitCode).not.toBe(0)
  })

  test('reads a lock file in one spelling only', async () => {
    const url = await server.createDatabase()
    await using project = await createProject({ prisma, migrations: { '1_a': 'SELECT 1;' } })
    for (const text of ['provider="postgresql"\n', "provider = 'postgresql'\n", 'provider = "postgresql" # ours\n']) {
      await project.writeFile('prisma/migrations/migration_lock.toml', text)
      await expect(folderOf(project)).rejects.toMatchObject({ failure: { code: 'MIGRATIONS.LOCK_FILE_UNREADABLE' } })
    }
    expect(said(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url }))).toContain('P3019')
  })

  test('connects with the URL that is written for it, with the settings that are in it', async () => {
    const url = await server.createDatabase(`odd "name" ${prisma}`)
    await using project = await createProject({
      prisma,
      migrations: { '1_a': "CREATE TABLE a AS SELECT current_setting('lock_timeout') AS value;" },
    })
    const given = prismaUrl(parse(`${url}?options=-c%20lock_timeout%3D9s`), { lock_timeout: '2s' })
    const ran = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: given })
    expect(ran).toMatchObject({ exitCode: 0 })
    expect(await query(url, 'SELECT value FROM a')).toEqual([{ value: '2s' }])
  })
})

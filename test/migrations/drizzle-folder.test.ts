import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { readDrizzleFolder } from '../../src/migrations/drizzle-folder.ts'
import { readDrizzleProject } from '../../src/migrations/drizzle-project.ts'
import { createDrizzleProject, type DrizzleLab, hashOf } from '../lab/drizzle.ts'

const marker = '--> statement-breakpoint'

async function reading(lab: DrizzleLab) {
  return await readDrizzleFolder(`${lab.path}/drizzle`, lab.path)
}

async function textOf(sql: string): Promise<string | undefined> {
  await using lab = await createDrizzleProject()
  await lab.write([{ tag: '0000_a', when: 1, sql }])
  const read = await reading(lab)
  if (read.kind === 'invalid') return read.failure.code
  const [migration] = read.folder.migrations
  // Drizzle hashes the file as it is.
  expect(migration?.checksum).toBe(hashOf(sql))
  return migration?.sql
}

describe('a file of Drizzle', () => {
  test.each([
    [`SELECT 1;\n${marker}\nSELECT 2;`, `SELECT 1;\n${marker}\nSELECT 2;`],
    [`SELECT 1\n${marker}\nSELECT 2`, 'SELECT 1\n;-- statement-breakpoint\nSELECT 2'],
    [`SELECT 1;${marker}\n${marker}\nSELECT 2;`, `SELECT 1;${marker}\n${marker}\nSELECT 2;`],
    [`-- nothing\n${marker}\nSELECT 2;`, '-- nothing\n;-- statement-breakpoint\nSELECT 2;'],
  ])('%j means what Drizzle sends, with every byte where it was', async (sql, expected) => {
    const text = await textOf(sql)
    expect(text).toBe(expected)
    expect(text).toHaveLength(sql.length)
  })

  test.each([
    `SELECT 'a\n${marker}\nb';`,
    `DO $$ BEGIN\n${marker}\nEND $$;`,
    `/* ${marker} */ SELECT 1;`,
    `-- see ${marker}\nSELECT 1;`,
  ])('that Drizzle would cut in two in the middle of a text is refused: %j', async (sql) => {
    expect(await textOf(sql)).toBe('MIGRATIONS.UNSUPPORTED_LAYOUT')
  })
})

describe('the journal', () => {
  let lab: DrizzleLab
  beforeAll(async () => {
    lab = await createDrizzleProject()
  })
  afterAll(() => lab[Symbol.asyncDispose]())

  test.each([
    ['{', 'MIGRATIONS.JOURNAL_UNREADABLE'],
    ['[]', 'MIGRATIONS.NOT_POSTGRESQL'],
    ['{"dialect":"mysql","entries":[]}', 'MIGRATIONS.NOT_POSTGRESQL'],
    ['{"dialect":"postgresql"}', 'MIGRATIONS.JOURNAL_UNREADABLE'],
    ['{"dialect":"postgresql","entries":[{"tag":"../../etc/a","when":1}]}', 'MIGRATIONS.JOURNAL_UNREADABLE'],
    ['{"dialect":"postgresql","entries":[{"tag":"a","when":"1; DROP TABLE a"}]}', 'MIGRATIONS.JOURNAL_UNREADABLE'],
    ['{"dialect":"postgresql","entries":[{"tag":"gone","when":1}]}', 'MIGRATIONS.NO_SQL'],
  ])('%s is refused', async (text, code) => {
    await lab.writeFile('drizzle/meta/_journal.json', text)
    expect(await reading(lab)).toMatchObject({ kind: 'invalid', failure: { code } })
  })

  test('that is empty is a folder without migrations, and a file that it does not name is told', async () => {
    await lab.write([])
    await lab.writeFile('drizzle/0009_forgotten.sql', 'SELECT 1;')
    expect(await reading(lab)).toMatchObject({
      kind: 'read',
      folder: { migrations: [], notices: [{ file: 'drizzle/0009_forgotten.sql' }] },
    })
  })
})

describe('drizzle.config', () => {
  async function project(text: string, name = 'drizzle.config.ts') {
    await using lab = await createDrizzleProject({ [name]: text })
    try {
      const { migrationsPath, history, urls } = await readDrizzleProject(lab.path, undefined)
      return { folder: migrationsPath.slice(lab.path.length + 1), ...history, url: urls.urlVariables }
    } catch (error) {
      if (error instanceof FailureError) return error.failure.code
      throw error
    }
  }

  test('is read as it is usually written', async () => {
    expect(
      await project(
        "import 'dotenv/config'\nimport { defineConfig } from 'drizzle-kit'\nconst url = process.env.POSTGRES_URL!\nexport default defineConfig({ out: './db/out', dialect: 'postgresql', dbCredentials: { url }, migrations: { table: 'm', schema: 'public' } })",
      ),
    ).toEqual({ folder: 'db/out', schema: 'public', table: 'm', url: ['POSTGRES_URL'] })
  })

  test('that leaves everything out has the names that drizzle-kit takes', async () => {
    expect(await project("export default { dialect: 'postgresql' }")).toEqual({
      folder: 'drizzle',
      schema: 'drizzle',
      table: '__drizzle_migrations',
      url: ['DATABASE_URL'],
    })
  })

  test('that puts together what matters is refused, and its URL never matters', async () => {
    expect(await project('export default { out: folderOf(process.env) }')).toBe('PROJECT.CONFIG_UNREADABLE')
    expect(await project('export default { migrations: { table: nameOf(1) } }')).toBe('PROJECT.CONFIG_UNREADABLE')
    expect(await project('export default { dbCredentials: { url: build() } }')).toMatchObject({ url: ['DATABASE_URL'] })
    expect(await project("export default { dialect: 'mysql' }")).toBe('PROJECT.NOT_POSTGRESQL')
  })
})

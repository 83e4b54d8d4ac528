import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import type { Migration } from '../../src/migrations/migration.ts'
import { asMigrationName } from '../../src/migrations/migration.ts'
import { ReadingThread } from '../../src/migrations/reading-thread.ts'
import { emptyCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser } from '../../src/sql/parse.ts'
import { type Analysis, analyse } from '../../src/stages/plan/analyse.ts'

/** The bundled thread: it is what runs. */
const threadPath = fileURLToPath(new URL('../../dist/read-ahead.mjs', import.meta.url))
const missing = fileURLToPath(new URL('./no-such-thread.mjs', import.meta.url))

const made = (sqlOf: (index: number) => string): readonly Migration[] =>
  Array.from({ length: 150 }, (_, index) => {
    const name = asMigrationName(`${1_000 + index}_made`)
    const [sql, path] = [sqlOf(index), `migrations/${name}`]
    return { name, path, file: `${path}/migration.sql`, sql, bytes: sql.length, checksum: '', otherChecksums: [] }
  })

/** Of every kind that is read in a way of its own: plain, several statements, not to be split, a byte-order mark, blank, with a body, large. */
const kinds = [
  (index: number) => `CREATE TABLE "T${index}" (id INT PRIMARY KEY, "straße" TEXT);`,
  (index: number) => `ALTER TABLE "T${index - 1}" ADD COLUMN "more" TEXT;\nDROP TABLE IF EXISTS "T${index - 2}";`,
  (index: number) => `DROP INDEX CONCURRENTLY IF EXISTS "i${index}";`,
  (index: number) => `\uFEFFCREATE TYPE "E${index}" AS ENUM ('a', '\u{1F600}');`,
  () => '-- nothing but this',
  (index: number) => `DO $$ BEGIN EXECUTE 'DROP TABLE "T${index - 5}"'; END $$;`,
  (index: number) =>
    `INSERT INTO "T${index - 6}" VALUES ${Array.from({ length: index === 27 ? 20_000 : 2 }, (_, id) => `(${id}, 'x')`).join(', ')};`,
]
const history = made((index) => (kinds[index % kinds.length] ?? String)(index))

const options = { prismaVersion: '7.10.1', schema: 'public', rules: {}, start: emptyCatalog }
async function judged(
  migrations: readonly Migration[],
  {
    threadPath,
    prismaVersion = options.prismaVersion,
  }: { readonly threadPath?: string; readonly prismaVersion?: string },
): Promise<Analysis> {
  await using thread = threadPath === undefined ? undefined : new ReadingThread(threadPath)
  const [applied, pending] = [migrations.slice(0, 20), migrations.slice(20)]
  return await analyse({ applied, pending }, { ...options, prismaVersion, thread })
}

let here: Analysis

beforeAll(async () => {
  here = await judged(history, {})
})

it('judges a long history that is read ahead like one that is not', async () => {
  expect(here.findings.length).toBeGreaterThan(10)
  expect(await judged(history, { threadPath })).toEqual(here)
})

it('does so for versions of Prisma that do not split files', async () => {
  const prismaVersion = '6.19.0'
  expect(await judged(history, { threadPath, prismaVersion })).toEqual(await judged(history, { prismaVersion }))
})

it('reads the files itself where the thread does not start', async () => {
  expect(await judged(history, { threadPath: missing })).toEqual(here)
})

it('says where a file is wrong in the same words', async () => {
  const broken = made((index) =>
    index === 120 ? 'CREATE TABLE a (id INT);\nALTER TABLE ((;' : `CREATE TABLE t${index} ();`,
  )
  const said = (path?: string) =>
    judged(broken, path === undefined ? {} : { threadPath: path }).catch((error) => error.failure)
  expect(await said(threadPath)).toEqual(await said())
  expect(await said(threadPath)).toMatchObject({
    code: 'SQL.SYNTAX',
    why: expect.stringContaining('migration.sql:2:13'),
  })
})

it('reads in the thread what the other one would read, and leaves the rest to it', async () => {
  await using thread = new ReadingThread(threadPath)
  const texts = ['SELECT 1;', 'SELEC 2;', '', 'CREATE TABLE "straße" ();\nDROP TABLE a;']
  const [plain, wrong, blank, two] = await thread.read({ texts, prismaVersion: '7.10.1' })
  const parser = await loadParser()
  expect(JSON.parse(plain?.tree ?? '')).toEqual(parser.parse(texts[0] ?? ''))
  expect([wrong, blank]).toEqual([undefined, undefined])
  expect(JSON.parse(two?.tree ?? '')).toEqual(parser.parse(texts[3] ?? ''))
  expect(two?.execution).toMatchObject({ kind: 'split', atomic: false, statements: 2 })
})

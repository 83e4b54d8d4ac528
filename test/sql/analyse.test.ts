import { describe, expect, it } from 'vitest'
import { analyseMigration, replayMigration } from '../../src/sql/analyse.ts'
import { unknownCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser } from '../../src/sql/parse.ts'
import { lastOf } from './history.ts'

const parser = await loadParser()

describe('an analysed migration', () => {
  it('has its findings in the order of the file, each at the command it is about', () => {
    const { findings } = lastOf([
      'CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, age INT);',
      '-- AlterTable\r\nALTER TABLE "User" ADD COLUMN "city" TEXT,\r\n  DROP COLUMN "age",\r\n  ALTER COLUMN "name" SET NOT NULL;\r\n\r\nCREATE INDEX "User_name_idx" ON "User"("name");\r\n',
    ])
    expect(findings.map(({ rule, line, column }) => [rule, line, column])).toEqual([
      ['ban-drop-column', 3, 3],
      ['mixed-stages', 3, 3],
      ['set-not-null', 4, 3],
      ['create-index-blocks-writes', 6, 1],
    ])
  })

  it('names what it creates, for those that come after it', () => {
    expect(lastOf(['CREATE TABLE a (id INT); CREATE TABLE app.b (id INT); ALTER TABLE c ADD d INT;']).creates).toEqual([
      'public.a',
      'app.b',
    ])
  })

  it('blocks nobody on a table that is new in the same deploy, and deletes its rows all the same', () => {
    const files = [
      'CREATE TABLE a (id INT PRIMARY KEY, b TEXT);',
      'CREATE INDEX i ON a (b);\nALTER TABLE a ALTER COLUMN b SET NOT NULL;\nALTER TABLE a DROP COLUMN b;',
    ]
    const rulesOf = (notYetInUse: ReadonlySet<string>) =>
      lastOf(files, { notYetInUse }).findings.map((finding) => finding.rule)
    expect(rulesOf(new Set())).toEqual(['create-index-blocks-writes', 'set-not-null', 'ban-drop-column'])
    expect(rulesOf(new Set(['public.a']))).toEqual(['ban-drop-column'])
  })

  it('keeps the locks on such a table among its effects: they are facts', () => {
    const { statements } = lastOf(['CREATE TABLE a (id INT);', 'CREATE INDEX ON a (id);'], {
      notYetInUse: new Set(['public.a']),
    })
    expect(statements[0]?.effects.locks).toEqual([{ relation: 'public.a', mode: 'ShareLock' }])
  })

  it('is a syntax error with its place where the SQL does not parse', () => {
    const analysis = analyseMigration(parser, {
      name: 'a',
      file: 'a',
      sql: 'SELECT 1;\n  SELEC',
      schema: 'public',
      catalog: unknownCatalog,
    })
    expect(analysis).toMatchObject({ kind: 'syntax-error', line: 2, column: 3 })
  })
})

describe('a replayed migration', () => {
  it('leaves the catalog that analysing it leaves', () => {
    const sql = 'CREATE TABLE a (id SERIAL PRIMARY KEY); ALTER TABLE a RENAME TO b; CREATE TEMP TABLE c (id INT);'
    const replayed = replayMigration(parser, { name: '1_migration', sql, schema: 'public', catalog: unknownCatalog })
    expect(replayed).toMatchObject({
      kind: 'replayed',
      catalogAfter: { relations: lastOf([sql]).catalogAfter.relations },
    })
  })

  it('says so when it does not parse', () => {
    expect(
      replayMigration(parser, { name: 'a', sql: 'SELEC', schema: 'public', catalog: unknownCatalog }),
    ).toMatchObject({ kind: 'syntax-error' })
  })
})

describe('a statement that nests thousands of levels deep', () => {
  it('is followed to its end', () => {
    const sql = `UPDATE a SET b = 1${'+1'.repeat(2800)} + (SELECT max(c) FROM d);`
    const { effects } = lastOf([sql]).statements[0] ?? {}
    expect(effects).toMatchObject({ unknown: false })
    expect(effects?.locks.map((lock) => lock.relation).toSorted()).toEqual(['public.a', 'public.d'])
  })
})

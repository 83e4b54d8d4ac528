import { beforeAll, describe, expect, test } from 'vitest'
import type { RuleSettings } from '../../src/config.ts'
import { executionModel, type SqlParser } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'
import { analyseMigration } from '../../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser, type Parser } from '../../src/sql/parse.ts'

/** What rules leave to one another, and what a finding that is about several statements says. */

let parser: Parser
let splitter: SqlParser
beforeAll(async () => {
  parser = await loadParser()
  splitter = await loadSqlParser()
})

const before = `
  CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, "slackId" TEXT);
  CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, slug TEXT, old INT);
  CREATE UNIQUE INDEX "User_slackId_key" ON "User" ("slackId");
`

interface Judging {
  readonly prisma?: '6.19.0' | '7.10.1'
  readonly settings?: RuleSettings
  readonly lateBehind?: string
}

function analysed(name: string, sql: string, catalog: Catalog, { prisma = '6.19.0', ...judging }: Judging) {
  const execution = executionModel(prisma, sql, splitter)
  const file = `prisma/migrations/${name}/migration.sql`
  const analysis = analyseMigration(parser, { name, file, sql, schema: 'public', catalog, execution, ...judging })
  if (analysis.kind !== 'analysed') throw new Error(analysis.message)
  return analysis
}

function findingsOf(sql: string, judging: Judging = {}) {
  const { catalogAfter } = analysed('20240101000000_init', before, emptyCatalog, {})
  return analysed('20240201000000_next', sql, catalogAfter, judging).findings
}

const rulesOf = (sql: string, judging?: Judging) => findingsOf(sql, judging).map(({ rule, line }) => `${rule}:${line}`)

describe('a finding about several statements', () => {
  const indexes = 'CREATE INDEX a ON "Post" (slug);\nCREATE INDEX b ON "User" (name);\nCREATE INDEX c ON "Post" (old);'

  test('names all of them with their lines, and its SQL does all of them', () => {
    const [posts, users] = findingsOf(indexes)
    expect(posts?.message).toBe(
      'Creates the indexes a and c (lines 1 and 3): every write to "Post" waits until they are built.',
    )
    expect(posts?.instead).toContain('CREATE INDEX CONCURRENTLY a ON "Post" (slug);')
    expect(posts?.instead).toContain('CREATE INDEX CONCURRENTLY c ON "Post" (old);')
    expect(users?.message).toBe('Creates the index b: every write to "User" waits until it is built.')
  })

  test('loses only the one that a comment allows', () => {
    const sql = indexes.replace('CREATE INDEX c', '-- airlock: allow create-index-blocks-writes because tiny\n$&')
    expect(findingsOf(sql)[0]?.message).toMatch(/^Creates the index a:/)
    const first = `-- airlock: allow create-index-blocks-writes because tiny\n${indexes}`
    expect(findingsOf(first).map(({ message }) => message)).toEqual([
      'Creates the index b: every write to "User" waits until it is built.',
      'Creates the index c: every write to "Post" waits until it is built.',
    ])
  })

  test('of very many says how many, so that the sentence stays one', () => {
    const many = Array.from({ length: 12 }, (_, at) => `CREATE INDEX i${at} ON "Post" (slug, old, id, "authorId");`)
    expect(findingsOf(many.join('\n'))[0]?.message).toContain('(12 statements from line 1 on)')
  })
})

describe('a foreign key without an index', () => {
  const key = 'ALTER TABLE "Post" ADD CONSTRAINT k FOREIGN KEY ("authorId") REFERENCES "User" (id) ON DELETE CASCADE;'

  test('is told where its rows are checked, with both remedies', () => {
    expect(rulesOf(key)).toEqual(['add-foreign-key:1'])
    const [finding] = findingsOf(key)
    expect(finding?.why).toContain('There is no index on "authorId" either')
    expect(finding?.instead).toContain('CREATE INDEX CONCURRENTLY "Post_authorId_idx" ON "Post" ("authorId");')
  })

  test.each<RuleSettings>([{ 'foreign-key-without-index': 'error' }, { 'add-foreign-key': 'off' }])(
    'is told by itself with %o',
    (settings) => {
      expect(rulesOf(key, { settings })).toContain('foreign-key-without-index:1')
      expect(findingsOf(key, { settings }).some(({ why }) => why.includes('either'))).toBe(false)
    },
  )
})

describe('what stays when a statement fails', () => {
  const required = 'ALTER TABLE "User" ADD COLUMN motto TEXT;\nALTER TABLE "User" ALTER COLUMN name SET NOT NULL;'
  const stays = 'if this fails, what line 1 did stays, and blocks every later deploy (P3009).'

  test('is said where the statement is told, if the file is no transaction', () => {
    const whyOf = (sql: string, prisma: '6.19.0' | '7.10.1') =>
      findingsOf(sql, { prisma }).find(({ rule }) => rule === 'set-not-null')?.why
    expect(whyOf(required, '7.10.1')).toContain(stays)
    expect(whyOf(required, '6.19.0')).toMatch(/^(?!.*P3009)/)
    expect(whyOf(`BEGIN;\n${required}\nCOMMIT;`, '7.10.1')).toMatch(/^(?!.*P3009)/)
  })

  test.each([
    [
      'a column that has no value yet',
      'ALTER TABLE "User" ADD COLUMN motto TEXT;\nCREATE UNIQUE INDEX u ON "User" (motto);',
    ],
    [
      'a key among the columns',
      'ALTER TABLE "User" ADD COLUMN motto TEXT;\nCREATE UNIQUE INDEX u ON "User" (id, name);',
    ],
    [
      'a reference from a column that has no value yet',
      'ALTER TABLE "User" ADD COLUMN post INT;\nALTER TABLE "User" ADD CONSTRAINT k FOREIGN KEY (post) REFERENCES "Post" (id);',
    ],
  ])('is nothing where it cannot: %s', (_what, sql) => {
    const [finding] = findingsOf(sql, { prisma: '7.10.1' })
    expect(finding?.why).not.toMatch(/P3009|fails/)
  })

  test('may be something where the column was filled in between', () => {
    const sql =
      'ALTER TABLE "User" ADD COLUMN motto TEXT;\nUPDATE "User" SET motto = name;\nCREATE UNIQUE INDEX u ON "User" (motto);'
    const finding = findingsOf(sql, { prisma: '7.10.1' }).find(({ rule }) => rule === 'create-index-blocks-writes')
    expect(finding?.why).toMatch(/two rows have the same values.*P3009/)
  })
})

describe('a file that takes several steps at once', () => {
  const steps =
    'ALTER TABLE "Post" DROP COLUMN old, ADD COLUMN title TEXT;\nUPDATE "Post" SET title = slug;\nCREATE INDEX t ON "Post" (title);'
  const split = ['-- this migration: what the next release needs', 'ALTER TABLE "Post" ADD COLUMN title TEXT;'].join(
    '\n',
  )

  test('is told how to split, once: by the rule that says what it costs to leave it so', () => {
    const batch = findingsOf(steps, { prisma: '6.19.0' })
    expect(batch.filter(({ instead }) => instead.startsWith(split)).map(({ rule }) => rule)).toEqual([
      'lock-held-during-work',
    ])
    const each = findingsOf(steps, { prisma: '7.10.1' })
    expect(each.filter(({ instead }) => instead.startsWith(split)).map(({ rule }) => rule)).toEqual([
      'non-atomic-migration',
    ])
    const off: RuleSettings = { 'lock-held-during-work': 'off' }
    expect(rulesOf(steps, { settings: off })).toContain('mixed-stages:2')
  })

  test('has what builds on moved rows behind them, and what is taken away last', () => {
    const [finding] = findingsOf(steps, {
      settings: { 'lock-held-during-work': 'off', 'update-all-rows': 'off' },
    }).filter(({ rule }) => rule === 'mixed-stages')
    expect(finding?.instead).toBe(
      [
        split,
        '-- the next migration: the rows',
        'UPDATE "Post" SET title = slug;',
        'CREATE INDEX t ON "Post" (title);',
        '-- a later migration, once no running release needs the old',
        'ALTER TABLE "Post" DROP COLUMN old;',
      ].join('\n'),
    )
  })
})

test('an index that Prisma makes again after a rename is renamed instead', () => {
  const sql =
    'DROP INDEX "User_slackId_key";\nALTER TABLE "User" RENAME COLUMN "slackId" TO "externalId";\nCREATE UNIQUE INDEX "User_externalId_key" ON "User" ("externalId");'
  const finding = findingsOf(sql).find(({ rule }) => rule === 'create-index-blocks-writes')
  expect(finding?.instead).toContain('ALTER INDEX "User_slackId_key" RENAME TO "User_externalId_key";')
})

describe('a migration that comes late', () => {
  const sql = 'ALTER TABLE "User" ADD COLUMN motto TEXT;'
  const late = { lateBehind: '20240301000000_team' }

  test('is told with the way to give it a new name', () => {
    expect(findingsOf(sql, late)).toMatchObject([
      {
        rule: 'out-of-order',
        severity: 'notice',
        instead: 'git mv prisma/migrations/20240201000000_next prisma/migrations/$(date -u +%Y%m%d%H%M%S)_next',
      },
    ])
  })

  test('is as severe as airlock.yml says, or nothing', () => {
    expect(findingsOf(sql, { ...late, settings: { 'out-of-order': 'error' } })[0]?.severity).toBe('error')
    expect(findingsOf(sql, { ...late, settings: { 'out-of-order': 'off' } })).toEqual([])
  })
})

test('a permission for a rule that is switched off is not called idle', () => {
  const sql = '-- airlock: allow create-index-blocks-writes because tiny\nCREATE INDEX a ON "Post" (slug);'
  expect(rulesOf(sql, { settings: { 'create-index-blocks-writes': 'off' } })).toEqual([])
})

test('a column that the file copied before it drops it is not called lost without a backup', () => {
  const sql =
    'ALTER TABLE "User" ADD COLUMN "fullName" TEXT;\nUPDATE "User" SET "fullName" = name;\nALTER TABLE "User" DROP COLUMN name;'
  const whyOf = (text: string) => findingsOf(text).find(({ rule }) => rule === 'ban-drop-column')?.why
  expect(whyOf(sql)).toMatch(/^Before that line 2 copied name to "fullName"; /)
  expect(whyOf('ALTER TABLE "User" DROP COLUMN name;')).toMatch(/^Only a backup brings the values back\. /)
})

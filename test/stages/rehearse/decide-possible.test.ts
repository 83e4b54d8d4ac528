import { describe, expect, test } from 'vitest'
import type { Statement } from '../../../src/sql/model.ts'
import { loadParser, parseMigration } from '../../../src/sql/parse.ts'
import type { Plan } from '../../../src/stages/plan/plan.ts'
import { notPossible, whyNotOnCopy } from '../../../src/stages/rehearse/decide-possible.ts'
import { notInTheCatalog } from '../../../src/stages/rehearse/undo/unseen.ts'

const effects: Statement['effects'] = {
  locks: [],
  rewrites: [],
  scans: [],
  overwrites: [],
  loses: [],
  beyond: [],
  unknown: false,
  unknownBecause: undefined,
}
const range = { startByte: 0, endByte: 1, line: 3, column: 1, endLine: 3 }

async function statement(sql: string): Promise<Statement> {
  const parser = await loadParser()
  const parsed = parseMigration(parser, sql)
  if (!('statements' in parsed)) throw new Error(sql)
  return { index: 0, kind: parsed.statements[0]?.kind ?? '', sql, range, effects, runsCode: false }
}

async function planOf(sql: string): Promise<Plan> {
  return {
    migrations: [
      {
        name: '1_a',
        checksum: '',
        file: '',
        stage: 'expand',
        execution: { kind: 'batch', atomic: true, because: '' },
        statements: [await statement(sql)],
      },
    ],
    findings: [],
    allowed: [],
    risks: [],
    obstacles: [],
    digest: 'sha256:0' as Plan['digest'],
    leftOut: [],
  }
}

const own = { kind: 'embedded', extensions: new Set(['citext']) } as const

describe('a rehearsal is not possible, and says why, for', () => {
  test.each([
    `CREATE SUBSCRIPTION s CONNECTION 'host=db' PUBLICATION p`,
    'ALTER SYSTEM SET work_mem = 1',
    'CREATE DATABASE other',
    'ALTER DATABASE shop SET timezone = UTC',
    'GRANT CONNECT ON DATABASE shop TO app',
    'CREATE EXTENSION vector',
    'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"',
    'DROP ROLE reporting',
    'DROP OWNED BY reporting',
    'ALTER ROLE a RENAME TO b',
  ])('%s', async (sql) => {
    const why = whyNotOnCopy(await planOf(sql), own)
    expect(why).toMatch(/^1_a:3 \S/)
    expect(notPossible(why ?? '')).toMatchObject({ code: 'REHEARSAL.NOT_POSSIBLE', why })
  })

  test('a role that would stay on a server of somebody else', async () => {
    expect(whyNotOnCopy(await planOf('CREATE ROLE a'), { ...own, kind: 'url' })).toContain('1_a:3')
  })
})

test.each([
  'CREATE EXTENSION citext',
  'CREATE ROLE a',
  'GRANT SELECT ON t TO a',
  'CREATE TABLE t (database int)',
  'SELECT 1',
])('a rehearsal is possible for %s', async (sql) => {
  expect(whyNotOnCopy(await planOf(sql), own)).toBeUndefined()
})

describe('an undo is never proven by two equal catalogs for', () => {
  test.each([
    'GRANT SELECT ON t TO a',
    'REVOKE SELECT ON t FROM a',
    'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a',
    'ALTER TABLE t OWNER TO a',
    'ALTER FUNCTION f() OWNER TO a',
    `COMMENT ON TABLE t IS 'x'`,
    'ALTER VIEW v SET (security_invoker = on)',
    'ALTER EXTENSION citext UPDATE',
    'ALTER TABLE t INHERIT p',
    'DROP PUBLICATION p',
  ])('%s', async (sql) => {
    expect(notInTheCatalog([await statement(sql)])).toMatch(/^Line 3 changes /)
  })

  test('what no transaction takes back', async () => {
    const one = await statement(`SELECT setval('s', 1)`)
    expect(notInTheCatalog([{ ...one, effects: { ...effects, beyond: ['setval'] } }])).toContain('setval')
    expect(notInTheCatalog([await statement('ALTER TABLE t ADD COLUMN a int')])).toBeUndefined()
  })
})

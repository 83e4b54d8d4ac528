import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { withResumable } from '../../src/migrations/atomic-history.ts'
import { atomicModel } from '../../src/migrations/atomic-model.ts'
import { progressIn, progressText, resumptionOf, withoutDone } from '../../src/migrations/atomic-progress.ts'
import { atomicFile, commitsOnTheWay, fileInSteps } from '../../src/migrations/atomic-steps.ts'
import { decideHistory, type HistoryRow } from '../../src/migrations/history.ts'
import { asMigrationName, type Migration } from '../../src/migrations/migration.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The kinds of the steps, with the number of statements of each. */
function shape(sql: string, read = atomicFile): string {
  const file = read(sql)
  return file.kind === 'unsupported'
    ? `unsupported: ${file.what}`
    : file.steps.map((step) => `${step.kind} ${step.count}`).join(', ')
}

describe('a file is one transaction', () => {
  test.each([
    [
      'whatever is in it',
      'CREATE TABLE a (id int); INSERT INTO a VALUES (1); SET LOCAL work_mem = 64; SAVEPOINT s;',
      'transaction 4',
    ],
    ['with a block', 'DO $$ BEGIN PERFORM 1; END $$; SELECT 1;', 'transaction 2'],
    ['without anything', '-- nothing to do\n', 'transaction 0'],
    ['with a label that nothing uses', `ALTER TYPE k ADD VALUE 'b'; SELECT 'c';`, 'transaction 2'],
    [
      'with a label of a type as new as it',
      `CREATE TYPE k AS ENUM ('a'); ALTER TYPE k ADD VALUE 'b'; SELECT 'b'::k;`,
      'transaction 3',
    ],
    [
      'of its own words',
      'SET work_mem = 64; BEGIN; SELECT 1; SELECT 2; COMMIT; RESET work_mem;',
      'session 1, transaction 4, session 1',
    ],
  ])('%s', (_what, sql, steps) => {
    expect(shape(sql)).toBe(steps)
    const file = atomicFile(sql)
    expect(file.kind === 'steps' && commitsOnTheWay(file.steps)).toBe(false)
    expect(atomicModel(sql)).toMatchObject({ atomic: true, refused: undefined, stray: [] })
  })
})

describe('a file is run step by step', () => {
  test.each([
    [
      'an index beside it',
      'SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a); SELECT 2;',
      'transaction 1, alone 1, transaction 1',
    ],
    ['VACUUM', 'VACUUM t;', 'alone 1'],
    ['a label that is used', `ALTER TYPE k ADD VALUE 'b'; UPDATE t SET k = 'b';`, 'transaction 1, transaction 1'],
    [
      'two transactions of its own',
      'BEGIN; SELECT 1; COMMIT; START TRANSACTION; SELECT 2; END;',
      'transaction 3, transaction 3',
    ],
    ['a procedure', 'CALL p();', 'alone 1'],
    ['a setting by function', `SELECT set_config('a.b', '1', false); VACUUM;`, 'transaction 1, alone 1'],
    ['a subscription', "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p;", 'alone 1'],
  ])('%s', (_what, sql, steps) => {
    expect(shape(sql)).toBe(steps)
    expect(atomicModel(sql)).toMatchObject({ kind: 'split', atomic: false })
  })

  test.each([
    ['BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT;', 'COMMIT AND CHAIN'],
    [`BEGIN; SELECT 1; PREPARE TRANSACTION 'x';`, 'PREPARE TRANSACTION'],
    [`COMMIT PREPARED 'x';`, 'COMMIT PREPARED'],
    ['BEGIN; SELECT 1;', 'a transaction that is never committed'],
  ])('%s is refused before anything runs', (sql, what) => {
    expect(shape(sql)).toBe(`unsupported: ${what}`)
    expect(atomicModel(sql)).toMatchObject({ atomic: false, refused: { what }, because: expect.stringContaining(what) })
  })
})

describe('where the next run goes on', () => {
  const sql = `SET lock_timeout = '5s'; UPDATE t SET a = 'é';\nCREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1;\n`
  const doneText = sql.slice(0, sql.indexOf('\nCREATE'))
  const doneBytes = Buffer.byteLength(doneText)
  const row = (facts: object = {}): Pick<HistoryRow, 'id' | 'logs'> => ({
    id: 'x',
    logs: `${progressText({ doneBytes, doneChecksum: sha256(doneText), begun: undefined, ...facts }, 'words')}\n\nmore`,
  })

  test('behind the steps that are in force; limits of time before them are said again', () => {
    const found = resumptionOf(row(), { sql }, sha256)
    expect(found).toMatchObject({
      kind: 'resumable',
      point: { rowId: 'x', doneSteps: 2, doneStatements: 2, doneBytes },
    })
    expect(found?.kind === 'resumable' && found.steps.flatMap(({ replay }) => replay)).toEqual([
      "SET lock_timeout = '5s';",
    ])
  })

  test('also where what follows was corrected', () => {
    expect(resumptionOf(row(), { sql: `${doneText}\nSELECT 2;` }, sha256)).toMatchObject({ kind: 'resumable' })
  })

  const seen = (statement: string) => ({ indexes: [], invalid: [], there: true, statement: sha256(statement) })

  test.each([
    ['a search path', `SET search_path = app;`],
    ['a role', `SET SESSION ROLE app;`],
    ['a block that may set anything', `DO $$ BEGIN PERFORM set_config('search_path', 'app', false); END $$;`],
    ['a function that may', `SELECT prepare_session();`],
    ['a statement with set_config in it', `INSERT INTO t SELECT set_config('search_path', 'app', false);`],
    ['a search path in a transaction', `BEGIN; SET search_path = app; COMMIT;`],
  ])('not where %s was said to a session that is gone', (_what, done) => {
    const progress = { doneBytes: Buffer.byteLength(done), doneChecksum: sha256(done), begun: undefined }
    expect(resumptionOf({ id: 'x', logs: progressText(progress, '') }, { sql: `${done}\nVACUUM t;` }, sha256)).toEqual({
      kind: 'not-resumable',
      because: 'what is in force may have said something to its session, which is gone',
    })
  })

  test.each<[string, string, object]>([
    ['what is in force was changed', sql.replace('é', 'e'), {}],
    ['it ends inside a statement', sql, { doneBytes: doneBytes - 1, doneChecksum: sha256(doneText.slice(0, -1)) }],
    ['nobody can tell what a procedure did', `${doneText}\nCALL p();`, { begun: seen('CALL p();') }],
    ['the statement that was begun was changed', sql, { begun: seen('CREATE INDEX CONCURRENTLY j ON t (a)') }],
    ['a temporary table is gone', sql.replace('SELECT 1', 'CREATE TEMP TABLE x ()'), {}],
  ])('not where %s', (_why, text, facts) => {
    expect(resumptionOf(row(facts), { sql: text }, sha256)).toMatchObject({ kind: 'not-resumable' })
  })

  test('not where the file is gone, and never in a row of Prisma', () => {
    expect(resumptionOf(row(), undefined, sha256)).toMatchObject({ kind: 'not-resumable' })
    expect(resumptionOf({ id: 'x', logs: 'Database error code: 23505' }, { sql }, sha256)).toBeUndefined()
    expect(resumptionOf({ id: 'x', logs: 'airlock-progress: {' }, { sql }, sha256)).toEqual({
      kind: 'not-resumable',
      because: 'how far it came cannot be read',
    })
    expect(progressIn('airlock-progress: {"doneBytes":"1"}')).toBeUndefined()
    expect(progressIn('airlock-progress: {')).toBeUndefined()
  })

  test('what is in force is blank in what is judged, and every line and byte is where it was', () => {
    const rest = withoutDone(sql, { doneBytes })
    expect(rest.trimStart()).toBe(sql.slice(doneText.length).trimStart())
    expect([rest.split('\n').length, Buffer.byteLength(rest)]).toEqual([sql.split('\n').length, Buffer.byteLength(sql)])
    expect(shape(rest, fileInSteps)).toBe('alone 1, transaction 1')
  })

  test('such a file is pending, in its place, and every other failed one stays failed', () => {
    const migration = (name: string): Migration => ({
      name: asMigrationName(name),
      path: name,
      file: name,
      sql,
      bytes: sql.length,
      checksum: sha256(sql),
      otherChecksums: [],
    })
    const begun = (name: string, logs: string): HistoryRow => ({
      id: 'x',
      name,
      checksum: sha256(sql),
      startedAt: new Date(),
      finishedAt: undefined,
      rolledBackAt: undefined,
      logs,
      appliedSteps: 0,
    })
    const migrations = ['1', '2', '3'].map(migration)
    const history = decideHistory([begun('1', 'Prisma says no'), begun('2', row().logs)], migrations)
    const going = withResumable(history, migrations, sha256)
    expect(going.failed.map(({ name }) => name)).toEqual(['1'])
    expect(going.pending.map(({ name, resume }) => [name, resume?.doneBytes])).toEqual([
      ['2', doneBytes],
      ['3', undefined],
    ])
  })
})

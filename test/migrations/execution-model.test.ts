import { describe, expect, it } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { type ExecutableModel, executionModel, splitsFiles } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'

const parser = await loadSqlParser()
const batch = (sql: string) => executionModel('6.19.3', sql, parser)
const split = (sql: string) => executionModel('7.10.1', sql, parser)
const sent = ({ pieces }: ExecutableModel) => pieces.map(({ sql }) => sql)

const two = 'CREATE TABLE a (id int);\n-- and\nCREATE TABLE b (id int);\n'
const concurrently = 'CREATE INDEX CONCURRENTLY i ON a (id);'

describe('the version of Prisma', () => {
  it('splits files from 7.4 on', () => {
    for (const version of ['5.22.0', '6.19.3', '7.0.0', '7.3.0']) expect(splitsFiles(version)).toBe(false)
    for (const version of ['7.4.0', '7.4.2', '7.10.1', '7.4.0-dev.3']) expect(splitsFiles(version)).toBe(true)
  })

  it.each(['8.0.0-rc.5', '9.1.0', 'latest', ''])('is refused where its behaviour is not known: %j', (version) => {
    expect(() => executionModel(version, two, parser)).toThrow(FailureError)
  })
})

describe('up to 7.3', () => {
  it('sends the whole file at once, so that a failure leaves nothing behind', () => {
    expect(batch(two)).toMatchObject({
      kind: 'batch',
      atomic: true,
      statements: 2,
      refused: undefined,
      leftOpen: false,
    })
    expect(sent(batch(two))).toEqual([two])
  })

  it('cannot create an index concurrently beside anything else', () => {
    expect(batch(`SET lock_timeout = '2s';\n${concurrently}`).refused).toEqual({
      statement: 1,
      what: 'CREATE INDEX CONCURRENTLY',
    })
    expect(batch(concurrently).refused).toBeUndefined()
  })

  it('is not atomic where the file itself commits on its way', () => {
    // The shape of Prisma's own change of an enum.
    const changedEnum = 'CREATE TABLE x (id int);\nBEGIN;\nCREATE TYPE e AS ENUM ();\nCOMMIT;\nDROP TABLE y;'
    expect(batch(changedEnum).atomic).toBe(false)
    expect(batch('CREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE b (id int);').atomic).toBe(false)
  })
})

describe('from 7.4 on', () => {
  it('sends every statement on its own, with the comment before it and the place in the file', () => {
    const model = split(two)
    expect(model).toMatchObject({ kind: 'split', atomic: false, statements: 2 })
    expect(model.pieces).toEqual([
      { sql: 'CREATE TABLE a (id int);', startByte: 0, endByte: 24 },
      { sql: '-- and\nCREATE TABLE b (id int);', startByte: 25, endByte: 56 },
    ])
  })

  it('is atomic with one statement that changes something', () => {
    expect(split('ALTER TABLE a ADD COLUMN b int;').atomic).toBe(true)
    expect(split("SET lock_timeout = '2s';\nALTER TABLE a ADD COLUMN b int;\nRESET lock_timeout;").atomic).toBe(true)
  })

  it('sends the file at once where Prisma’s parser does not read it', () => {
    for (const sql of [
      'CREATE TABLE a (id int);\nDO $$ BEGIN PERFORM 1; END $$;',
      'DROP INDEX CONCURRENTLY i;\nDROP INDEX CONCURRENTLY j;',
    ]) {
      expect(split(sql).kind).toBe('batch')
      expect(sent(split(sql))).toEqual([sql])
    }
    expect(split('CREATE TABLE a (id int);\nDO $$ BEGIN PERFORM 1; END $$;').atomic).toBe(true)
    expect(split('DROP INDEX CONCURRENTLY i;\nDROP INDEX CONCURRENTLY j;').refused).toEqual({
      statement: 0,
      what: 'DROP INDEX CONCURRENTLY',
    })
  })

  it('creates indexes concurrently beside anything else, except inside BEGIN … COMMIT', () => {
    expect(split(`CREATE TABLE a (id int);\n${concurrently}`).refused).toBeUndefined()
    expect(split(`BEGIN;\n${concurrently}\nCOMMIT;`).refused).toEqual({
      statement: 1,
      what: 'CREATE INDEX CONCURRENTLY',
    })
  })

  it('tells what finds no transaction where it needs one', () => {
    const sql = "SET LOCAL lock_timeout = '2s';\nSAVEPOINT s;\nSET CONSTRAINTS ALL DEFERRED;\nALTER TABLE a ADD b int;"
    expect(split(sql).kind).toBe('batch') // the parser does not know SET CONSTRAINTS
    expect(split(sql).stray).toEqual([{ statement: 1, what: 'SAVEPOINT', fails: true }])
    const local = "SET LOCAL lock_timeout = '2s';\nALTER TABLE a ADD b int;"
    expect(split(local).stray).toEqual([{ statement: 0, what: 'SET LOCAL', fails: false }])
    expect(split(`BEGIN;\n${local}\nCOMMIT;`).stray).toEqual([])
    expect(batch(local).stray).toEqual([])
    expect(split('SAVEPOINT s;\nSELECT 1;').because).toContain('fails at statement 1 of 2')
    expect(batch('LOCK TABLE a;').stray).toEqual([{ statement: 0, what: 'LOCK TABLE', fails: true }])
    expect(batch('LOCK TABLE a;\nALTER TABLE a ADD b int;').stray).toEqual([])
  })

  it('asks nobody how to split a file that has nothing to split', () => {
    const neverAsked = {
      countStatements: () => {
        throw new Error('was asked')
      },
    }
    for (const sql of ['-- a\n', "INSERT INTO a VALUES ('x')", 'ALTER TABLE a ADD b int;\r\n'])
      expect(executionModel('7.10.1', sql, neverAsked)).toMatchObject({ kind: 'split', atomic: true })
    // A comment that ends for one reader and goes on for the other, and a semicolon that may be in a string or not.
    for (const sql of ['-- a\rDROP TABLE a', 'SELECT 1\f', '\uFEFFSELECT 1', "SELECT '\u00A0'", "SELECT E'\\';'", two])
      expect(() => executionModel('7.10.1', sql, neverAsked)).toThrow('was asked')
  })

  it('promises nothing where the two readings of a file differ', () => {
    const model = executionModel('7.10.1', two, { countStatements: () => 3 })
    expect(model.atomic).toBe(false)
    expect(model.because).toContain('reads 3 statements where PostgreSQL reads 2')
  })
})

describe.each([
  ['6.19.3', batch],
  ['7.10.1', split],
])('with %s', (_, model) => {
  it('an explicit transaction around everything is atomic', () => {
    for (const [begin, end] of [
      ['BEGIN', 'COMMIT'],
      ['START TRANSACTION', 'END'],
      ['begin transaction', 'commit work'],
    ]) {
      expect(model(`${begin};\nSET LOCAL lock_timeout = '1s';\n${two}${end};`).atomic).toBe(true)
    }
  })

  it('work after the end of an explicit transaction is not part of it', () => {
    expect(model(`BEGIN;\n${two}COMMIT;\nCREATE TABLE c (id int);`).atomic).toBe(false)
  })

  it('a savepoint does not end the transaction', () => {
    expect(model(`BEGIN;\nSAVEPOINT s;\n${two}ROLLBACK TO SAVEPOINT s;\nCOMMIT;`).atomic).toBe(true)
  })

  it('a transaction that is never committed is told', () => {
    const open = model(`BEGIN;\n${two}`)
    expect(open).toMatchObject({ leftOpen: true, atomic: false })
    expect(open.because).toContain('never commits it')
    expect(model(`BEGIN;\n${two}ROLLBACK;`).leftOpen).toBe(false)
  })

  it('a statement that works in steps is not atomic on its own', () => {
    expect(model(concurrently)).toMatchObject({ atomic: false, refused: undefined })
    expect(model(concurrently).because).toContain('leaves an invalid index')
    expect(model('DO $$ BEGIN DELETE FROM a; COMMIT; DELETE FROM b; END $$;').atomic).toBe(false)
    expect(model('CALL refill();').atomic).toBe(false)
    expect(model('ALTER TABLE p DETACH PARTITION q CONCURRENTLY;').atomic).toBe(false)
  })

  it('a block of code without a COMMIT in it is atomic', () => {
    expect(model('DO $$ BEGIN DELETE FROM a; DELETE FROM b; END $$;').atomic).toBe(true)
    expect(model("DO 'BEGIN DELETE FROM a; END';").atomic).toBe(true)
  })

  it.each([
    "DO 'BEGIN DELETE FROM a; COMMIT; DELETE FROM b; END'",
    "DO 'BEGIN DELETE FROM a; COM'\n'MIT; DELETE FROM b; END'",
    "DO E'BEGIN DELETE FROM a; COM\\x4dIT; DELETE FROM b; END'",
    "DO U&'BEGIN DELETE FROM a; COM\\004dIT; DELETE FROM b; END'",
    'DO LANGUAGE plperl $$ spi_exec_query("DELETE FROM a"); spi_commit(); $$',
  ])('a COMMIT is found in whatever quotes it stands: %s', (statement) => {
    expect(model(`${statement};`).atomic).toBe(false)
  })

  it('a transaction that is chained to another is open', () => {
    expect(model(`BEGIN;\n${two}COMMIT AND CHAIN;\n${two}`)).toMatchObject({ leftOpen: true, atomic: false })
    expect(model(`BEGIN;\n${two}COMMIT AND NO CHAIN;`)).toMatchObject({ leftOpen: false, atomic: true })
  })

  it('an empty file is one empty message', () => {
    expect(model('-- nothing yet\n')).toMatchObject({ atomic: true, statements: 0 })
    expect(sent(model('-- nothing yet\n'))).toEqual(['-- nothing yet\n'])
  })

  it.each([
    'VACUUM',
    'VACUUM ANALYZE a',
    'CREATE DATABASE d',
    'DROP DATABASE d',
    'ALTER SYSTEM SET work_mem = 1',
    'CREATE UNIQUE INDEX CONCURRENTLY i ON a (id)',
    'REINDEX INDEX CONCURRENTLY i',
    'REINDEX TABLE CONCURRENTLY a',
    'REINDEX DATABASE d',
  ])('%s is refused inside a transaction', (statement) => {
    expect(model(`BEGIN;\n${statement};\nCOMMIT;`).refused?.statement).toBe(1)
  })

  it('a column that is called concurrently is no reason to refuse anything', () => {
    expect(model('BEGIN;\nCREATE INDEX i ON a ("CONCURRENTLY");\nCOMMIT;').refused).toBeUndefined()
    expect(model('BEGIN;\nALTER TABLE a ADD COLUMN concurrently int;\nCOMMIT;').refused).toBeUndefined()
  })
})

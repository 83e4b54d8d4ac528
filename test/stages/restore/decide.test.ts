import { describe, expect, it } from 'vitest'
import { createDatabaseSql } from '../../../src/postgres/create-database.ts'
import { connectionStringFor, quoteLiteral } from '../../../src/postgres/quoting.ts'
import {
  compareCounts,
  nameWithEnding,
  restoreArguments,
  restoreFailed,
  swapSql,
} from '../../../src/stages/restore/decide.ts'

describe('swapSql', () => {
  it('quotes both names everywhere, and renames both in one transaction', () => {
    expect(swapSql(`it's "x"`, 'new', new Date('2026-11-20T11:22:33.444Z'))).toEqual([
      `ALTER DATABASE "it's ""x""" ALLOW_CONNECTIONS false;`,
      'ALTER DATABASE "new" ALLOW_CONNECTIONS false;',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('it''s "x"', 'new');`,
      'BEGIN;',
      `ALTER DATABASE "it's ""x""" RENAME TO "it's ""x""_before_20261120T112233";`,
      `ALTER DATABASE "new" RENAME TO "it's ""x""";`,
      'COMMIT;',
      `ALTER DATABASE "it's ""x""" ALLOW_CONNECTIONS true;`,
      `-- "it's ""x""_before_20261120T112233" keeps what was there, shut to connections, until you drop it.`,
    ])
  })
})

describe('nameWithEnding', () => {
  it.each([
    ['shop', '_before', 'shop_before'],
    ['x'.repeat(63), '_before', `${'x'.repeat(56)}_before`],
    ['ü'.repeat(31), '_before', `${'ü'.repeat(28)}_before`],
  ])('keeps the ending of %s within 63 bytes', (name, ending, expected) => {
    expect(nameWithEnding(name, ending)).toBe(expected)
  })
})

describe('createDatabaseSql', () => {
  const libc = {
    encoding: 'UTF8',
    collate: 'de_DE.utf8',
    characterType: 'C',
    localeProvider: 'libc',
    locale: null,
  } as const

  it.each([
    [14, libc, `ENCODING 'UTF8' LC_COLLATE 'de_DE.utf8' LC_CTYPE 'C'`],
    [15, libc, `ENCODING 'UTF8' LC_COLLATE 'de_DE.utf8' LC_CTYPE 'C' LOCALE_PROVIDER libc`],
    [
      16,
      { ...libc, localeProvider: 'icu', locale: 'de-DE' } as const,
      `ENCODING 'UTF8' LC_COLLATE 'de_DE.utf8' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'`,
    ],
    [
      17,
      { ...libc, localeProvider: 'builtin', locale: 'C.UTF-8' } as const,
      `ENCODING 'UTF8' LC_COLLATE 'de_DE.utf8' LC_CTYPE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'`,
    ],
  ])('on %i: what decides how text compares comes from the source', (major, traits, expected) => {
    expect(createDatabaseSql('a"b', traits, major)).toBe(`CREATE DATABASE "a""b" TEMPLATE template0 ${expected}`)
  })
})

describe('quoting', () => {
  it.each([
    ['shop', `dbname='shop'`],
    ['a=b', `dbname='a=b'`],
    ['postgresql://x', `dbname='postgresql://x'`],
    [`it's \\ "x"`, `dbname='it\\'s \\\\ "x"'`],
  ])('%s stays a name for libpq', (name, expected) => {
    expect(connectionStringFor(name)).toBe(expected)
  })

  it('a literal is read the same whatever standard_conforming_strings says', () => {
    expect(quoteLiteral(`it's`)).toBe(`'it''s'`)
    expect(quoteLiteral('a\\b')).toBe(` E'a\\\\b'`)
  })
})

describe('restoreArguments', () => {
  it('stops at the first error unless the one known error has to be passed over', () => {
    expect(restoreArguments(`dbname='x'`, 4, false)).toEqual([
      '--no-password',
      `--dbname=dbname='x'`,
      '--exit-on-error',
      '--jobs=4',
    ])
    expect(restoreArguments(`dbname='x'`, 4, true)).toEqual(['--no-password', `--dbname=dbname='x'`])
  })
})

describe('compareCounts', () => {
  it('finds tables that differ, are missing or cannot be counted, and lists what was never counted', () => {
    const table = (name: string, rows: number | null) => ({ schema: 's', name, rows })
    const expected = [
      table('same', 3),
      table('less', 3),
      table('gone', 3),
      table('shut', 3),
      table('unknown', null),
      table('empty', 0),
    ]
    const found = [
      table('same', 3),
      table('less', 2),
      table('shut', null),
      table('unknown', 7),
      table('empty', 0),
      table('more', 1),
    ]
    expect(compareCounts(expected, found)).toEqual({
      compared: 5,
      differences: [
        { table: '"s"."less"', expected: 3, found: 2 },
        { table: '"s"."gone"', expected: 3, found: null },
        { table: '"s"."shut"', expected: 3, found: null },
      ],
      notCompared: ['"s"."unknown"', '"s"."more"'],
    })
  })
})

describe('restoreFailed', () => {
  it('says how to create a role that is missing', () => {
    const said = 'pg_restore: error: could not execute query: ERROR:  role "App" does not exist'
    expect(restoreFailed('new', said, 'It was dropped.')).toMatchObject({
      code: 'RESTORE.FAILED',
      what: 'The backup could not be restored into "new". It was dropped.',
      why: said,
      next: expect.arrayContaining(['CREATE ROLE "App";']),
    })
  })
})

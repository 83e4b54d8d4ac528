import { describe, expect, it } from 'vitest'
import {
  decideSpace,
  dumpArguments,
  explainDumpFailure,
  instructionsByHand,
  nameBackup,
} from '../../../src/stages/backup/decide.ts'

describe('nameBackup', () => {
  it('is a plain file name that sorts by time, whatever the database is called', () => {
    const at = new Date('2026-11-20T11:22:33.444Z')
    expect(nameBackup('shop', at)).toBe('shop-20261120T112233Z')
    expect(nameBackup('../My "shop" =\nü', at)).toBe('_My_shop_-20261120T112233Z')
    expect(nameBackup('x'.repeat(200), at)).toHaveLength(60 + '-20261120T112233Z'.length)
  })
})

describe('dumpArguments', () => {
  it('never asks for a password, waits for no lock for ever, and reads the given snapshot', () => {
    expect(dumpArguments('00000003-0000001B-1', 2_000)).toEqual([
      '--format=custom',
      '--no-password',
      '--snapshot=00000003-0000001B-1',
      '--lock-wait-timeout=2000',
    ])
  })
})

describe('decideSpace', () => {
  it.each([
    [1_000, 1_000, undefined],
    [0, 0, undefined],
    [1_001, 1_000, 'BACKUP.NO_SPACE'],
    // A size that could not be read is not "fits".
    [Number.NaN, 1_000, 'BACKUP.NO_SPACE'],
  ])('%d bytes of tables with %d bytes free: %s', (tableBytes, freeBytes, code) => {
    expect(decideSpace(tableBytes, freeBytes, '/backups')?.code).toBe(code)
  })

  it('says both sizes and where', () => {
    expect(decideSpace(5_242_880, 1_048_576, '/backups')).toMatchObject({
      what: '/backups has too little free space for the backup.',
      why: 'The tables take 5.0 MiB, 1.0 MiB are free. Nothing was written.',
    })
  })
})

describe('explainDumpFailure', () => {
  it('passes on everything pg_dump said, and says so when it said nothing', () => {
    expect(explainDumpFailure('pg_dump: error: strange', 1, 'app')).toMatchObject({
      code: 'BACKUP.DUMP_FAILED',
      what: 'pg_dump did not finish (exit code 1), so there is no backup.',
      why: 'pg_dump: error: strange',
    })
    expect(explainDumpFailure('', null, 'app')).toMatchObject({
      what: 'pg_dump did not finish (it was killed), so there is no backup.',
      why: 'It said nothing.',
    })
  })

  it('quotes names in the SQL it proposes', () => {
    const said =
      'pg_dump: error: query failed: ERROR:  query would be affected by row-level security policy for table "Us er"'
    expect(explainDumpFailure(said, 1, 'app"x').next).toContain(
      'Let a superuser allow the role to read everything: ALTER ROLE "app""x" BYPASSRLS;',
    )
  })
})

describe('instructionsByHand', () => {
  const traits = { encoding: 'UTF8', collate: 'C', characterType: 'C', localeProvider: 'libc', locale: null } as const
  const dump = { name: 'it is.dump', sha256: 'ab' }

  it('can be pasted into a shell', () => {
    expect(instructionsByHand(dump, { ...traits, serverMajor: 16 }, 16)).toEqual([
      '# pg_restore 16 or newer; PGHOST, PGPORT and PGUSER in the environment',
      "echo 'ab  it is.dump' | sha256sum --check",
      `psql --dbname=postgres --command='CREATE DATABASE "NEW_DATABASE" TEMPLATE template0 ENCODING '\\''UTF8'\\'' LC_COLLATE '\\''C'\\'' LC_CTYPE '\\''C'\\'' LOCALE_PROVIDER libc'`,
      `pg_restore --exit-on-error --dbname=NEW_DATABASE 'it is.dump'`,
      'vacuumdb --analyze-only --dbname=NEW_DATABASE',
    ])
  })

  it('does not stop at the error that a newer pg_restore is bound to cause, and names it', () => {
    const lines = instructionsByHand(dump, { ...traits, serverMajor: 16 }, 17)
    expect(lines).toContain('# on PostgreSQL 16 exactly one error is expected: transaction_timeout is not known there')
    expect(lines).toContain(`pg_restore --dbname=NEW_DATABASE 'it is.dump'`)
  })
})

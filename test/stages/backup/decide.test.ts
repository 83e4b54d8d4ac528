import { describe, expect, it } from 'vitest'
import { decideSpace, explainDumpFailure, nameBackup } from '../../../src/stages/backup/decide.ts'

describe('nameBackup', () => {
  it('is a plain file name that sorts by time, whatever the database is called', () => {
    const at = new Date('2026-11-20T11:22:33.444Z')
    expect(nameBackup('shop', at)).toBe('shop-20261120T112233Z')
    expect(nameBackup('../My "shop" =\nü', at)).toBe('_My_shop_-20261120T112233Z')
    expect(nameBackup('x'.repeat(200), at)).toHaveLength(60 + '-20261120T112233Z'.length)
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

  it('knows what ends a job of several, and how to do without', () => {
    const said = `pg_dump: error: could not obtain lock on relation "public."Us er""\nThis usually means that someone requested an ACCESS EXCLUSIVE lock on the table after the pg_dump parent process had gotten the initial ACCESS SHARE lock on the table.`
    expect(explainDumpFailure(said, 1, 'app').next).toEqual([
      'A session asked for a strong lock on public."Us er" while several jobs were dumping. Run again when it is through.',
      'Or dump with one job: backup: { jobs: 1 }.',
    ])
  })

  it('quotes names in the SQL it proposes', () => {
    const said =
      'pg_dump: error: query failed: ERROR:  query would be affected by row-level security policy for table "Us er"'
    expect(explainDumpFailure(said, 1, 'app"x').next).toContain(
      'Let a superuser allow the role to read everything: ALTER ROLE "app""x" BYPASSRLS;',
    )
  })
})

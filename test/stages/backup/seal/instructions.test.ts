import { describe, expect, it } from 'vitest'
import { instructionsByHand } from '../../../../src/stages/backup/seal/instructions.ts'

describe('instructionsByHand', () => {
  const traits = { encoding: 'UTF8', collate: 'C', characterType: 'C', localeProvider: 'libc', locale: null } as const
  const file = (name: string, sha256 = 'ab') => ({ name, bytes: 1, sha256, md5: null })
  const dump = { format: 'custom', encryption: null, files: [file('it is.dump')] } as const

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

  it('checks every file of a folder', () => {
    const files = [file('a.dump/1.dat', 'cd'), file('a.dump/toc.dat', 'ef')]
    const lines = instructionsByHand(
      { format: 'directory', encryption: null, files },
      { ...traits, serverMajor: 16 },
      16,
    )
    expect(lines.slice(1, 5)).toEqual([
      "sha256sum --check --quiet <<'END'",
      'cd  a.dump/1.dat',
      'ef  a.dump/toc.dat',
      'END',
    ])
    expect(lines).toContain('pg_restore --exit-on-error --dbname=NEW_DATABASE a.dump')
  })
})

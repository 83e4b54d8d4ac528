import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decideHistory, type HistoryRow } from '../../src/migrations/history.ts'
import { historyFailures, notBaselined } from '../../src/migrations/history-failures.ts'
import { asMigrationName, type Migration } from '../../src/migrations/migration.ts'
import { prismaWords } from '../../src/migrations/prisma-history.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function migration(name: string, sql = `-- ${name}\nSELECT 1;\n`): Migration {
  return {
    name: asMigrationName(name),
    path: `/project/prisma/migrations/${name}`,
    file: `prisma/migrations/${name}/migration.sql`,
    sql,
    bytes: sql.length,
    checksum: sha256(sql),
    otherChecksums: [sha256(sql.replaceAll('\r\n', '\n')), sha256(sql.replaceAll('\n', '\r\n'))],
  }
}

let ids = 0
function row(name: string, changes: Partial<HistoryRow> = {}): HistoryRow {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, ids++))
  return {
    id: String(ids),
    name,
    checksum: migration(name).checksum,
    startedAt: at,
    finishedAt: at,
    rolledBackAt: undefined,
    logs: '',
    appliedSteps: 1,
    ...changes,
  }
}

const failed = { finishedAt: undefined }
const rolledBack = { finishedAt: undefined, rolledBackAt: new Date() }
const [a, b, c] = [migration('1_a'), migration('2_b'), migration('3_c')]

function seen(rows: readonly HistoryRow[], migrations: readonly Migration[]) {
  const { pending, applied, failed: failedRows, edited, missing, outOfOrder, head } = decideHistory(rows, migrations)
  return {
    pending: pending.map(({ name }) => name),
    applied: applied.map(({ name }) => name),
    failed: failedRows.map(({ name }) => name),
    edited: edited.map(({ migration: { name } }) => name),
    missing,
    outOfOrder: outOfOrder.map(({ name }) => name),
    head,
  }
}

const nothing = { pending: [], applied: [], failed: [], edited: [], missing: [], outOfOrder: [], head: undefined }

describe('a history', () => {
  test.each([
    ['that is empty leaves everything pending', [], [a, b], { pending: ['1_a', '2_b'] }],
    ['that is complete leaves nothing', [row('1_a'), row('2_b')], [a, b], { applied: ['1_a', '2_b'], head: '2_b' }],
    ['that is behind', [row('1_a')], [a, b, c], { applied: ['1_a'], pending: ['2_b', '3_c'], head: '1_a' }],
    [
      'with a failed row, whose migration is neither pending nor applied',
      [row('1_a'), row('2_b', failed)],
      [a, b],
      { applied: ['1_a'], failed: ['2_b'], head: '1_a' },
    ],
    ['with a failed row of a migration that is gone', [row('0_x', failed)], [a], { failed: ['0_x'], pending: ['1_a'] }],
    [
      'with a row that was rolled back, whose migration is pending again',
      [row('1_a', rolledBack)],
      [a],
      { pending: ['1_a'] },
    ],
    [
      'with a row that was rolled back and another that finished',
      [row('1_a', rolledBack), row('1_a')],
      [a],
      { applied: ['1_a'], head: '1_a' },
    ],
    [
      'with a row that was rolled back, of a migration that is gone',
      [row('0_x', rolledBack)],
      [a],
      { pending: ['1_a'] },
    ],
    [
      'with a failed row beside a finished one',
      [row('1_a'), row('1_a', failed)],
      [a],
      { applied: ['1_a'], failed: ['1_a'], head: '1_a' },
    ],
    [
      'with a finished row that was rolled back by hand',
      [row('1_a', { rolledBackAt: new Date() })],
      [a],
      { pending: ['1_a'] },
    ],
    [
      'ahead of the folder',
      [row('1_a'), row('9_z'), row('0_x')],
      [a],
      { applied: ['1_a'], missing: ['0_x', '9_z'], head: '1_a' },
    ],
    [
      'with a gap',
      [row('1_a'), row('3_c')],
      [a, b, c],
      { applied: ['1_a', '3_c'], pending: ['2_b'], outOfOrder: ['2_b'], head: '3_c' },
    ],
    [
      'applied in another order than the folder',
      [row('2_b'), row('1_a')],
      [a, b],
      { applied: ['1_a', '2_b'], head: '2_b' },
    ],
  ] as const)('%s', (_what, rows, migrations, expected) => {
    expect(seen(rows, migrations)).toEqual({ ...nothing, ...expected })
  })
})

describe('an applied migration', () => {
  const text = '-- a\r\nSELECT 1;\nSELECT 2;\r\n'

  test.each([
    ['with the same bytes', text, sha256(text)],
    [
      'applied with LF, checked out with CRLF',
      text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'),
      sha256(text.replaceAll('\r\n', '\n')),
    ],
    ['applied with CRLF, checked out with LF', 'a\nb\n', sha256('a\r\nb\r\n')],
    ['recorded by an old Prisma that dropped leading zeros', 'a\nb\n', withoutLeadingZeros(sha256('a\nb\n'))],
    ['recorded by an old Prisma, with other line endings', 'a\nb\n', withoutLeadingZeros(sha256('a\r\nb\r\n'))],
  ])('is not edited %s', (_what, sql, checksum) => {
    expect(seen([row('1_a', { checksum })], [migration('1_a', sql)]).edited).toEqual([])
  })

  test.each([
    ['another text', sha256('something else')],
    ['no checksum', ''],
    ['a shortened checksum', sha256('a\nb\n').slice(0, 60)],
  ])('is edited where the history has %s', (_what, checksum) => {
    expect(seen([row('1_a', { checksum })], [migration('1_a', 'a\nb\n')]).edited).toEqual(['1_a'])
  })

  test('is not compared with a row that was rolled back', () => {
    const rows = [row('1_a', { ...rolledBack, checksum: 'old' }), row('1_a')]
    expect(seen(rows, [a]).edited).toEqual([])
  })

  test('is compared with each of its finished rows', () => {
    expect(seen([row('1_a', { checksum: sha256('x') }), row('1_a')], [a]).edited).toEqual(['1_a'])
    expect(seen([row('1_a'), row('1_a', { checksum: sha256('x') })], [a]).edited).toEqual(['1_a'])
  })
})

function withoutLeadingZeros(checksum: string): string {
  const bytes = checksum.match(/../g) ?? []
  const text = bytes.map((byte) => Number.parseInt(byte, 16).toString(16)).join('')
  if (text.length === checksum.length) throw new Error('This checksum has no leading zeros to drop.')
  return text
}

function absent(tables: number, elsewhere: readonly string[] = []) {
  return { kind: 'absent', schemaExists: true, tables, elsewhere } as const
}

function failuresOf(rows: readonly HistoryRow[], migrations: readonly Migration[]) {
  return historyFailures(decideHistory(rows, migrations), prismaWords('my "shop"'))
}

describe('what is said about a history', () => {
  test('is nothing where nothing is wrong', () => {
    expect(failuresOf([row('1_a')], [a, b])).toEqual([])
  })

  test('that has a failed migration: what happened, and both ways out', () => {
    const logs =
      'A migration failed to apply. New migrations cannot be applied before the error is resolved from.\n\nMigration name: 2_b\n\nDatabase error code: 23505\n\nDatabase error:\nERROR: could not create unique index "User_email_key"\nDETAIL: Key (email)=(ada@acme.dev) is duplicated.\n'
    const [failure] = failuresOf([row('1_a'), row('2_b', { ...failed, logs })], [a, b])
    expect(failure).toMatchObject({ code: 'HISTORY.FAILED_MIGRATION', what: '`2_b` is recorded as failed.' })
    expect(failure?.why).toContain('ERROR: could not create unique index "User_email_key" (SQLSTATE 23505)')
    expect(failure?.next).toEqual(
      expect.arrayContaining([
        'npx prisma migrate resolve --rolled-back 2_b',
        'npx prisma migrate resolve --applied 2_b',
      ]),
    )
  })

  test('that has a failed migration never repeats the rows in its error', () => {
    const logs = 'Database error:\nERROR: duplicate\nDETAIL: Key (email)=(ada@acme.dev) is duplicated.\n'
    expect(JSON.stringify(failuresOf([row('2_b', { ...failed, logs })], [a, b]))).not.toContain('ada@acme.dev')
  })

  test('whose failed migration left no error: it may be running', () => {
    const [failure] = failuresOf([row('2_b', failed)], [a, b])
    expect(failure?.why).toContain('interrupted or is still running')
    expect(failure?.next.join('\n')).toContain('pg_stat_activity')
  })

  test('leaves out a way that Prisma would refuse', () => {
    const [failure] = failuresOf([row('1_a'), row('1_a', failed)], [a])
    expect(failure?.next).toContain('npx prisma migrate resolve --rolled-back 1_a')
    expect(failure?.next.join('\n')).not.toContain('--applied')
  })

  test('quotes names for the shell', () => {
    const [failure] = failuresOf([row("it's here", failed)], [])
    expect(failure?.next).toContain(`npx prisma migrate resolve --rolled-back 'it'\\''s here'`)
  })

  test('that has an edited migration: the file, and the SQL to accept it', () => {
    const [failure] = failuresOf([row('1_a', { checksum: 'abc' })], [a])
    expect(failure?.code).toBe('HISTORY.EDITED')
    expect(failure?.next).toContain('git log --oneline -- prisma/migrations/1_a/migration.sql')
    expect(failure?.next.at(-1)).toBe(
      `UPDATE "my ""shop"""."_prisma_migrations" SET checksum = '${a.checksum}' WHERE migration_name = '1_a' AND checksum = 'abc';`,
    )
  })

  test('that is ahead of the folder: where to find it, and the SQL for a squash', () => {
    const [failure] = failuresOf([row('1_a'), row('9_z')], [a])
    expect(failure?.code).toBe('HISTORY.MISSING_FROM_FOLDER')
    expect(failure?.next).toContain(`git log --all --oneline -- '*/9_z/migration.sql'`)
    expect(failure?.next.at(-1)).toBe(`DELETE FROM "my ""shop"""."_prisma_migrations" WHERE migration_name IN ('9_z');`)
  })

  test('with several things wrong is said one by one, the one that stops Prisma first', () => {
    const rows = [row('1_a', { checksum: 'abc' }), row('3_c', failed), row('9_z')]
    expect(failuresOf(rows, [a, b, c]).map(({ code }) => code)).toEqual([
      'HISTORY.FAILED_MIGRATION',
      'HISTORY.EDITED',
      'HISTORY.MISSING_FROM_FOLDER',
    ])
  })

  test('that is not there although there are tables', () => {
    expect(notBaselined(absent(3), prismaWords('public'), 'public', [a, b])).toMatchObject({
      code: 'HISTORY.NOT_BASELINED',
      what: 'The schema `public` has 3 tables and no `_prisma_migrations`.',
      next: [expect.anything(), 'npx prisma migrate resolve --applied 1_a'],
    })
    expect(notBaselined(absent(1, ['sales']), prismaWords('public'), 'public', []).next[0]).toContain('?schema=sales')
  })
})

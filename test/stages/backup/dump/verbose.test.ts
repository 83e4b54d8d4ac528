import { describe, expect, it } from 'vitest'
import { describeProgress, readDumpLine } from '../../../../src/stages/backup/dump/verbose.ts'

describe('readDumpLine', () => {
  it.each([
    ['pg_dump: dumping contents of table "public.Us er"', { kind: 'started', table: 'public.Us er' }],
    ['pg_dump: finished item 4211 TABLE DATA Order', { kind: 'chatter' }],
    ['pg_dump: reading schemas', { kind: 'chatter' }],
    ['pg_dump: error: query failed: ERROR:  permission denied', { kind: 'said' }],
    ['pg_dump: detail: Query was: LOCK TABLE', { kind: 'said' }],
    ['pg_dump: warning: there are circular foreign-key constraints', { kind: 'said' }],
    ['pg_dump: hint: Try something', { kind: 'said' }],
    ['LINE 1: SELECT', { kind: 'said' }],
    ['', { kind: 'said' }],
  ])('%s', (line, expected) => expect(readDumpLine(line)).toEqual(expected))
})

describe('describeProgress', () => {
  const progress = {
    tables: 50,
    tablesStarted: 12,
    tableBytes: 1_048_576_000,
    writtenBytes: 0,
    method: 'zstd' as const,
    elapsedMs: 1_000,
  }

  it('says tables and bytes, and gives no estimate before there is one', () => {
    expect(describeProgress(progress)).toBe('pg_dump: table 12 of 50, 0 MiB written of about 300 MiB')
  })

  it('estimates the rest from what was written', () => {
    expect(describeProgress({ ...progress, writtenBytes: 157_286_400, elapsedMs: 60_000 })).toBe(
      'pg_dump: table 12 of 50, 150 MiB written of about 300 MiB, about 60 s left',
    )
  })

  it('never says that it is through, however wrong the estimate was', () => {
    const text = describeProgress({ ...progress, writtenBytes: 900 * 1_048_576, elapsedMs: 60_000 })
    expect(text).toBe('pg_dump: table 12 of 50, 900 MiB written of about 900 MiB')
  })
})

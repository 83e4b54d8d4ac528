import { describe, expect, test } from 'vitest'
import type { LockMode } from '../../../src/sql/model.ts'
import { decideBlockers, wantedBy } from '../../../src/stages/blockers/decide.ts'
import type { Holder, Wanted } from '../../../src/stages/blockers/holder.ts'

const holder: Holder = {
  relation: 'public.User',
  mode: 'AccessShareLock',
  pid: 12,
  transaction: '3/44',
  name: 'psql',
  user: 'ada',
  state: 'idle in transaction',
  transactionMs: 61_000,
  since: '2026-01-01 00:00:00+00',
  hasSnapshot: false,
  worker: false,
  antiWraparound: false,
  prepared: null,
}
const wants = (mode: LockMode, concurrently = false): Wanted => ({
  modes: new Map([['public.User', new Set([mode])]]),
  concurrently,
  unknown: 0,
})
const look = (wanted: Wanted, one: Partial<Holder>, seenMs = 0) =>
  decideBlockers(wanted, [{ ...holder, ...one }], { longMs: 2_000, seenForMs: () => seenMs })
const textOf = (wanted: Wanted, one: Partial<Holder>, seenMs = 0) => look(wanted, one, seenMs).blockers[0]?.text

describe('in the way is', () => {
  test.each<[string, Wanted, Partial<Holder>, RegExp]>([
    [
      'a reader, of ALTER TABLE',
      wants('AccessExclusiveLock'),
      {},
      /^process 12 \(psql, ada, idle in transaction\) holds a lock on public\.User for 1 min 1 s, since 2026/,
    ],
    ['a writer, of an index', wants('ShareLock'), { mode: 'RowExclusiveLock' }, /^process 12/],
    ['a dump', wants('AccessExclusiveLock'), { name: 'pg_dump' }, /^process 12 \(pg_dump/],
    [
      'a prepared transaction',
      wants('AccessExclusiveLock'),
      { pid: null, prepared: { gid: "it's", owner: 'eve' } },
      /^the prepared transaction it's of eve/,
    ],
    [
      'autovacuum that prevents wraparound',
      wants('AccessExclusiveLock'),
      { mode: 'ShareUpdateExclusiveLock', worker: true, antiWraparound: true },
      /^autovacuum to prevent wraparound/,
    ],
    [
      'an old snapshot, of CONCURRENTLY',
      wants('ShareUpdateExclusiveLock', true),
      { relation: null, hasSnapshot: true },
      /old view/,
    ],
    [
      'one that may be, of CONCURRENTLY',
      wants('ShareUpdateExclusiveLock', true),
      { relation: null, hasSnapshot: null },
      /old view/,
    ],
  ])('%s', (_what, wanted, one, said) => {
    expect(textOf(wanted, one)).toMatch(said)
  })
})

describe('not in the way is', () => {
  test.each<[string, Wanted, Partial<Holder>]>([
    ['a reader, of an index', wants('ShareLock'), {}],
    ['another table', wants('AccessExclusiveLock'), { relation: 'public.Post' }],
    ['autovacuum that gives way', wants('AccessExclusiveLock'), { worker: true }],
    ['a snapshot, without CONCURRENTLY', wants('AccessExclusiveLock'), { relation: null, hasSnapshot: true }],
    ['a transaction without a snapshot, of CONCURRENTLY', wants('ShareUpdateExclusiveLock', true), { relation: null }],
  ])('%s', (_what, wanted, one) => {
    expect(look(wanted, one)).toEqual({ blockers: [], notYet: [] })
  })
})

test('a transaction that is short is not in the way yet', () => {
  expect(look(wants('AccessExclusiveLock'), { transactionMs: 1_999 })).toEqual({ blockers: [], notYet: ['3/44'] })
})

test('one whose time is hidden is not decided before it was seen for long', () => {
  const hidden = { transactionMs: null, since: null, state: null }
  expect(look(wants('AccessExclusiveLock'), hidden, 1_999)).toEqual({ blockers: [], notYet: ['3/44'] })
  expect(textOf(wants('AccessExclusiveLock'), hidden, 2_000)).toBe(
    'process 12 (psql, ada) holds a lock on public.User for at least 2.0 s',
  )
})

test('a name in the command to paste stays one text', () => {
  const [blocker] = look(wants('AccessExclusiveLock'), { pid: null, prepared: { gid: "it's", owner: 'eve' } }).blockers
  expect(blocker?.next).toContain("COMMIT PREPARED 'it''s';")
})

test('an index that is built CONCURRENTLY waits for writers of its table', () => {
  const effects = {
    locks: [{ relation: 'public.User', mode: 'ShareUpdateExclusiveLock' }],
    unknown: true,
  }
  const statement = { sql: 'CREATE INDEX CONCURRENTLY x ON "User" (id)', effects }
  // All of a migration that is read.
  const wanted = wantedBy([{ statements: [statement] }] as unknown as Parameters<typeof wantedBy>[0])
  expect(wanted).toEqual({
    modes: new Map([['public.User', new Set(['ShareUpdateExclusiveLock', 'ShareLock'])]]),
    concurrently: true,
    unknown: 1,
  })
})

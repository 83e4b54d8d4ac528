import { describe, expect, test } from 'vitest'
import { defaultConfig, type Policy, policyFor } from '../../../../src/config.ts'
import { decideCancel, mayHoldLocks } from '../../../../src/stages/apply/watch/decide.ts'
import { describeSession } from '../../../../src/stages/apply/watch/describe.ts'
import type { ApplyingSession } from '../../../../src/stages/apply/watch/observation.ts'
import type { Plan } from '../../../../src/stages/plan/plan.ts'

const policy: Policy = policyFor(defaultConfig, 'production')
const session: ApplyingSession = {
  pid: 7,
  query: 'ALTER TABLE "User" ALTER COLUMN id TYPE BIGINT',
  queryStart: '2026-01-01 00:00:00+00',
  statementMs: 12_300,
  waitingMs: null,
  blockers: [],
  queued: 0,
  queuedMs: 0,
  progress: null,
}

describe('a statement is cancelled', () => {
  test('once the application has waited as long as for one lock, whether it waits itself or works', () => {
    const late = { ...session, queued: 3, queuedMs: 2_000 }
    expect(decideCancel(late, policy, false)).toEqual({
      while: 'holding',
      because: '3 sessions of the application waited for it, 2.0 s by then',
    })
    expect(decideCancel({ ...late, waitingMs: 2_100 }, policy, false)?.while).toBe('waiting')
  })

  test.each([
    ['in a comment', 'ALTER TABLE t ADD COLUMN a int; -- CONCURRENTLY cannot be used here'],
    ['of a file in one message', 'BEGIN; /* REINDEX TABLE CONCURRENTLY t */ ALTER TABLE t ADD COLUMN a int; COMMIT'],
    ['in a text', `UPDATE t SET a = 'CREATE INDEX CONCURRENTLY'`],
  ])('also where the word CONCURRENTLY stands %s', (_where, query) => {
    expect(decideCancel({ ...session, query, queued: 1, queuedMs: 2_000 }, policy, false)?.while).toBe('holding')
  })

  test.each([
    ['-- for the search\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (a);'],
    ['DROP INDEX CONCURRENTLY IF EXISTS i'],
    ['REINDEX TABLE CONCURRENTLY t'],
    ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY'],
  ])('not %s, which lets the application work', (query) => {
    expect(decideCancel({ ...session, query, queued: 1, queuedMs: 2_000 }, policy, false)).toBeUndefined()
  })

  test('not before', () => {
    expect(decideCancel({ ...session, queued: 3, queuedMs: 1_999 }, policy, false)).toBeUndefined()
  })

  test('sooner where the policy says so', () => {
    const strict = { ...policy, queue: { ...policy.queue, longest: 100 } }
    expect(decideCancel({ ...session, queued: 1, queuedMs: 100 }, strict, false)?.while).toBe('holding')
  })

  test.each<[string, Partial<ApplyingSession>, boolean]>([
    ['it builds an index beside the application', { query: 'CREATE INDEX CONCURRENTLY x ON "User" (id)' }, false],
    ['the application may wait for its work', {}, true],
  ])('not where %s', (_what, more, mayHold) => {
    expect(decideCancel({ ...session, queued: 1, queuedMs: 60_000, ...more }, policy, mayHold)).toBeUndefined()
  })

  test('also where the application may wait for its work, while it only waits for a lock', () => {
    expect(decideCancel({ ...session, queued: 1, queuedMs: 3_000, waitingMs: 3_100 }, policy, true)?.while).toBe(
      'waiting',
    )
  })
})

describe('a migration may hold its locks', () => {
  const risk = { reason: 'long-lock', migration: '2_x', line: 1, text: 'rewrites' } as const
  // All of a plan that the decision reads.
  const plan = { risks: [risk] } as unknown as Plan
  const set = (value: Policy['queue']['while-holding'], approval = policy['require-approval']): Policy => ({
    ...policy,
    queue: { longest: undefined, 'while-holding': value },
    'require-approval': approval,
  })
  test.each<[string, string | undefined, Policy, boolean]>([
    ['as a long lock that somebody approved', '2_x', set('unless-approved'), true],
    ['another one of the same plan', '3_y', set('unless-approved'), false],
    ['one that nobody was asked about', '2_x', set('unless-approved', []), false],
    ['one that is not known', undefined, set('unless-approved'), false],
    ['an approved one, where all give way', '2_x', set('cancel'), false],
    ['any, where none does', '3_y', set('allow'), true],
  ])('%s', (_what, migration, given, may) => {
    expect(mayHoldLocks(migration, plan, given)).toBe(may)
  })
})

test('a line says the statement, its time, how far it is, for whom it waits and who waits for it', () => {
  const { text } = describeSession({
    ...session,
    waitingMs: 1_400,
    blockers: [{ pid: 9, name: 'psql', state: 'idle in transaction', transactionMs: 61_000 }],
    queued: 2,
    queuedMs: 1_100,
    progress: { work: 'CREATE INDEX', phase: 'building index: scanning table', done: 42, total: 100 },
  })
  expect(text).toBe(
    'ALTER TABLE "User" ALTER COLUMN id TYPE BIGINT 12.3 s, CREATE INDEX: building index: scanning table, 42 %; waits 1.4 s for process 9 (psql, idle in transaction, in its transaction for 1 min 1 s); 2 sessions wait behind it, up to 1.1 s',
  )
})

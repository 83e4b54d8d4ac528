import { describe, expect, test } from 'vitest'
import type { ReadActivity } from '../../../../src/stages/backup/activity.ts'
import { type Moment, type WritesSince, writesBetween } from '../../../../src/stages/restore/writes-since/count.ts'
import { decideLoss, describeWrites, parseAcceptedLoss } from '../../../../src/stages/restore/writes-since/decide.ts'

const then: ReadActivity = {
  kind: 'read',
  at: '2026-11-21T00:00:00.000000Z',
  lsn: '0/FFFFFF00',
  timeline: 1,
  databaseOid: 5,
  databaseResetAt: null,
  serverResetAt: 'a',
  catalogChanges: 10,
  counters: [{ oid: 7, schema: 's', name: 'T', inserted: 5, updated: 5, deleted: 5 }],
}
const moment = (activity: Moment['activity']): Moment => ({ systemIdentifier: '1', activity })
const between = (changed: Partial<ReadActivity>) => writesBetween(moment(then), moment({ ...then, ...changed }))

describe('writes between two moments', () => {
  test('nothing, and the log across the border of its two halves', () => {
    expect(between({ lsn: '1/100' })).toMatchObject({ kind: 'counted', changes: 0, walBytes: 512 })
  })

  test('a table that was made since counts whole, and one with the same name and another number is another', () => {
    const counters = [{ oid: 8, schema: 's', name: 'T', inserted: 3, updated: 0, deleted: 0 }]
    expect(between({ counters })).toMatchObject({ changes: 3, tables: [{ table: '"s"."T"', inserted: 3 }] })
  })

  test.each<[string, Partial<ReadActivity>]>([
    [
      'a counter that is lower',
      { counters: [{ oid: 7, schema: 's', name: 'T', inserted: 4, updated: 50, deleted: 50 }] },
    ],
    ['fewer changes of the catalog', { catalogChanges: 9 }],
    ['a reset of the database', { databaseResetAt: 'b' }],
    ['a reset of the server, or a crash', { serverResetAt: 'b' }],
    ['another timeline', { timeline: 2 }],
    ['a log that is shorter', { lsn: '0/1' }],
    ['another database', { databaseOid: 6 }],
  ])('%s makes it unknown, never a number', (_, changed) => {
    expect(between(changed)).toMatchObject({ kind: 'unknown' })
  })

  test.each<[string, Moment, Moment]>([
    ['an old manifest', moment(undefined), moment(then)],
    ['a replica', moment({ kind: 'unknown', because: 'replica' }), moment(then)],
    ['a server that keeps its identifier', { ...moment(then), systemIdentifier: null }, moment(then)],
    ['another server', moment(then), { ...moment(then), systemIdentifier: '2' }],
  ])('%s makes it unknown', (_, before, after) => {
    expect(writesBetween(before, after)).toMatchObject({ kind: 'unknown' })
  })
})

const counted = (changes: number): WritesSince => ({
  kind: 'counted',
  since: '',
  changes,
  catalogChanges: 0,
  tables: [{ table: '"s"."T"', inserted: changes, updated: 0, deleted: 0 }],
  walBytes: 1,
})
const unknown: WritesSince = { kind: 'unknown', because: 'a crash', walBytes: null }

describe('what may be lost', () => {
  test.each<[WritesSince, string | undefined, number | null | 'refused']>([
    [counted(0), undefined, 0],
    [counted(0), '0', 0],
    [counted(0), 'unknown', 0],
    [counted(10), undefined, 'refused'],
    [counted(10), '9', 'refused'],
    [counted(10), '10', 10],
    [counted(10), '1020', 1_020],
    [counted(10), '1021', 'refused'],
    [counted(10), 'unknown', 'refused'],
    [unknown, undefined, 'refused'],
    [unknown, '999999', 'refused'],
    [unknown, 'unknown', null],
  ])('%j with --accept-loss %s: %s', (writes, answer, expected) => {
    const accepted = answer === undefined ? undefined : parseAcceptedLoss(answer)
    const decision = decideLoss('shop', writes, accepted)
    expect(decision.kind === 'allowed' ? decision.most : decision.kind).toBe(expected)
    if (decision.kind === 'refused') expect(decision.failure.next.join()).toMatch(/accept-loss|from 10 to 1020/)
  })

  test.each(['', '-1', '1.5', '1e3', 'all', '12345678901234567890'])('%j is no answer at all', (text) => {
    expect(parseAcceptedLoss(text)).toBeUndefined()
  })

  test('a long list of tables is cut, and says by how much', () => {
    const tables = Array.from({ length: 30 }, (_, i) => ({ table: `"s"."t${i}"`, inserted: 1, updated: 0, deleted: 0 }))
    const lines = describeWrites({ ...counted(30), tables } as WritesSince)
    expect(lines).toContain('and 10 more tables')
  })
})

import { expect, test } from 'vitest'
import type { LockMode } from '../../../../src/sql/model.ts'
import { decideSightAtRest } from '../../../../src/stages/rehearse/trace/decide-seen.ts'

const relation = (oid: number, name: string, kind: string) => ({
  ...{ oid, name, kind, file: oid, scans: 0, bytes: null, of: kind === 'i' ? 'public.Order' : null },
})
const order = relation(1, 'public.Order', 'r')
const index = relation(2, 'public.order_ref', 'i')

function locksOf(sql: string, polled: readonly (readonly [number, LockMode])[]) {
  const atRest = { before: [order, index], after: [order] }
  return decideSightAtRest({ kind: 'DropStmt', sql }, new Set([1, 2]), new Map(polled), atRest).locks
}

test('the lock with which DROP INDEX CONCURRENTLY ends is on an index that nobody uses any more, and no news', () => {
  const table = { relation: 'public.Order', mode: 'ShareUpdateExclusiveLock' } as const
  const sql = 'DROP INDEX CONCURRENTLY order_ref'
  expect(
    locksOf(sql, [
      [1, table.mode],
      [2, 'AccessExclusiveLock'],
    ]),
  ).toEqual([table])
  const before = { relation: 'public.order_ref', mode: 'ShareUpdateExclusiveLock' } as const
  expect(
    locksOf(sql, [
      [1, table.mode],
      [2, before.mode],
    ]),
  ).toEqual([table, before])
})

test('every other lock on an index that a statement is about is seen', () => {
  const lock = { relation: 'public.order_ref', mode: 'AccessExclusiveLock' } as const
  expect(locksOf('CALL drop_it() -- DROP INDEX order_ref', [[2, lock.mode]])).toEqual([lock])
})

import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser, type Parser } from '../../../src/sql/parse.ts'
import { firstBuilt, onlyHalfIndex } from '../../../src/stages/recover/half-index.ts'
import type { FailedMigration } from '../../../src/stages/recover/stopped-state.ts'

let parser: Parser
beforeAll(async () => {
  parser = await loadParser()
})

test.each([
  ['CREATE INDEX CONCURRENTLY "User_email" ON "User" (email);', 'User_email'],
  ['CREATE UNIQUE INDEX CONCURRENTLY x ON t (a);', 'x'],
  ['CREATE INDEX CONCURRENTLY ON t (a);', undefined],
  ['CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON t (a);', undefined],
  ['CREATE INDEX x ON t (a);', undefined],
  ['DROP INDEX CONCURRENTLY x;', undefined],
])('%s builds %s', (sql, name) => {
  expect(firstBuilt(parser, [{ sql }])).toBe(name)
})

describe('a file that began with an index that is not finished', () => {
  const failed: FailedMigration = {
    name: '2_index',
    planned: { atomic: false, mustShow: false, firstMustShow: false, firstBuilt: 'User_email', beyond: [] },
    refusedWith: '55P03',
    succeeded: false,
    rolledBack: false,
    resumption: undefined,
  }
  const line = 'index CREATE INDEX "User_email" ON public."User" USING btree (email)'
  const left = (one: FailedMigration, added: readonly string[]) =>
    onlyHalfIndex(one, { difference: { added, removed: [] } })

  test('left nothing else behind, whatever was applied before it', () => {
    expect(left(failed, ['table public.other', `${line} invalid`])).toEqual({
      name: 'User_email',
      drop: 'DROP INDEX CONCURRENTLY public."User_email";',
    })
  })

  test.each<[string, FailedMigration, readonly string[]]>([
    ['it is whole', failed, [line]],
    ['it is another one', failed, [`${line.replace('User_email', 'other')} invalid`]],
    ['the server refused nothing', { ...failed, refusedWith: undefined }, [`${line} invalid`]],
    ['what ran is not what was planned', { ...failed, planned: undefined }, [`${line} invalid`]],
  ])('nobody says so where %s', (_why, one, added) => {
    expect(left(one, added)).toBeUndefined()
  })
})

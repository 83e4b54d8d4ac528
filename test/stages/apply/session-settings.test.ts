import { describe, expect, test } from 'vitest'
import { defaultConfig, type Policy, policyFor } from '../../../src/config.ts'
import type { LockMode } from '../../../src/sql/model.ts'
import { isGentle } from '../../../src/stages/apply/gentle.ts'
import { applySettings } from '../../../src/stages/apply/session-settings.ts'
import type { PlannedMigration } from '../../../src/stages/plan/plan.ts'

const policy = policyFor(defaultConfig, 'production')

function migration(modes: readonly LockMode[], unknown = false): Pick<PlannedMigration, 'statements'> {
  const effects = {
    locks: modes.map((mode) => ({ relation: 'public.User', mode })),
    rewrites: [],
    scans: [],
    overwrites: [],
    loses: [],
    beyond: [],
    unknown,
    unknownBecause: undefined,
  }
  const range = { startByte: 0, endByte: 0, line: 1, column: 1, endLine: 1 }
  return { statements: [{ index: 0, kind: 'IndexStmt', sql: '', range, effects, runsCode: false }] }
}

const concurrently = migration(['ShareUpdateExclusiveLock'])
const altering = migration(['AccessExclusiveLock'])
const settings = (pending: readonly Pick<PlannedMigration, 'statements'>[], given: Policy = policy) =>
  applySettings(given, 'run', {}, pending)

test.each<[string, Pick<PlannedMigration, 'statements'>, boolean]>([
  ['an index CONCURRENTLY', concurrently, true],
  ['VALIDATE of a foreign key', migration(['ShareUpdateExclusiveLock', 'RowShareLock']), true],
  ['an ALTER TABLE', altering, false],
  ['a plain index', migration(['ShareLock']), false],
  ['what cannot be told', migration(['ShareUpdateExclusiveLock'], true), false],
  ['a new table', migration([]), false],
])('%s is gentle: %#', (_what, one, gentle) => {
  expect(isGentle(one)).toBe(gentle)
})

describe('the sessions of Prisma', () => {
  test('wait for a lock as long as the application may wait', () => {
    expect(settings([altering])).toEqual({ application_name: 'airlock-apply-run', lock_timeout: '2000ms' })
  })

  test('have the statement timeout of the policy', () => {
    expect(settings([altering], { ...policy, 'statement-timeout': 60_000 })).toMatchObject({
      statement_timeout: '60000ms',
    })
  })

  test('take their time where nobody queues behind them', () => {
    expect(settings([concurrently])).toMatchObject({ lock_timeout: '300000ms', statement_timeout: '0' })
  })

  test('but not where one of the migrations is another', () => {
    expect(settings([concurrently, altering])).toMatchObject({ lock_timeout: '2000ms' })
  })
})

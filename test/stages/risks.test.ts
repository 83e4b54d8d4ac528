import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/rules/finding.ts'
import type { Effects, Statement } from '../../src/sql/model.ts'
import type { PlannedMigration } from '../../src/stages/plan/plan.ts'
import { type RelationSizes, risksOf, risksOfFindings } from '../../src/stages/plan/risks.ts'

const nothing: Effects = {
  locks: [],
  rewrites: [],
  scans: [],
  overwrites: [],
  loses: [],
  beyond: [],
  unknown: false,
  unknownBecause: undefined,
}
const small: RelationSizes = new Map([['public.t', 8_192]])
const large: RelationSizes = new Map([['public.t', 200 * 1024 * 1024]])

function reasonsOf(effects: Partial<Effects>, sizes: RelationSizes = small, kind = 'AlterTableStmt', sql = '') {
  const statement: Statement = {
    index: 0,
    kind,
    sql,
    range: { startByte: 0, endByte: 1, line: 7, column: 1, endLine: 7 },
    effects: { ...nothing, ...effects },
    runsCode: false,
  }
  const migration: PlannedMigration = {
    name: '1_a',
    checksum: '',
    file: '',
    stage: 'expand',
    execution: { kind: 'batch', atomic: true, because: '' },
    statements: [statement],
  }
  return risksOf([migration], sizes, 100 * 1024 * 1024).map((risk) => [risk.reason, risk.line])
}

test.each(['table', 'column', 'rows', 'schema', 'enum-label', 'partition', 'durability', 'precision'] as const)(
  'losing a %s is destructive',
  (kind) => {
    expect(reasonsOf({ loses: [{ kind, name: 'public.t' }] })).toEqual([['destructive', 7]])
  },
)

test.each(['index', 'type', 'default', 'constraint', 'view', 'trigger'] as const)(
  'losing a %s loses no data',
  (kind) => {
    expect(reasonsOf({ loses: [{ kind, name: 'public.t' }] })).toEqual([])
  },
)

test('the position of a sequence is lost for good, and said once', () => {
  const loses = [{ kind: 'sequence', name: 'public.s' }] as const
  expect(reasonsOf({ loses })).toEqual([['irreversible', 7]])
  expect(reasonsOf({ loses, overwrites: ['public.s'] })).toEqual([['irreversible', 7]])
})

describe('a long lock', () => {
  const scan: Partial<Effects> = { scans: ['public.t'], locks: [{ relation: 'public.t', mode: 'ShareLock' }] }

  test('is reading or rewriting a large table under a lock that blocks writes', () => {
    expect(reasonsOf(scan, large)).toEqual([['long-lock', 7]])
    expect(
      reasonsOf({ rewrites: ['public.t'], locks: [{ relation: 'public.t', mode: 'AccessExclusiveLock' }] }, large),
    ).toHaveLength(1)
  })

  test('is assumed where the size is unknown', () => {
    expect(reasonsOf(scan, new Map())).toEqual([['long-lock', 7]])
  })

  test('is no matter on a small table, under a weak lock, or without work to do', () => {
    expect(reasonsOf(scan, small)).toEqual([])
    expect(reasonsOf({ ...scan, locks: [{ relation: 'public.t', mode: 'ShareUpdateExclusiveLock' }] }, large)).toEqual(
      [],
    )
    expect(reasonsOf({ locks: [{ relation: 'public.t', mode: 'AccessExclusiveLock' }] }, large)).toEqual([])
  })
})

test('an effect that cannot be told is a risk of its own', () => {
  expect(reasonsOf({ unknown: true, unknownBecause: 'DO block' })).toEqual([['unknown', 7]])
})

test('rows that are overwritten have their old values only in the backup', () => {
  expect(reasonsOf({ overwrites: ['public.t'] })).toEqual([['irreversible', 7]])
  expect(reasonsOf({ locks: [{ relation: 'public.t', mode: 'RowExclusiveLock' }] })).toEqual([])
})

describe('a finding of severity error', () => {
  const migration = {
    name: '1_a',
    statements: [
      {
        index: 0,
        kind: 'AlterTableStmt',
        sql: '',
        range: { startByte: 0, endByte: 1, line: 3, column: 1, endLine: 5 },
        effects: nothing,
        runsCode: false,
      },
    ],
  }
  const finding = (rule: string, severity: Finding['severity'], line = 4): Finding => ({
    rule,
    severity,
    migration: '1_a',
    file: '1_a/migration.sql',
    line,
    column: 1,
    message: 'Breaks.',
    why: '',
    instead: '',
    docs: '',
  })

  test('needs approval by itself', () => {
    expect(risksOfFindings([finding('some-rule', 'error')], [migration], [])).toEqual([
      { reason: 'finding', migration: '1_a', line: 4, text: 'some-rule: Breaks.' },
    ])
  })

  test('is not asked for twice where its statement is a risk already', () => {
    const risk = { reason: 'destructive', migration: '1_a', line: 3, text: '' } as const
    expect(risksOfFindings([finding('some-rule', 'error')], [migration], [risk])).toEqual([])
    expect(risksOfFindings([finding('some-rule', 'error', 9)], [migration], [risk])).toHaveLength(1)
  })

  test('needs none as a warning, or where only a running release makes it one', () => {
    expect(risksOfFindings([finding('some-rule', 'warning')], [migration], [])).toEqual([])
    expect(risksOfFindings([finding('breaks-running-release', 'error')], [migration], [])).toEqual([])
  })
})

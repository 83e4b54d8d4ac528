import { describe, expect, test } from 'vitest'
import type { LockMode } from '../../../../src/sql/model.ts'
import type { RehearsalMode } from '../../../../src/stages/rehearse/estimate/estimate.ts'
import { estimateDeploy, relationsOf } from '../../../../src/stages/rehearse/estimate/estimate-deploy.ts'
import { machinesOf, nothingMeasured } from '../../../../src/stages/rehearse/estimate/machines.ts'
import type { Range } from '../../../../src/stages/rehearse/estimate/range.ts'
import type { Sizes } from '../../../../src/stages/rehearse/estimate/work.ts'
import { addColumn, createIndex, megabyte, type Piece, rehearsed, setNotNull, updateRows } from './fixtures.ts'

const orders = (megabytes: number, rows: number): Sizes =>
  new Map([['public.Order', { bytes: megabytes * megabyte, rows }]])

const measured = { computing: 1, roundTripMs: 1, commitMs: 5, readMsPerMegabyte: 6 }

function estimate(
  pieces: readonly Piece[],
  {
    mode = 'data',
    production = orders(100, 1_000_000),
    copy = orders(100, 1_000_000),
    machines = machinesOf(measured),
  }: { mode?: RehearsalMode; production?: Sizes; copy?: Sizes; machines?: ReturnType<typeof machinesOf> } = {},
) {
  const whole = estimateDeploy({ mode, ...rehearsed(pieces), sizes: { production, copy }, machines })
  return { whole, statements: whole.files.flatMap(({ statements }) => statements) }
}

function first(pieces: readonly Piece[], options?: Parameters<typeof estimate>[1]) {
  const [statement] = estimate(pieces, options).statements
  if (statement === undefined) throw new Error('nothing was estimated')
  const range = (duration: typeof statement.duration): Range => {
    if (duration.kind === 'unknown') throw new Error(duration.because)
    return duration.ms
  }
  return { statement, ms: range(statement.duration), cold: range(statement.cold), warm: range(statement.warm) }
}

describe('with production’s data on the copy', () => {
  test('what only changes the catalog takes no longer on a large table', () => {
    const large = first([addColumn], { production: orders(100_000, 1e9) })
    expect(large.statement.grows).toBe(false)
    expect(large.ms).toEqual(first([addColumn]).ms)
    expect(large.ms.likely).toBeLessThan(20)
  })

  test('a commit costs production what the copy did not have to wait for', () => {
    const slow = first([addColumn], { machines: machinesOf({ ...measured, commitMs: 50 }) })
    expect(slow.ms.likely - first([addColumn]).ms.likely).toBeCloseTo(0.8 * 45)
  })

  test('what reads a table takes longer where rows that are gone left more bytes, and the range says by how much', () => {
    const bloated = first([setNotNull], { production: orders(300, 1_000_000) })
    expect(bloated.statement.grows).toBe(true)
    expect(bloated.ms.likely).toBeGreaterThan(1.5 * first([setNotNull]).ms.likely)
    expect(bloated.ms.high).toBeGreaterThan(1_200)
    expect(bloated.ms.low).toBeLessThan(400)
  })

  test('a cold cache costs as much as reading the table from the disk', () => {
    const { warm, cold, ms } = first([setNotNull])
    expect(cold.likely - warm.likely).toBeCloseTo(100 * 2)
    expect(ms.low).toBe(warm.low)
    expect(ms.high).toBeGreaterThanOrEqual(warm.high)
  })

  test('an index that the copy wrote without WAL and without waiting costs production both', () => {
    const without: Piece = { ...createIndex, traced: { ...createIndex.traced, indexes: [] } }
    expect(first([createIndex]).ms.likely).toBeGreaterThan(first([without]).ms.likely)
    expect(first([createIndex]).ms.high).toBeGreaterThan(first([without]).ms.high + 100)
  })

  test('the index of a table that is new and has no rows is no work, and one of rows that came with it is', () => {
    const ofNew = (bytes: number): Piece => ({
      sql: 'CREATE INDEX i ON "New" (ref)',
      kind: 'IndexStmt',
      traced: { ms: 20, indexes: [{ name: 'public.i', relation: 'public.New', bytes }] },
    })
    expect(first([ofNew(16_384)]).statement.grows).toBe(false)
    expect(first([ofNew(24_576)]).statement.grows).toBe(true)
  })

  test('of a short time on the copy most may have been an interruption, and of a long one little', () => {
    const lasting = (ms: number) => first([{ ...setNotNull, traced: { ...setNotNull.traced, ms } }]).warm
    expect(lasting(15).low).toBeLessThan(0.15 * 15)
    expect(lasting(1_500).low).toBeGreaterThan(0.3 * 1_500)
  })

  test('a range without measurements is wider than one with them', () => {
    const width = ({ low, high }: Range) => high / low
    const guessed = first([createIndex], { machines: machinesOf(nothingMeasured) })
    expect(width(guessed.ms)).toBeGreaterThan(width(first([createIndex]).ms))
  })

  test('an emptied table is not read, however large it is', () => {
    const truncate: Piece = {
      sql: 'TRUNCATE "Order"',
      kind: 'TruncateStmt',
      effects: { rewrites: ['public.Order'] },
      traced: { ms: 2, rewrites: ['public.Order'] },
    }
    expect(first([truncate]).statement.grows).toBe(false)
  })
})

describe('locks', () => {
  test('last from their statement to the end of its transaction', () => {
    const together = [addColumn, createIndex].map((piece) => ({
      ...piece,
      traced: { ...piece.traced, transaction: 0 },
    }))
    const likely = (pieces: readonly Piece[]) => {
      const held = estimate(pieces).statements[0]?.locks[0]?.held
      return held?.kind === 'range' ? held.ms.likely : Number.NaN
    }
    expect(likely([addColumn, createIndex])).toBeLessThan(20)
    expect(likely(together)).toBeGreaterThan(2_000)
  })

  test.each([
    ['a new column makes', 'reads-and-writes', 'SELECT', addColumn],
    ['a new index makes', 'writes', 'INSERT', createIndex],
    ['an UPDATE makes', 'same-rows', 'UPDATE', updateRows],
  ] as const)('of %s wait: %s, so %s', (_, blocks, waits, piece) => {
    const [lock] = first([piece]).statement.locks
    expect(lock).toMatchObject({ relation: 'public.Order', blocks, source: 'observed' })
    expect(lock?.waits).toContain(waits)
    if (blocks !== 'reads-and-writes') expect(lock?.waits).not.toContain('SELECT')
  })

  test('that nobody could look for are those of the text', () => {
    const concurrently: Piece = {
      sql: 'CREATE INDEX CONCURRENTLY i ON "Order" (ref)',
      kind: 'IndexStmt',
      effects: { locks: [{ relation: 'public.Order', mode: 'ShareUpdateExclusiveLock' }], scans: ['public.Order'] },
      traced: { ms: 100, notObserved: ['locks: it runs outside of a transaction'] },
    }
    const { statement } = first([concurrently])
    expect(statement.waitsForOthers).toBe(true)
    expect(statement.locks).toMatchObject([{ source: 'static', blocks: 'nothing', waits: [] }])
  })

  test('that were looked for in passing are the strongest of those of the text and those that were seen', () => {
    const lock = (relation: string, mode: LockMode) => ({ relation, mode, heldMs: 1 })
    const { statement } = first([
      {
        sql: 'DROP INDEX CONCURRENTLY i',
        kind: 'DropStmt',
        effects: {
          locks: [lock('public.Order', 'ShareUpdateExclusiveLock'), lock('public.i', 'AccessExclusiveLock')],
        },
        traced: {
          locks: [lock('public.Order', 'ShareUpdateExclusiveLock'), lock('public.i', 'ShareUpdateExclusiveLock')],
          notObserved: ['locks: it runs outside of a transaction'],
        },
      },
    ])
    expect(statement.locks.map(({ relation, mode, source }) => [relation, mode, source])).toEqual([
      ['public.Order', 'ShareUpdateExclusiveLock', 'observed'],
      ['public.i', 'AccessExclusiveLock', 'static'],
    ])
  })
})

describe('on a copy without rows', () => {
  const empty = { mode: 'schema', copy: orders(0, 0) } as const

  test('the time of what goes through rows is not known, nor is how long it keeps its lock', () => {
    for (const piece of [setNotNull, createIndex, updateRows]) {
      const [statement] = estimate([piece], empty).statements
      expect(statement?.duration.kind, piece.sql).toBe('unknown')
      expect(statement?.locks[0]?.held.kind, piece.sql).toBe('unknown')
    }
  })

  test('neither is the lock of a statement before it in the same transaction', () => {
    const together = [addColumn, setNotNull].map((piece) => ({ ...piece, traced: { ...piece.traced, transaction: 0 } }))
    const { statements, whole } = estimate(together, empty)
    expect(statements.map(({ duration }) => duration.kind)).toEqual(['range', 'unknown'])
    expect(statements[0]?.locks[0]?.held.kind).toBe('unknown')
    expect(whole.total.unknown).toBe(1)
  })

  test('that of the catalog’s changes is, and of what goes through a table that production does not have', () => {
    expect(first([addColumn], empty).ms.likely).toBeLessThan(20)
    expect(estimate([createIndex], { ...empty, production: new Map() }).statements[0]?.duration.kind).toBe('range')
  })

  test.each([
    [`INSERT INTO "Order" VALUES (1, 'select')`, 'InsertStmt', 'range'],
    ['INSERT INTO "Order" SELECT * FROM old', 'InsertStmt', 'unknown'],
    ["SELECT set_config('a.b', 'c', false)", 'SelectStmt', 'range'],
    ['SELECT f() FROM "Order"', 'SelectStmt', 'unknown'],
    ['DO $$ BEGIN END $$', 'DoStmt', 'unknown'],
  ])('%s is %s: %s', (sql, kind, expected) => {
    expect(estimate([{ sql, kind }], empty).statements[0]?.duration.kind).toBe(expected)
  })

  test('a statement that calls code of somebody’s own may go through anything', () => {
    const called: Piece = { sql: 'SELECT f()', kind: 'SelectStmt', runsCode: true }
    expect(estimate([called], empty).statements[0]?.duration.kind).toBe('unknown')
  })

  test('a statement whose effects cannot be told is not known, whatever it is', () => {
    const odd: Piece = { sql: 'ALTER TABLE a', kind: 'AlterTableStmt', effects: { unknown: true } }
    expect(estimate([odd], empty).statements[0]?.duration.kind).toBe('unknown')
  })
})

test('statements behind the one that stopped it are counted, not taken for nothing', () => {
  const { plan, trace } = rehearsed([addColumn, createIndex, updateRows])
  const stopped = {
    ...{
      migration: '1_change',
      index: 1,
      line: 2,
      sql: '',
      sqlState: '23502',
      message: '',
      cause: '',
      find: undefined,
    },
    offending: { kind: 'counted', rows: 2 },
  } as const
  const cut = { files: trace.files.map((file) => ({ ...file, statements: file.statements.slice(0, 1) })), stopped }
  const sizes = { production: orders(1, 1), copy: orders(1, 1) }
  const machines = machinesOf(measured)
  expect(estimateDeploy({ mode: 'data', plan, trace: cut, sizes, machines }).notRun).toBe(2)
  expect(estimateDeploy({ mode: 'data', plan, trace, sizes, machines }).notRun).toBe(0)
})

test('sizes are asked for of everything that was seen or planned', () => {
  const { plan, trace } = rehearsed([createIndex, { ...addColumn, effects: { scans: ['public.Planned'] } }])
  expect([...relationsOf(trace, plan)].toSorted()).toEqual(['public.Order', 'public.Planned'])
})

import type { Effects, Statement } from '../../../../src/sql/model.ts'
import type { PlannedFile } from '../../../../src/stages/rehearse/estimate/estimate-deploy.ts'
import type { StatementTrace, Trace } from '../../../../src/stages/rehearse/trace/trace.ts'

export const noEffects: Effects = {
  locks: [],
  rewrites: [],
  scans: [],
  overwrites: [],
  loses: [],
  beyond: [],
  unknown: false,
  unknownBecause: undefined,
}

export interface Piece {
  readonly sql: string
  readonly kind: string
  readonly effects?: Partial<Effects>
  readonly runsCode?: boolean
  readonly traced?: Partial<StatementTrace>
}

/** One file with these statements, as it was planned and as it ran. */
export function rehearsed(pieces: readonly Piece[], migration = '1_change') {
  const statements = pieces.map(
    ({ sql, kind, effects, runsCode }, index): Statement => ({
      index,
      kind,
      sql,
      range: { startByte: 0, endByte: sql.length, line: index + 1, column: 1, endLine: index + 1 },
      effects: { ...noEffects, ...effects },
      runsCode: runsCode === true,
    }),
  )
  const traces = pieces.map(
    ({ kind, traced }, index): StatementTrace => ({
      ...{ index, line: index + 1, kind, ms: 1, transaction: index, locks: [], rewrites: [], scans: [], rows: null },
      ...{ walBytes: 0, temporaryBytes: 0, indexes: [], notObserved: [], ...traced },
    }),
  )
  const plan: readonly PlannedFile[] = [{ name: migration, statements }]
  const trace: Trace = {
    files: [{ migration, ms: traces.reduce((all, { ms }) => all + ms, 0), statements: traces }],
    stopped: undefined,
  }
  return { plan, trace }
}

export const megabyte = 1_048_576

export const setNotNull: Piece = {
  sql: 'ALTER TABLE "Order" ALTER COLUMN created SET NOT NULL',
  kind: 'AlterTableStmt',
  effects: { locks: [{ relation: 'public.Order', mode: 'AccessExclusiveLock' }], scans: ['public.Order'] },
  traced: {
    ms: 400,
    locks: [{ relation: 'public.Order', mode: 'AccessExclusiveLock', heldMs: 400 }],
    scans: ['public.Order'],
  },
}

export const addColumn: Piece = {
  sql: 'ALTER TABLE "Order" ADD COLUMN note text',
  kind: 'AlterTableStmt',
  effects: { locks: [{ relation: 'public.Order', mode: 'AccessExclusiveLock' }] },
  traced: { ms: 1, locks: [{ relation: 'public.Order', mode: 'AccessExclusiveLock', heldMs: 1 }] },
}

export const createIndex: Piece = {
  sql: 'CREATE INDEX i ON "Order" (ref)',
  kind: 'IndexStmt',
  effects: { locks: [{ relation: 'public.Order', mode: 'ShareLock' }], scans: ['public.Order'] },
  traced: {
    ms: 2_000,
    locks: [{ relation: 'public.Order', mode: 'ShareLock', heldMs: 2_000 }],
    scans: ['public.Order'],
    indexes: [{ name: 'public.i', relation: 'public.Order', bytes: 20 * megabyte }],
  },
}

export const updateRows: Piece = {
  sql: 'UPDATE "Order" SET note = \'\'',
  kind: 'UpdateStmt',
  effects: { locks: [{ relation: 'public.Order', mode: 'RowExclusiveLock' }], overwrites: ['public.Order'] },
  traced: {
    ms: 3_000,
    rows: 100_000,
    walBytes: 30 * megabyte,
    locks: [{ relation: 'public.Order', mode: 'RowExclusiveLock', heldMs: 3_000 }],
  },
}

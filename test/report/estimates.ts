import type { LockMode } from '../../src/sql/model.ts'
import { blockingOf, waitingStatements } from '../../src/stages/rehearse/estimate/blocking.ts'
import type {
  DeployEstimate,
  Duration,
  LockEstimate,
  StatementEstimate,
} from '../../src/stages/rehearse/estimate/estimate.ts'
import { nothing, sum } from '../../src/stages/rehearse/estimate/range.ts'

/** From half of it to twice as long; or why nobody knows. */
export function duration(likely: number | string): Duration {
  if (typeof likely === 'string') return { kind: 'unknown', because: likely }
  return { kind: 'range', ms: { low: likely / 2, likely, high: likely * 2 } }
}

export function lock(relation: string, mode: LockMode, held: number | string): LockEstimate {
  const blocks = blockingOf(mode, { kind: 'AlterTableStmt', rows: null })
  return { relation, mode, source: 'observed', blocks, waits: waitingStatements[blocks], held: duration(held) }
}

export function statement(
  likely: number | string,
  locks: readonly LockEstimate[] = [],
  more: Partial<StatementEstimate> = {},
): StatementEstimate {
  const all = duration(likely)
  return {
    ...{ migration: '', index: 0, line: 1, kind: 'AlterTableStmt', transaction: 0, copyMs: 1, rows: null, grows: true },
    ...{ duration: all, warm: all, cold: all, waitsForOthers: false, locks, ...more },
  }
}

/** Files with these statements, called `1_change`, `2_change` and so on, each statement on a line of its own. */
export function deploy(
  files: readonly (readonly StatementEstimate[])[],
  more: Partial<DeployEstimate> = {},
): DeployEstimate {
  const estimates = files.map((statements, at) => {
    const migration = `${at + 1}_change`
    const ranges = statements.flatMap(({ duration: one }) => (one.kind === 'range' ? [one.ms] : []))
    return {
      migration,
      copyMs: statements.reduce((all, { copyMs }) => all + copyMs, 0),
      total: { ms: sum(ranges), unknown: statements.length - ranges.length },
      statements: statements.map((one, index) => ({ ...one, migration, index, line: index + 1 })),
    }
  })
  const total = {
    ms: estimates.reduce((all, file) => sum([all, file.total.ms]), nothing),
    unknown: estimates.reduce((all, file) => all + file.total.unknown, 0),
  }
  return { mode: 'data', files: estimates, total, notRun: 0, ...more }
}

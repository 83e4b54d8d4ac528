import type { Sha256 } from '../ports.ts'
import { progressIn, type ResumePoint, resumptionOf } from './atomic-progress.ts'
import type { History, HistoryRow } from './history.ts'
import type { Migration } from './migration.ts'

/** With `apply: atomic` a file of which a part is in force is no failed one where the next run knows how to go on: it is pending. */
export function withResumable(history: History, migrations: readonly Migration[], sha256: Sha256): History {
  const points = new Map<string, ResumePoint>()
  const failed: HistoryRow[] = []
  for (const row of history.failed) {
    const migration = migrations.find(({ name }) => name === row.name)
    const resumption = resumptionOf(row, migration, sha256)
    if (resumption?.kind === 'resumable') points.set(row.name, resumption.point)
    else failed.push(resumption === undefined ? row : { ...row, notResumable: resumption.because })
  }
  if (points.size === 0) return { ...history, failed }
  const pending = new Set<string>(history.pending.map(({ name }) => name))
  return {
    ...history,
    failed,
    pending: migrations.flatMap((migration) => {
      const resume = points.get(migration.name)
      if (resume !== undefined) return [{ ...migration, resume }]
      return pending.has(migration.name) ? [migration] : []
    }),
  }
}

/** Why what the history says under the lock is not what the plan was made from; `undefined` where it is the same. */
export function movedSince(
  planned: Pick<History, 'pending' | 'applied' | 'missing'>,
  rows: readonly HistoryRow[],
): string | undefined {
  const standing = rows.filter((row) => row.rolledBackAt === undefined)
  const expected = new Set<string>([...planned.applied.map(({ name }) => name), ...planned.missing])
  for (const { name, resume } of planned.pending) {
    const own = standing.filter((row) => row.name === name)
    if (resume === undefined && own.length > 0) return `${name} is no longer pending`
    if (resume !== undefined && !own.some((row) => isAt(resume, row))) return `${name} is no longer where it stopped`
    expected.add(name)
  }
  const stranger = standing.find(({ name }) => !expected.has(name))
  if (stranger !== undefined) return `${stranger.name} was recorded by somebody else`
  const finished = new Set(standing.filter(({ finishedAt }) => finishedAt !== undefined).map(({ name }) => name))
  const gone = planned.applied.find(({ name }) => !finished.has(name))
  return gone === undefined ? undefined : `${gone.name} is no longer recorded as applied`
}

function isAt(resume: ResumePoint, row: HistoryRow): boolean {
  const progress = progressIn(row.logs)
  return (
    row.id === resume.rowId &&
    row.finishedAt === undefined &&
    progress?.doneBytes === resume.doneBytes &&
    JSON.stringify(progress.begun) === JSON.stringify(resume.begun)
  )
}

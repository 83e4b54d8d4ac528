import type { Failure } from '../../../errors.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { formatBytes, plural } from '../../../report/words.ts'
import type { TableWrites, WritesSince } from './count.ts'

/** What somebody said may be lost: `--accept-loss`. */
export type AcceptedLoss = { readonly kind: 'changes'; readonly most: number } | { readonly kind: 'unknown' }

export function parseAcceptedLoss(text: string): AcceptedLoss | undefined {
  if (text === 'unknown') return { kind: 'unknown' }
  const most = Number(text)
  return /^\d{1,15}$/.test(text) && Number.isSafeInteger(most) ? { kind: 'changes', most } : undefined
}

export type LossDecision =
  /** `most`: what may be found written when the last session has ended; null: it cannot be counted, and was accepted so. */
  { readonly kind: 'allowed'; readonly most: number | null } | { readonly kind: 'refused'; readonly failure: Failure }

/**
 * The number is only known to somebody who has read the refusal of this very backup and database. A number far above it,
 * such as the one of last year's incident, accepts nothing; there is room for an application that goes on writing.
 */
export function largestAnswer(changes: number): number {
  return 2 * changes + 1_000
}

export function decideLoss(database: string, writes: WritesSince, accepted: AcceptedLoss | undefined): LossDecision {
  if (writes.kind === 'unknown') {
    return accepted?.kind === 'unknown' ? { kind: 'allowed', most: null } : refused(database, writes, unknownNext)
  }
  const { changes } = writes
  if (accepted?.kind === 'changes' && accepted.most >= changes && accepted.most <= largestAnswer(changes)) {
    return { kind: 'allowed', most: accepted.most }
  }
  if (changes === 0 && accepted?.kind !== 'changes') return { kind: 'allowed', most: 0 }
  return refused(database, writes, nextFor(changes, accepted))
}

const stopFirst = 'Stop the application first: while it writes, there is more to lose every second.'
const unknownNext = [stopFirst, 'To go on although nobody can say what is lost, add: --accept-loss unknown']

function nextFor(changes: number, accepted: AcceptedLoss | undefined): readonly string[] {
  const add = `To go on and lose that, add: --accept-loss ${changes}`
  if (accepted === undefined) return [stopFirst, add]
  if (accepted.kind === 'unknown') return [`It is not unknown here. ${add}`]
  return accepted.most < changes
    ? [stopFirst, add]
    : [
        `\`--accept-loss ${accepted.most}\` is not about this database: name a number from ${changes} to ${largestAnswer(changes)}.`,
      ]
}

function refused(database: string, writes: WritesSince, next: readonly string[]): LossDecision {
  const name = quoteIdentifier(database)
  return {
    kind: 'refused',
    failure: {
      code: 'RESTORE.WRITES_SINCE',
      what:
        writes.kind === 'counted'
          ? `${plural(writes.changes, 'row change')} since the backup would be lost with ${name}. Nothing was swapped.`
          : `It cannot be told what was written to ${name} since the backup. Nothing was swapped.`,
      why: describeWrites(writes).join('\n'),
      next,
    },
  }
}

/** While the sessions of the application were ended, more was written than may be lost. */
export function moreWritten(database: string, found: number, most: number): Failure {
  return {
    code: 'RESTORE.WRITES_SINCE',
    what: `${plural(found, 'row change')} since the backup would be lost with ${quoteIdentifier(database)}. Nothing was swapped.`,
    why: `${most} may be lost. The rest was written until the last session ended; the sessions were ended, and the application can connect again.`,
    next: [stopFirst, `To go on and lose that, add: --accept-loss ${found}`],
  }
}

const longestList = 20

export function describeWrites(writes: WritesSince): readonly string[] {
  const log =
    writes.walBytes === null
      ? []
      : [`The server, with all its databases, wrote ${formatBytes(writes.walBytes)} of log since then.`]
  if (writes.kind === 'unknown') return [writes.because, ...log]
  const shown = writes.tables.slice(0, longestList).map(describeTable)
  const more = writes.tables.length - shown.length
  return [
    ...shown,
    ...(more > 0 ? [`and ${plural(more, 'more table')}`] : []),
    ...(writes.catalogChanges > 0
      ? [
          `system catalog: ${plural(writes.catalogChanges, 'row')} (the schema was changed, or a table emptied with TRUNCATE)`,
        ]
      : []),
    ...(writes.changes > 0 ? ['Rows that a rolled-back transaction wrote are counted as well.'] : []),
    ...log,
  ]
}

function describeTable({ table, inserted, updated, deleted }: TableWrites): string {
  const parts = [
    [inserted, 'inserted'],
    [updated, 'updated'],
    [deleted, 'deleted'],
  ] as const
  return `${table}: ${parts
    .filter(([rows]) => rows > 0)
    .map(([rows, what]) => `${rows} ${what}`)
    .join(', ')}`
}

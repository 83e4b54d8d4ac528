import type { History } from '../../migrations/history.ts'
import type { AnalysisOptions } from './analyse.ts'

/** Which of the pending migrations Prisma applies after newer ones. */
export function lateAmong({ outOfOrder, head }: History): AnalysisOptions['late'] {
  if (head === undefined) return undefined
  return { names: new Set(outOfOrder.map(({ name }) => name)), behind: head }
}

import { decideLeftBehind, type LeftBehind } from '../../recover/left-behind/decide.ts'
import type { Ending } from './halfway.ts'

export interface Truth {
  /** Of the statements that change anything: how many of them are committed. */
  readonly inForce: number
}

/** What the next deploy would do with what it finds, held against what is known to be in force. */
export function decideEnding(left: LeftBehind, { inForce }: Truth): Ending {
  const settlement = decideLeftBehind(left)
  const of = left.statements.length
  switch (settlement.kind) {
    case 'nothing-in-force':
      return { next: 'again', says: settlement.because, wrong: inForce > 0 }
    case 'all-in-force':
      return { next: 'recorded', says: settlement.because, wrong: inForce < of }
    case 'for-a-person':
      return {
        next: 'person',
        says: settlement.known.join(' '),
        wrong: left.statements.some(({ trace }, at) => trace.kind === (at < inForce ? 'absent' : 'there')),
      }
  }
}

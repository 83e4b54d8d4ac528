/** What a report says of the ways back that a rehearsal tried. */

import type { RehearsedUndo } from '../stages/rehearse/undo/undo.ts'
import { plural } from './words.ts'

export interface UndoRow {
  readonly migration: string
  readonly answer: string
  /** What is lost, or why it is not known. */
  readonly detail: string
}

const mostLosses = 6

export function undoRows(undo: readonly RehearsedUndo[]): readonly UndoRow[] {
  return undo.map((one) => ({ migration: one.migration, answer: answerOf(one), detail: detailOf(one) }))
}

/** `2 of 3 are proven` */
export function undoSummary(undo: readonly RehearsedUndo[]): string {
  const count = (kind: RehearsedUndo['kind']) => undo.filter((one) => one.kind === kind).length
  const parts = (['proven', 'lossy', 'impossible', 'not-proven'] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${wordFor[kind]}`)
  return `${plural(undo.length, 'way')} back: ${parts.join(', ')}.`
}

const wordFor = { proven: 'proven', lossy: 'lossy', impossible: 'impossible', 'not-proven': 'not proven' } as const

function answerOf({ kind, origin }: RehearsedUndo): string {
  return origin.kind === 'own' ? `${wordFor[kind]} (${origin.file})` : wordFor[kind]
}

function detailOf(one: RehearsedUndo): string {
  switch (one.kind) {
    case 'proven':
      return one.sql.trim() === '' ? 'There is nothing to take back.' : 'Nothing that was there is lost.'
    case 'lossy': {
      const left = one.loses.length - mostLosses
      const texts = one.loses.slice(0, mostLosses).map(({ text }) => text)
      return [...texts, ...(left > 0 ? [`And ${plural(left, 'more loss', 'more losses')}.`] : [])].join(' ')
    }
    default:
      return one.because.replaceAll(/\s*\n\s*/g, ' ')
  }
}

/** One statement of a rehearsal in words. */

import { quotedRelation } from '../sql/identifiers.ts'
import type { LockEstimate, StatementEstimate } from '../stages/rehearse/estimate/estimate.ts'
import { isNoticed } from './rehearsal-section.ts'
import { durationText, waitWords } from './rehearsal-words.ts'
import { plural } from './words.ts'

export function inProduction({ duration, warm, cold, waitsForOthers }: StatementEstimate): string {
  if (duration.kind === 'unknown') return `not known: ${duration.because}`
  const isSlower = warm.kind === 'range' && cold.kind === 'range' && cold.ms.likely > 1.5 * warm.ms.likely
  const fromDisk = isSlower ? `; from a cold cache ${durationText(cold)}` : ''
  return `${durationText(duration)}${fromDisk}${waitsForOthers ? '; and until the transactions of others end' : ''}`
}

/** Those that somebody notices; a lock of a moment is told as one. */
export function whoWaits(locks: readonly LockEstimate[], schema: string): string {
  const blocking = locks.filter(({ blocks }) => blocks !== 'nothing')
  if (blocking.length === 0) return 'nobody'
  const told = blocking.toSorted((a, b) => Number(isNoticed(b)) - Number(isNoticed(a))).slice(0, 3)
  const texts = told.map(({ relation, mode, source, blocks, held }) => {
    const time = held.kind === 'unknown' ? 'for a time that is not known' : durationText(held)
    return `${quotedRelation(relation, schema)}: ${waitWords[blocks]} ${time} (${mode}${source === 'static' ? ', from its text' : ''})`
  })
  const left = blocking.length - told.length
  return [...texts, ...(left > 0 ? [`and ${plural(left, 'table')} more`] : [])].join('; ')
}

export function notRunText(notRun: number): string {
  return notRun === 0
    ? ''
    : `${plural(notRun, 'statement')} behind it did not run, and nothing is known about ${notRun === 1 ? 'it' : 'them'}.`
}

/** What a file is about: the kinds of its statements and of what they do. Most rules are about a few of them, and most files about none of those. */

import type { ChangeKind } from '../sql/catalog/change.ts'
import type { NodeKind } from '../sql/effects/tree.ts'
import type { LossKind } from '../sql/model.ts'
import type { AnalysedStatement } from './rule.ts'

/** The kind of a statement, of a change or of a loss, or that something is read from end to end, written anew, or not known. */
export type Topic = NodeKind | ChangeKind | `loses ${LossKind}` | 'scans' | 'rewrites' | 'unknown'

export function topicsOf(statements: readonly AnalysedStatement[]): ReadonlySet<string> {
  const topics = new Set<string>()
  for (const { kind, changes, effects } of statements) {
    topics.add(kind)
    for (const change of changes) topics.add(change.kind)
    for (const loss of effects.loses) topics.add(`loses ${loss.kind}`)
    if (effects.scans.length > 0) topics.add('scans')
    if (effects.rewrites.length > 0) topics.add('rewrites')
    if (effects.unknown) topics.add('unknown')
  }
  return topics
}

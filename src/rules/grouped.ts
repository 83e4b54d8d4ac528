/** One finding for what has one reason and one remedy. */

import { listed } from '../sql/identifiers.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

interface Placed {
  readonly statement: AnalysedStatement
}

export type Group<T> = readonly [T, ...T[]]

/**
 * In the order in which the first of each group came. What a comment allows stays with its statement: a permission that stands
 * at one of them must not speak for the others.
 */
export function groupedBy<T extends Placed>(
  all: readonly T[],
  keyOf: (one: T) => string,
  { isAllowed }: Pick<RuleContext, 'isAllowed'>,
): readonly Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const key = `${isAllowed(one.statement) ? one.statement.index : ''} ${keyOf(one)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
}

/** Names for a sentence, which very many would bury; not for what is lost, of which each is named. */
export function named(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : listed(names)
}

/** ` (lines 3, 5 and 9)` where a finding is about more than the line that it stands at. */
export function atLines(group: readonly Placed[]): string {
  const lines = [...new Set(group.map(({ statement }) => statement.range.line))]
  if (lines.length > 8) return ` (${lines.length} statements from line ${lines[0]} on)`
  return lines.length > 1 ? ` (lines ${listed(lines.map(String))})` : ''
}

/** A file as rules see it that read statements: with those of blocks and functions behind the one that runs them. */

import { certainly } from '../sql/catalog/change.ts'
import type { InnerStatement } from '../sql/effects/sink.ts'
import { kindOf } from '../sql/effects/tree.ts'
import type { AnalysedStatement } from './rule.ts'

export interface Unfolded {
  readonly statements: readonly AnalysedStatement[]
  /** The one of the file that it is, or is part of: where a finding stands, and whom a comment speaks for. */
  readonly outer: (statement: AnalysedStatement) => AnalysedStatement
}

export function unfolded(file: readonly AnalysedStatement[]): Unfolded {
  const outers = new Map<AnalysedStatement, AnalysedStatement>()
  const outer = (statement: AnalysedStatement) => outers.get(statement) ?? statement
  if (file.every(({ inner }) => inner.length === 0)) return { statements: file, outer }
  const statements: AnalysedStatement[] = []
  const add = (made: AnalysedStatement, of: AnalysedStatement) => {
    // What a part of it changes is said there.
    const parts = new Set(made.inner.flatMap(({ changes }) => changes.map(certainly)))
    const own = { ...made, index: statements.length, changes: made.changes.filter((change) => !parts.has(change)) }
    outers.set(own, of)
    statements.push(own)
    for (const part of made.inner) add(asStatement(part, of), of)
  }
  for (const statement of file) add(statement, statement)
  return { statements, outer }
}

function asStatement({ changes, ...part }: InnerStatement, { range }: AnalysedStatement): AnalysedStatement {
  return { ...part, kind: kindOf(part.node), index: 0, range, changes: changes.map(certainly) }
}

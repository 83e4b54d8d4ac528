/** Which statements of a file are committed together, and so hold their locks together. */

import { as } from '../sql/effects/tree.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

/**
 * Sent as one message, statements are one transaction up to a COMMIT of their own (manual, 55.2.2.1: a BEGIN in the middle takes
 * those before it along). Sent one by one, each is its own unless BEGIN was said. Not knowing which, they are taken as one.
 */
export function transactionsOf(
  context: Pick<RuleContext, 'statements' | 'execution'>,
): readonly (readonly AnalysedStatement[])[] {
  const oneByOne = context.execution?.kind === 'split'
  const groups: AnalysedStatement[][] = []
  let current: AnalysedStatement[] = []
  let explicit = false
  const close = () => {
    if (current.length > 0) groups.push(current)
    current = []
  }
  for (const statement of context.statements) {
    const edge = edgeOf(statement)
    if (edge === undefined) {
      current.push(statement)
      if (oneByOne && !explicit) close()
      continue
    }
    if (edge === 'end' || oneByOne) close()
    explicit = edge === 'begin'
  }
  close()
  return groups
}

function edgeOf(statement: AnalysedStatement): 'begin' | 'end' | undefined {
  switch (as(statement.node, 'TransactionStmt')?.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return 'begin'
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
    case 'TRANS_STMT_PREPARE':
      return 'end'
    default:
      return undefined
  }
}

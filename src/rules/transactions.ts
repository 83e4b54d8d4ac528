/** Which statements of a file are committed together, and so hold their locks together. */

import { as } from '../sql/effects/tree.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

/**
 * Sent as one message, statements are one transaction up to a COMMIT of their own (manual, 55.2.2.1: a BEGIN in the middle takes
 * those before it along). Sent one by one, each is its own unless BEGIN was said. Not knowing which, they are taken as one.
 */
export function transactionsOf({ statements, execution }: Pick<RuleContext, 'statements' | 'execution'>): Transactions {
  const oneByOne = execution?.kind === 'split'
  const known = oneByOne ? sentOneByOne : sentTogether
  const transactions = known.get(statements) ?? grouped(statements, oneByOne)
  known.set(statements, transactions)
  return transactions
}

type Transactions = readonly (readonly AnalysedStatement[])[]

/** Asked for every finding of a file, and the answer is the same for all of them. */
const sentOneByOne = new WeakMap<RuleContext['statements'], Transactions>()
const sentTogether = new WeakMap<RuleContext['statements'], Transactions>()

function grouped(statements: RuleContext['statements'], oneByOne: boolean): Transactions {
  const groups: AnalysedStatement[][] = []
  let current: AnalysedStatement[] = []
  let explicit = false
  const close = () => {
    if (current.length > 0) groups.push(current)
    current = []
  }
  for (const statement of statements) {
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

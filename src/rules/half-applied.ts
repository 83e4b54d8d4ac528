/** What stays of a file that is not one transaction when one of its statements fails. */

import type { AnalysedStatement, RuleContext } from './rule.ts'
import { transactionsOf } from './transactions.ts'

type File = Pick<RuleContext, 'statements' | 'execution'>

/** Statements that leave something in the database; the others only steer the session. */
export function leavesSomething({ kind, changes, effects }: AnalysedStatement): boolean {
  const steers = kind === 'TransactionStmt' || kind === 'VariableSetStmt'
  return !steers && (changes.length > 0 || effects.locks.length > 0 || effects.unknown)
}

/** Worked out once for a file: each statement that can fail asks. */
const known = new WeakMap<File['statements'], ReadonlyMap<AnalysedStatement, AnalysedStatement>>()

/** The first that is committed, and leaves something, before this one begins; `undefined` where nothing is. */
export function committedBefore(statement: AnalysedStatement, file: File): AnalysedStatement | undefined {
  if (file.execution === undefined || file.execution.atomic) return undefined
  const firsts = known.get(file.statements) ?? firstsIn(file)
  known.set(file.statements, firsts)
  return firsts.get(statement)
}

function firstsIn(file: File): ReadonlyMap<AnalysedStatement, AnalysedStatement> {
  const firsts = new Map<AnalysedStatement, AnalysedStatement>()
  let first: AnalysedStatement | undefined
  for (const transaction of transactionsOf(file)) {
    if (first !== undefined) for (const statement of transaction) firsts.set(statement, first)
    first ??= transaction.find(leavesSomething)
  }
  return firsts
}

/** A sentence behind what a rule says about a statement that can fail; empty where nothing stays. */
export function staysBehind(statement: AnalysedStatement, file: File): string {
  const first = committedBefore(statement, file)
  if (first === undefined) return ''
  const { line } = first.range
  const between = statement.range.line - 1 > line ? `lines ${line} to ${statement.range.line - 1}` : `line ${line}`
  return ` The file is not one transaction: if this fails, what ${between} did stays, and blocks every later deploy (P3009).`
}

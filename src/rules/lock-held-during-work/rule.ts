import type { RelationName } from '../../sql/model.ts'
import { blocksReads, blocksWrites, isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { splitOf, splitText } from '../steps.ts'
import { transactionsOf } from '../transactions.ts'

export const rule: Rule = {
  id: 'lock-held-during-work',
  title: 'A lock that stops others is held while rows are worked on',
  group: 'lock',
  documentation: {
    summary:
      'A lock is held until the transaction ends, however short the statement was that took it. An ALTER TABLE that takes an ' +
      'instant therefore stops everybody for as long as an UPDATE, a DELETE or a validation takes that follows it in the same ' +
      'transaction. In a migration of its own the long work stops nobody.',
    bad: 'ALTER TABLE "User" ADD COLUMN "active" BOOLEAN;\nUPDATE "User" SET "active" = true;',
    good: 'ALTER TABLE "User" ADD COLUMN "active" BOOLEAN DEFAULT true;',
  },
  about: ['UpdateStmt', 'DeleteStmt', 'MergeStmt', 'DoStmt', 'InsertStmt', 'CreateTableAsStmt', 'validate-constraint'],
  check: (context) => transactionsOf(context).flatMap((statements) => inTransaction(statements, context)),
}

interface Held {
  readonly table: RelationName
  readonly by: AnalysedStatement
  readonly reads: boolean
}

interface WorkUnderLock {
  readonly statement: AnalysedStatement
  readonly table: RelationName
  readonly held: Held
}

function inTransaction(statements: readonly AnalysedStatement[], context: RuleContext): readonly Remark[] {
  const first = firstWorkUnderLock(statements, context)
  return first === undefined ? [] : [remark(first, statements, context)]
}

/** One finding for a transaction is enough: at the first work under a lock, about the lock that stops most. */
export function firstWorkUnderLock(
  statements: readonly AnalysedStatement[],
  context: RuleContext,
): WorkUnderLock | undefined {
  const held: Held[] = []
  for (const statement of statements) {
    const table = workOf(statement, context)
    const worst = held.find((lock) => lock.reads) ?? held[0]
    if (table !== undefined && worst !== undefined) return { statement, table, held: worst }
    for (const { relation: locked } of statement.effects.locks) {
      if (!blocksWrites(locked, statement) || !isInUse(locked, statement, context)) continue
      if (context.catalogBefore.relations.get(locked)?.kind === 'index') continue
      held.push({ table: locked, by: statement, reads: blocksReads(locked, statement) })
    }
  }
  return undefined
}

/** The table whose rows it goes through. What builds or proves something under a lock of its own has a rule of its own. */
function workOf(statement: AnalysedStatement, context: RuleContext): RelationName | undefined {
  const { effects, kind } = statement
  const worked = (table: RelationName) => isInUse(table, statement, context)
  const lockedFor = (mode: string) =>
    effects.locks.find((lock) => lock.mode === mode && worked(lock.relation))?.relation
  switch (kind) {
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
    case 'DoStmt':
      return lockedFor('RowExclusiveLock')
    case 'InsertStmt':
    case 'CreateTableAsStmt':
      return lockedFor('AccessShareLock')
    case 'AlterTableStmt':
      return statement.changes.some((change) => change.kind === 'validate-constraint')
        ? effects.scans.find(worked)
        : undefined
    default:
      return undefined
  }
}

function remark(
  { statement, table: work, held: { table, by, reads } }: WorkUnderLock,
  statements: readonly AnalysedStatement[],
  context: RuleContext,
): Remark {
  const blocked = relation(table, context)
  const split = splitOf(context)
  const later = statements.slice(statements.indexOf(statement) + 1).length
  return {
    statement,
    relation: work,
    severity: 'warning',
    message: `Goes through the rows of ${relation(work, context)} while line ${by.range.line} holds its lock: nobody can ${reads ? 'read or write' : 'write'} ${blocked} until that is done.`,
    why: 'Both are in one transaction, which gives back its locks only at its end; every query that arrives meanwhile queues behind them.',
    instead:
      split === undefined
        ? [
            `-- this migration ends before line ${statement.range.line}; in the next one${later > 0 ? ', with what follows' : ''}`,
            `${statement.sql};`,
          ].join('\n')
        : splitText(split),
  }
}

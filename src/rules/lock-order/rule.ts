import type { Catalog } from '../../sql/catalog/model.ts'
import type { RelationName } from '../../sql/model.ts'
import { blocksReads, isInUse, takesLong } from '../in-use.ts'
import { firstWorkUnderLock } from '../lock-held-during-work/rule.ts'
import { relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { transactionsOf } from '../transactions.ts'

export const rule: Rule = {
  id: 'lock-order',
  title: 'Two tables are locked in the order in which an insert of the application deadlocks with them',
  group: 'lock',
  documentation: {
    summary:
      'An INSERT into a table with a foreign key locks that table first and the table it references second. A transaction that ' +
      'takes the referenced table first and the referencing one second meets it half-way: each waits for what the other has, ' +
      'and PostgreSQL ends one of the two, the migration or the request of a user. The rule speaks where the first lock is held ' +
      'while rows are read or written, so that somebody is going to come. Locked the other way round, or in two transactions, nobody deadlocks.',
    bad: 'ALTER TABLE "Team" ALTER COLUMN mail SET NOT NULL;\nALTER TABLE "Member" ADD COLUMN "note" TEXT;',
    good: 'ALTER TABLE "Member" ADD COLUMN "note" TEXT;\nALTER TABLE "Team" ALTER COLUMN mail SET NOT NULL;',
  },
  about: ['UpdateStmt', 'DeleteStmt', 'MergeStmt', 'scans', 'rewrites'],
  check: (context) => transactionsOf(context).flatMap((statements) => inTransaction(statements, context)),
}

interface Locked {
  readonly table: RelationName
  readonly by: AnalysedStatement
}

/** One finding for a transaction. A lock that is held already, or taken by the same statement, makes no new order. */
function inTransaction(statements: readonly AnalysedStatement[], context: RuleContext): readonly Remark[] {
  // To move that work away, which is told, leaves an instant between the two locks.
  if (firstWorkUnderLock(statements, context) !== undefined) return []
  const held = new Map<RelationName, Locked>()
  for (const [at, statement] of statements.entries()) {
    const taken = statement.effects.locks
      .map((lock) => lock.relation)
      .filter((table) => !held.has(table) && blocksReads(table, statement) && isInUse(table, statement, context))
    for (const child of taken) {
      const parent = parentsOf(child, context.catalogBefore)
        .map((table) => held.get(table))
        .find((one) => one !== undefined && statements.slice(statements.indexOf(one.by), at).some(takesLong))
      if (parent !== undefined) return [remark(statement, child, parent, context)]
    }
    for (const table of taken) held.set(table, { table, by: statement })
  }
  return []
}

function parentsOf(child: RelationName, catalog: Catalog): readonly RelationName[] {
  const table = catalog.relations.get(child)
  if (table?.kind !== 'table') return []
  return table.constraints.flatMap(({ references }) =>
    references === undefined || references.table === child ? [] : [references.table],
  )
}

function remark(
  statement: AnalysedStatement,
  child: RelationName,
  { table, by }: Locked,
  context: RuleContext,
): Remark {
  const [inner, outer] = [relation(child, context), relation(table, context)]
  return {
    statement,
    severity: 'notice',
    message: `Locks ${inner} while line ${by.range.line} holds ${outer}: an INSERT into ${inner} at that moment deadlocks with the migration.`,
    why: `The insert has ${inner} and waits for ${outer}, to check its foreign key; the migration has ${outer} and waits for ${inner}. PostgreSQL ends one of the two after a second (deadlock_timeout).`,
    instead: [`-- ${inner} first; or each in a migration of its own`, `${statement.sql};`, `${by.sql};`].join('\n'),
  }
}

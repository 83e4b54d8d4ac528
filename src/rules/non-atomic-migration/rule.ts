import { as } from '../../sql/effects/tree.ts'
import { committedBefore, leavesSomething } from '../half-applied.ts'
import { hasBody, isInUse } from '../in-use.ts'
import type { AnalysedStatement, Rule, RuleContext } from '../rule.ts'
import { splitOf, splitText } from '../steps.ts'

export const rule: Rule = {
  id: 'non-atomic-migration',
  title: 'If this migration fails half-way, its first half stays',
  group: 'transaction',
  documentation: {
    summary:
      'From Prisma 7.4 on the statements of a file are sent one by one and each commits on its own. When one fails, those ' +
      'before it stay, and the file can neither be run again nor counts as applied. An explicit BEGIN and COMMIT makes the file ' +
      'whole again, unless it contains something that cannot run in a transaction, which belongs in a file of its own. The rule ' +
      'speaks where a statement behind the first one can fail on the rows that are there; where another rule says that about the ' +
      'statement, what stays is said there. Every report shows for each file whether it is all or nothing.',
    bad: 'ALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nUPDATE "User" SET "nickname" = "name";',
    good: 'BEGIN;\nALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nUPDATE "User" SET "nickname" = "name";\nCOMMIT;',
  },
  check: (context) => {
    const failing = firstFailure(context)
    if (failing === undefined) return []
    const first = committedBefore(failing, context)
    const count = context.statements.filter(leavesSomething).length
    return [
      {
        statement: failing,
        severity: 'warning',
        message: `If this fails on a row that it meets, what line ${first?.range.line ?? 1} did stays: the ${count} statements of the file are not one transaction.`,
        why: `${sentence(context.execution?.because ?? '')} A file that is half applied cannot be run again as it is, and blocks every later deploy (P3009).`,
        instead: instead(context),
      },
    ]
  },
}

/** The first statement that can fail on rows when something is committed already, and of which no other rule says so. */
export function firstFailure(context: RuleContext): AnalysedStatement | undefined {
  if (context.execution === undefined || context.execution.atomic) return undefined
  return context.statements.find(
    (statement) =>
      leavesSomething(statement) && canFail(statement, context) && committedBefore(statement, context) !== undefined,
  )
}

/** A constraint, a cast, a trigger, or a row that somebody else has locked for longer than the statement may wait. */
function canFail(statement: AnalysedStatement, context: RuleContext): boolean {
  const { kind, node, effects, changes } = statement
  if (changes.some((change) => change.kind === 'validate-constraint')) return true
  if (effects.unknown) return context.settings['unknown-effect'] === 'off'
  if (as(node, 'InsertStmt')?.onConflictClause?.action === 'ONCONFLICT_NOTHING') return false
  return (
    (writing.has(kind) || hasBody(statement)) &&
    effects.locks.some((lock) => lock.mode === 'RowExclusiveLock' && isInUse(lock.relation, statement, context))
  )
}

const writing: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

function sentence(text: string): string {
  return /[.]$/.test(text) ? text : `${text}.`
}

function instead(context: RuleContext): string {
  const split = splitOf(context)
  if (split !== undefined) return splitText(split)
  const outside = context.statements.find(cannotRunInTransaction)
  if (outside !== undefined) {
    return `Put line ${outside.range.line} into a migration of its own, because it cannot run in a transaction, and begin and end the rest of this file with\nBEGIN;\n…\nCOMMIT;`
  }
  return 'BEGIN;\n-- the statements of this file, as they are\nCOMMIT;'
}

/** https://www.postgresql.org/docs/18/sql-createindex.html and the pages of the other commands that say so. */
function cannotRunInTransaction(statement: AnalysedStatement): boolean {
  if (/\bconcurrently\b/i.test(statement.sql))
    return ['IndexStmt', 'DropStmt', 'ReindexStmt', 'AlterTableStmt'].includes(statement.kind)
  return statement.kind === 'VacuumStmt' && !/^analyze/i.test(statement.sql)
}

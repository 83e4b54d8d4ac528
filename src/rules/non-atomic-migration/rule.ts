import type { AnalysedStatement, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'non-atomic-migration',
  title: 'If this migration fails half-way, its first half stays',
  group: 'transaction',
  documentation: {
    summary:
      'From Prisma 7.4 on the statements of a file are sent one by one and each commits on its own. When one fails, those ' +
      'before it stay, and the file can neither be run again nor counts as applied. An explicit BEGIN and COMMIT makes the file ' +
      'whole again, unless it contains something that cannot run in a transaction, which belongs in a file of its own.',
    bad: 'ALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nUPDATE "User" SET "nickname" = "name";',
    good: 'BEGIN;\nALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nUPDATE "User" SET "nickname" = "name";\nCOMMIT;',
  },
  check: (context) => {
    const { execution } = context
    if (execution === undefined || execution.atomic) return []
    const matter = context.statements.filter(leavesSomething)
    const [first, second] = matter
    if (first === undefined || second === undefined) return []
    const touchesOthers = matter.some(
      (statement) => statement.effects.locks.length > 0 || statement.effects.loses.length > 0,
    )
    return [
      {
        statement: second,
        severity: touchesOthers ? 'warning' : 'notice',
        message: `If this statement or one after it fails, what line ${first.range.line} did stays: the ${matter.length} statements of the file are not one transaction.`,
        why: `${sentence(execution.because)} A file that is half applied cannot be run again as it is, and blocks every later deploy (P3009).`,
        instead: instead(context),
      },
    ]
  },
}

function leavesSomething(statement: AnalysedStatement): boolean {
  const steers = statement.kind === 'TransactionStmt' || statement.kind === 'VariableSetStmt'
  return !steers && (statement.changes.length > 0 || statement.effects.locks.length > 0 || statement.effects.unknown)
}

function sentence(text: string): string {
  return /[.]$/.test(text) ? text : `${text}.`
}

function instead(context: RuleContext): string {
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

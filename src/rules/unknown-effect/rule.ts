import type { AnalysedStatement, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'unknown-effect',
  title: 'What this statement does cannot be told from the migration',
  group: 'unknown',
  documentation: {
    summary:
      'SQL that is put together while it runs, functions and procedures whose bodies no migration contains, and tables that no migration created leave a part of the ' +
      'effect open. Airlock never takes that for harmless: somebody has to look, or a rehearsal on real data has to show it.',
    bad: "DO $$ DECLARE t text := current_setting('app.unused'); BEGIN EXECUTE format('DROP TABLE %I', t); END $$;",
    good: 'ALTER TABLE "User" RENAME TO "User_unused";',
  },
  about: ['unknown'],
  check: (context) =>
    context.statements
      .filter((statement) => statement.effects.unknown && !isToldByType(statement, context))
      .map((statement) => ({
        statement,
        severity: 'warning' as const,
        mayFail: true,
        message: `What this statement does cannot be told: ${statement.effects.unknownBecause ?? 'no reason was recorded'}.`,
        why: 'A part that is not known is never counted as harmless: it may lock, rewrite or delete more than is listed.',
        instead: instead(statement),
      })),
}

/** All that is open is what a type change makes of the rows, and the rule for that says so. */
function isToldByType({ effects, changes }: AnalysedStatement, { settings }: RuleContext): boolean {
  if (settings['change-column-type'] === 'off') return false
  const doubts = changes.flatMap((change) => (change.kind === 'alter-column' ? (change.typeChange?.doubt ?? []) : []))
  const reasons = effects.unknownBecause?.split('; ') ?? []
  return doubts.length > 0 && reasons.every((reason) => doubts.some((doubt) => reason.endsWith(doubt)))
}

function instead(statement: AnalysedStatement): string {
  switch (statement.kind) {
    case 'DoStmt':
      return 'Write the text that is computed as statements of the block or of the migration itself; IF EXISTS and IF NOT EXISTS often replace conditions.'
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return 'Read the functions and triggers that it calls, then let the rehearsal on a copy of the data show what they do.'
    case 'AlterTableStmt':
    case 'DropStmt':
      return 'Put a migration that creates the missing objects in front, as a baseline (`prisma migrate diff --from-empty … --script`), so that their keys and types are known.'
    default:
      return 'Let the rehearsal on a copy of the data show what it does before it is approved.'
  }
}

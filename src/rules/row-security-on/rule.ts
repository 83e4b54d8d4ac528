import { allOf, as } from '../../sql/effects/tree.ts'
import { isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'row-security-on',
  title: 'Row level security without a policy hides every row from the running release',
  group: 'application-compatibility',
  documentation: {
    summary:
      'Once row level security is enabled, a role other than the owner of the table sees and writes only what a policy allows, ' +
      'and without a policy nothing: queries do not fail, they come back empty. Where the application signs in with a role of ' +
      'its own, the policies have to be there in the same transaction.',
    bad: 'ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;',
    good: 'CREATE POLICY app ON "User" TO application USING (true);\nALTER TABLE "User" ENABLE ROW LEVEL SECURITY;',
  },
  looksInside: true,
  about: ['AlterTableStmt'],
  check: (context) =>
    context.statements.flatMap((statement) =>
      allOf(as(statement.node, 'AlterTableStmt')?.cmds, 'AlterTableCmd').flatMap(
        (command, clause): readonly Remark[] => {
          const force = command.subtype === 'AT_ForceRowSecurity'
          if (command.subtype !== 'AT_EnableRowSecurity' && !force) return []
          const table = statement.effects.locks[0]?.relation
          if (table === undefined || !isInUse(table, statement, context)) return []
          const after = context.catalogAfter.relations.get(table)
          const policies = after?.kind === 'table' ? after.policies : []
          if (policies.length > 0 || (after?.kind === 'table' && !after.rowSecurity)) return []
          const name = relation(table, context)
          return [
            {
              statement,
              clause,
              severity: 'warning',
              message: `Enables row level security of ${name} without a policy: ${force ? 'every role, the owner too,' : 'every role but the owner'} finds the table empty from then on.`,
              why: 'Queries of the running release do not fail, they return no rows, and inserts are refused.',
              instead: [
                '-- in front of it, in the same transaction, for the role that the application signs in with',
                `CREATE POLICY application_all ON ${name} TO application USING (true);`,
              ].join('\n'),
            },
          ]
        },
      ),
    ),
}

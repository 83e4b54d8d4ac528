import { as, kindOf } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'policy-always-true',
  title: 'A policy that lets everybody write every row',
  group: 'security',
  documentation: {
    summary:
      'A permissive policy with USING (true) for PUBLIC allows what it is for to every role with a grant, whatever other ' +
      'permissive policies say, because one that allows is enough. For SELECT that is sometimes meant; for writes it is as if ' +
      'row level security were off.',
    bad: 'CREATE POLICY everybody ON "User" USING (true);',
    good: 'CREATE POLICY administrators ON "User" TO administrator USING (true);',
  },
  looksInside: true,
  about: ['CreatePolicyStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const node = as(statement.node, 'CreatePolicyStmt')
      const change = statement.changes.find((one) => one.kind === 'add-policy')
      if (node === undefined || change?.kind !== 'add-policy' || node.permissive !== true || node.cmd_name === 'select')
        return []
      const everybody = (node.roles ?? []).every((one) => as(one, 'RoleSpec')?.roletype === 'ROLESPEC_PUBLIC')
      const conditions = [node.qual, node.with_check].filter((one) => one !== undefined)
      const open = conditions.every((one) => kindOf(one) === 'A_Const' && as(one, 'A_Const')?.boolval?.boolval === true)
      if (!everybody || !open) return []
      const name = relation(change.table, context)
      return [
        {
          statement,
          severity: 'warning',
          message: `Lets every role ${node.cmd_name === 'all' ? 'read and write' : (node.cmd_name ?? 'write')} every row of ${name} (${quoted(change.name)}): other permissive policies no longer limit anything.`,
          why: 'Permissive policies are joined by OR, so that one which is always true allows everything that it is for.',
          instead: `ALTER POLICY ${quoted(change.name)} ON ${name} TO application;`,
        },
      ]
    }),
}

import { allOf, as } from '../../sql/effects/tree.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import { columnOf, relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'row-security-off',
  title: 'Rows that a policy kept from a role become visible, or invisible',
  group: 'security',
  documentation: {
    summary:
      'DISABLE ROW LEVEL SECURITY shows every row to every role with a grant on the table, at once and to the release that is ' +
      'running. Dropping a policy takes away what it allowed, or, if it was restrictive, what it forbade. A policy that is ' +
      'replaced belongs in one transaction with its successor.',
    bad: 'ALTER TABLE "User" DISABLE ROW LEVEL SECURITY;',
    good: 'ALTER POLICY own_rows ON "User" USING (id = 1);',
  },
  looksInside: true,
  about: ['loses policy'],
  check: (context) =>
    context.statements.flatMap((statement) => [...switchedOff(statement, context), ...dropped(statement, context)]),
}

function switchedOff(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const commands = allOf(as(statement.node, 'AlterTableStmt')?.cmds, 'AlterTableCmd')
  return commands.flatMap((command, clause): readonly Remark[] => {
    const off = command.subtype === 'AT_DisableRowSecurity'
    if (!off && command.subtype !== 'AT_NoForceRowSecurity') return []
    const table = statement.effects.loses
      .find((loss) => loss.kind === 'policy')
      ?.name.replace(/ row level security$/, '')
    if (table === undefined) return []
    if (off && isOnAgain(table, statement, context)) return []
    const name = relation(table, context)
    return [
      {
        statement,
        clause,
        severity: 'warning',
        message: off
          ? `Switches row level security of ${name} off: every role with a grant on ${name} sees and changes all of its rows.`
          : `Frees the owner of ${name} from its policies: whoever signs in as the owner sees and changes all of its rows.`,
        why: off
          ? 'The policies stay and do nothing. It takes effect at once, also for the release that is running.'
          : 'Applications often sign in with the role that also migrates, which is the owner.',
        instead: [
          '-- to let one role see more, a policy for it instead',
          `CREATE POLICY reporting_reads ON ${name} FOR SELECT TO reporting USING (true);`,
        ].join('\n'),
      },
    ]
  })
}

function isOnAgain(table: string, { index }: AnalysedStatement, { statements }: RuleContext): boolean {
  return statements
    .slice(index + 1)
    .some(({ changes }) =>
      changes.some(
        (change) => change.kind === 'table-flag' && change.table === table && change.set.rowSecurity === true,
      ),
    )
}

function dropped(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  if (as(statement.node, 'DropStmt')?.removeType !== 'OBJECT_POLICY') return []
  const lost = statement.effects.loses.filter((loss) => loss.kind === 'policy').map((loss) => columnOf(loss.name))
  const remarks: Remark[] = []
  for (const { table, column: policy } of lost) {
    const after = context.catalogAfter.relations.get(table)
    // Made again under its name, or gone with its table: nothing is left open.
    if (after?.kind === 'table' ? after.policies.includes(policy) : context.catalogBefore.relations.has(table)) continue
    if (replaced(table, policy, statement, context)) continue
    const name = relation(table, context)
    const left = after?.kind === 'table' ? after.policies : undefined
    remarks.push({
      statement,
      severity: 'warning',
      message: `Drops the policy ${quoted(policy)} of ${name}: ${left?.length === 0 ? `no policy is left, so that nobody but the owner sees a row` : 'what it allowed is refused, and what it forbade, if it was restrictive, is allowed'}.`,
      why: `It takes effect at once, also for the release that is running.${left !== undefined && left.length > 0 ? ` What is left: ${listed(left.map(quoted))}.` : ''}`,
      instead: [
        '-- what the policy says, to write its successor in the same transaction',
        `SELECT permissive, roles, cmd, qual, with_check FROM pg_policies WHERE policyname = '${policy.replaceAll("'", "''")}';`,
      ].join('\n'),
    })
  }
  return remarks
}

/** Another policy for the same table is made in the same file. */
function replaced(table: string, policy: string, statement: AnalysedStatement, context: RuleContext): boolean {
  return context.statements.some((other) =>
    other.changes.some(
      (change) =>
        change.kind === 'add-policy' &&
        change.table === table &&
        (change.name === policy || other.index > statement.index),
    ),
  )
}

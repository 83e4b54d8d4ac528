import { listed, splitName } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { changesOf } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'table-without-row-security',
  title: 'A new table is open where the tables beside it are secured by row',
  group: 'security',
  documentation: {
    summary:
      'Where tables of a schema have row level security, roles sign in that must not see every row. A new table starts without ' +
      'it, and default privileges often grant it to the same roles: all of its rows are open to them until somebody notices. ' +
      'The same goes for a policy on a table where row level security is not enabled: it does nothing.',
    bad: 'ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;\nCREATE TABLE "Note" (id INT PRIMARY KEY);',
    good: 'ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;\nCREATE TABLE "Note" (id INT PRIMARY KEY);\nALTER TABLE "Note" ENABLE ROW LEVEL SECURITY;',
  },
  about: ['create-table', 'add-policy'],
  check: (context) => [...openTables(context), ...idlePolicies(context)],
}

function openTables(context: RuleContext): readonly Remark[] {
  const created = changesOf(context, 'create-table')
  if (created.length === 0 || context.catalogAfter.relations.secured.size === 0) return []
  const secured = new Map<string, RelationName[]>()
  for (const name of context.catalogAfter.relations.secured) {
    const { schema } = splitName(name)
    secured.set(schema, [...(secured.get(schema) ?? []), name])
  }
  return created.flatMap(({ statement, change }): readonly Remark[] => {
    const table = context.catalogAfter.relations.get(change.table.name)
    const beside = secured.get(splitName(change.table.name).schema) ?? []
    // A partition is reached through its table, which has the policies.
    if (table?.kind !== 'table' || table.rowSecurity || table.parents.length > 0 || beside.length === 0) return []
    const name = relation(table.name, context)
    const some = beside.slice(0, 3).map((one) => relation(one, context))
    return [
      {
        statement,
        severity: 'warning',
        message: `Creates ${name} without row level security, which ${listed(some)}${beside.length > 3 ? ' and others' : ''} beside it ${beside.length === 1 ? 'has' : 'have'}: every role with a grant sees all of its rows.`,
        why: 'Default privileges may grant the new table to the roles that the policies of the other tables are for.',
        instead: [
          `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`,
          `-- without a policy only the owner sees a row`,
          `CREATE POLICY own_rows ON ${name} USING (current_setting('app.user_id', true) IS NOT NULL);`,
        ].join('\n'),
      },
    ]
  })
}

function idlePolicies(context: RuleContext): readonly Remark[] {
  return context.statements.flatMap((statement) =>
    statement.changes.flatMap((change): readonly Remark[] => {
      if (change.kind !== 'add-policy' || statement.kind !== 'CreatePolicyStmt') return []
      const table = context.catalogAfter.relations.get(change.table)
      if (table?.kind !== 'table' || table.rowSecurity) return []
      const name = relation(change.table, context)
      return [
        {
          statement,
          severity: 'warning',
          message: `Creates a policy for ${name}, whose row level security is not enabled: the policy does nothing.`,
          why: 'Policies are kept and ignored until row level security is enabled for the table.',
          instead: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`,
        },
      ]
    }),
  )
}

import type { Node } from 'libpg-query'
import { allOf, as } from '../../sql/effects/tree.ts'
import { changesOf } from '../in-use.ts'
import { relation, relations } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'view-bypasses-row-security',
  title: 'A view reads with the rights of its owner, past the policies of its tables',
  group: 'security',
  documentation: {
    summary:
      'A view looks at its tables as the role that owns the view, not as the one that asks. Where the tables have row level ' +
      'security and the owner is not bound by it, whoever may read the view sees every row. `security_invoker` (since version ' +
      '15) lets the policies go for the one that asks; a materialized view has no such option and needs its grants kept close.',
    bad: 'ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;\nCREATE VIEW people AS SELECT id, name FROM "User";',
    good: 'ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;\nCREATE VIEW people WITH (security_invoker = true) AS SELECT id, name FROM "User";',
  },
  looksInside: true,
  about: ['create-view'],
  check: (context) =>
    changesOf(context, 'create-view').flatMap(({ statement, change: { view } }): readonly Remark[] => {
      if (invokes(as(statement.node, 'ViewStmt')?.options)) return []
      const secured = view.reads.filter((name) => {
        const table = context.catalogAfter.relations.get(name)
        return table?.kind === 'table' && table.rowSecurity
      })
      if (secured.length === 0) return []
      const name = relation(view.name, context)
      const later = context.statements.some(
        (other) =>
          other.index > statement.index &&
          /security_invoker/i.test(other.sql) &&
          other.sql.includes(view.name.slice(view.name.indexOf('.') + 1)),
      )
      if (later) return []
      return [
        {
          statement,
          severity: 'warning',
          message: `Lets ${name} read ${relations(secured, context)} as the owner of the view: whoever may read ${name} sees rows that policies keep from them.`,
          why: 'Row level security is applied for the owner of a view, who mostly owns the tables too and is not bound by it.',
          instead:
            view.kind === 'view'
              ? `ALTER VIEW ${name} SET (security_invoker = true);`
              : ['-- only those who may see every row', `REVOKE ALL ON ${name} FROM PUBLIC;`].join('\n'),
        },
      ]
    }),
}

function invokes(options: readonly Node[] | undefined): boolean {
  return allOf(options, 'DefElem').some((option) => {
    if (option.defname !== 'security_invoker') return false
    return (
      option.arg === undefined ||
      /^(true|on|yes|1)$/i.test(as(option.arg, 'String')?.sval ?? String(as(option.arg, 'Integer')?.ival ?? ''))
    )
  })
}

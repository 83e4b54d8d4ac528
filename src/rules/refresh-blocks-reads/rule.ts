import type { Catalog } from '../../sql/catalog/model.ts'
import { as } from '../../sql/effects/tree.ts'
import { quoted, splitName } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'refresh-blocks-reads',
  title: 'Refreshing a materialized view stops everybody who reads it',
  group: 'lock',
  documentation: {
    summary:
      'REFRESH MATERIALIZED VIEW runs the query of the view under ACCESS EXCLUSIVE: nobody can read the view until it is done. ' +
      'CONCURRENTLY lets readers go on; it needs a unique index on plain columns of the view.',
    bad: 'REFRESH MATERIALIZED VIEW totals;',
    good: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
  },
  looksInside: true,
  about: ['RefreshMatViewStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const node = as(statement.node, 'RefreshMatViewStmt')
      const view = statement.effects.rewrites[0]
      if (node === undefined || node.concurrent === true || node.skipData === true || view === undefined) return []
      if (!isInUse(view, statement, context)) return []
      const name = relation(view, context)
      const { name: last } = splitName(view)
      return [
        {
          statement,
          relation: view,
          severity: 'warning',
          message: `Refreshes ${name}: nobody can read it until its query has run.`,
          why: 'The lock (ACCESS EXCLUSIVE) is taken before the query of the view starts and is held until the transaction ends.',
          instead: [
            ...(hasUniqueIndex(view, context.catalogAfter)
              ? []
              : [
                  '-- what CONCURRENTLY needs, once: a unique index on plain columns, here those that make a row unique',
                  `CREATE UNIQUE INDEX ${quoted(`${last}_key`)} ON ${name} (…);`,
                ]),
            `REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`,
          ].join('\n'),
        },
      ]
    }),
}

function hasUniqueIndex(view: RelationName, catalog: Catalog): boolean {
  for (const index of catalog.relations.pointingAt(view))
    if (index.kind === 'index' && index.table === view && index.unique && index.plain) return true
  return false
}

import { as } from '../../sql/effects/tree.ts'
import { literal, quotedRelation } from '../../sql/identifiers.ts'
import { changesOf } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'hidden-invalid-index',
  title: 'IF NOT EXISTS takes an invalid index for the one that is wanted',
  group: 'lock',
  documentation: {
    summary:
      'CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind: no query uses it, and a unique one does not keep ' +
      'duplicates out. With IF NOT EXISTS the next attempt finds the name taken and succeeds without building anything, and ' +
      'nobody learns that there is no index. Dropping what may be left first makes the attempt honest.',
    bad: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "User_name_idx" ON "User" ("name");',
    good: 'CREATE INDEX CONCURRENTLY "User_name_idx" ON "User" ("name");',
  },
  about: ['create-index'],
  check: (context) =>
    changesOf(context, 'create-index').flatMap(({ statement, change }) => {
      const node = as(statement.node, 'IndexStmt')
      if (node?.concurrent !== true || !change.ifNotExists || node.idxname === undefined) return []
      // Dropped in the migration before, or the catalog says that the name is free: nothing can hide there.
      const { index } = change
      const dropped = context.statements.some((one) =>
        one.changes.some((other) => other.kind === 'drop-index' && other.name === index.name),
      )
      if (dropped) return []
      const name = relation(index.name, context)
      return [
        {
          statement,
          severity: 'notice' as const,
          message: `Skips ${name} if an index of that name exists, also an invalid one that a failed attempt left behind.`,
          why: `An invalid index answers no query${index.unique ? ', keeps no duplicates out' : ''} and still slows down every write; the migration counts as applied all the same.`,
          instead: [
            '-- what must come out empty',
            `SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass(${literal(quotedRelation(index.name, ''))});`,
            '-- else alone in a migration before this one',
            `DROP INDEX CONCURRENTLY IF EXISTS ${name};`,
          ].join('\n'),
        },
      ]
    }),
}

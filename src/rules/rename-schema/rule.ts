import { quoted } from '../../sql/identifiers.ts'
import { changesOf } from '../in-use.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'rename-schema',
  title: 'Renaming a schema breaks whoever still uses the old name',
  group: 'application-compatibility',
  documentation: {
    summary:
      'Every table, type and function of the schema has another name from then on: queries of the running release fail, and a ' +
      'connection URL with `?schema=` finds nothing. It is a good last step for a schema that nobody uses any more.',
    bad: 'ALTER SCHEMA shop RENAME TO store;',
    good: 'CREATE SCHEMA store;',
  },
  // With its schema known, breaks-running-release tells what that release uses.
  judges: ({ running }) => running === undefined,
  about: ['rename-schema'],
  check: (context) =>
    context.running !== undefined
      ? []
      : changesOf(context, 'rename-schema').flatMap(({ statement, change }) => {
          const made = context.statements.some((one) =>
            one.changes.some((other) => other.kind === 'create-schema' && other.name === change.from),
          )
          if (made) return []
          if (context.catalogAfter.schemas.has(change.from)) return []
          return [
            {
              statement,
              severity: 'warning' as const,
              message: `Renames the schema ${quoted(change.from)} to ${quoted(change.to)}: every query that names something in ${quoted(change.from)} fails from then on.`,
              why: 'That goes for the release that is running and for every connection URL and search_path with the old name.',
              instead: [
                '-- what is still used there; none of these may be needed by the release that is running',
                `SELECT relname, n_live_tup, seq_scan + coalesce(idx_scan, 0) AS reads FROM pg_stat_user_tables WHERE schemaname = '${change.from.replaceAll("'", "''")}';`,
              ].join('\n'),
            },
          ]
        }),
}

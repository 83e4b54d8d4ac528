import { quotedRelation } from '../../sql/identifiers.ts'
import { groupedBy } from '../grouped.ts'
import { changesOf } from '../in-use.ts'
import { relations } from '../naming.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'drop-view',
  title: 'Whoever reads a view that is dropped fails from then on',
  group: 'application-compatibility',
  documentation: {
    summary:
      'No row is lost with a view, but its definition is, and the grants on it; every query of the running release, of reports ' +
      'and of other applications that reads it fails. Made again in the same migration nothing is missed but the grants.',
    bad: 'DROP VIEW totals;',
    good: 'CREATE OR REPLACE VIEW totals AS SELECT count(*) FROM "User";',
  },
  judges: ({ running }) => running === undefined,
  about: ['drop-view'],
  check: (context) => {
    if (context.running !== undefined) return []
    const dropped = changesOf(context, 'drop-view').filter(
      ({ statement, change }) =>
        statement.effects.loses.some((loss) => loss.kind === 'view' && loss.name === change.name) &&
        !context.catalogAfter.relations.has(change.name),
    )
    return groupedBy(dropped, ({ statement }) => `${statement.index}`, context).map((group) => {
      const [{ statement }] = group
      const names = group.map(({ change }) => change.name)
      return {
        statement,
        severity: 'warning' as const,
        message: `Drops ${relations(names, context)}: every query that reads ${names.length > 1 ? 'them' : 'it'} fails from then on, also those of the running release.`,
        why: 'The definition and the grants are lost; only the migration that made it, or a backup, has them.',
        instead: names
          .map(
            (name) =>
              `ALTER VIEW ${quotedRelation(name, context.schema)} RENAME TO ${quotedRelation(`${context.schema}.${name.slice(name.indexOf('.') + 1)}_unused`, context.schema)};`,
          )
          .join('\n'),
      }
    })
  },
}

import { quoted } from '../../sql/identifiers.ts'
import { relations } from '../naming.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'ban-drop-schema',
  title: 'Dropping a schema deletes everything in it',
  group: 'destructive',
  documentation: {
    summary:
      'DROP SCHEMA … CASCADE deletes every table, type and function of the schema, and whatever depends on them elsewhere. ' +
      'Renaming it keeps all of it, out of reach.',
    bad: 'DROP SCHEMA legacy CASCADE;',
    good: 'ALTER SCHEMA legacy RENAME TO legacy_unused;',
  },
  about: ['loses schema'],
  check: (context) =>
    context.statements.flatMap((statement) =>
      statement.effects.loses
        .filter((loss) => loss.kind === 'schema')
        .map(({ name }) => {
          const tables = statement.effects.loses.filter((loss) => loss.kind === 'table').map((loss) => loss.name)
          const content =
            tables.length > 0 ? `, with ${relations(tables, context)} and all their rows` : ' with everything in it'
          return {
            statement,
            severity: 'error' as const,
            message: `Drops the schema ${quoted(name)}${content}.`,
            why: 'Only a backup brings any of it back, and objects elsewhere that depend on it go too when CASCADE is said.',
            instead: [
              `ALTER SCHEMA ${quoted(name)} RENAME TO ${quoted(`${name}_unused`)};`,
              '-- in a later migration, once nobody has missed it; without CASCADE, so that nothing goes unseen',
              `DROP SCHEMA ${quoted(`${name}_unused`)};`,
            ].join('\n'),
          }
        }),
    ),
}

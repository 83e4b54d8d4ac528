import { quoted } from '../../sql/identifiers.ts'
import { changesOf, isInUse } from '../in-use.ts'
import { columnList, keyOf, relation, rowOf, typeText } from '../naming.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'add-not-null-without-default',
  title: 'A required column without a default cannot be added to a table with rows',
  group: 'data-dependent',
  documentation: {
    summary:
      'The rows that are there have no value for the new column, so PostgreSQL refuses a NOT NULL one without a default, and ' +
      'inserts of the running release, which does not know the column, would fail too. Add it optional, fill it, then require it.',
    bad: 'ALTER TABLE "User" ADD COLUMN "country" TEXT NOT NULL;',
    good: 'ALTER TABLE "User" ADD COLUMN "country" TEXT;',
  },
  check: (context) =>
    changesOf(context, 'add-column').flatMap(({ statement, change }) => {
      const { column, table, clause } = change
      if (!column.notNull || change.filledBy !== 'none' || !isInUse(table, statement, context)) return []
      const name = relation(table, context)
      const key = keyOf(table, context.catalogBefore)
      const to = quoted(column.name)
      return [
        {
          statement,
          clause,
          severity: 'warning' as const,
          message: `Adds the required column ${to} to ${name} without a default: it fails if ${name} has a single row.`,
          why: 'Rows that exist have nothing to put there, and inserts of the running release, which does not name the column, fail as well.',
          instead: [
            `ALTER TABLE ${name} ADD COLUMN ${to} ${typeText(column.type, context)};`,
            '-- in the next migration, repeated until no row is changed',
            `UPDATE ${name} SET ${to} = … WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${to} IS NULL LIMIT 5000);`,
            '-- then, once every release that writes fills it',
            ...requireSteps(name, column.name, table),
          ].join('\n'),
        },
      ]
    }),
}

/** NOT NULL without reading the table under the strongest lock: a CHECK that is proven first (since version 12). */
export function requireSteps(name: string, column: string, table: string): readonly string[] {
  const check = quoted(`${table.slice(table.indexOf('.') + 1)}_${column}_not_null`)
  return [
    `ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${quoted(column)} IS NOT NULL) NOT VALID;`,
    '-- in a migration after that',
    `ALTER TABLE ${name} VALIDATE CONSTRAINT ${check};`,
    `ALTER TABLE ${name} ALTER COLUMN ${quoted(column)} SET NOT NULL, DROP CONSTRAINT ${check};`,
  ]
}

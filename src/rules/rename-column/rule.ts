import { quoted } from '../../sql/identifiers.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { columnList, keyOf, relation, rowOf, typeText } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'rename-column',
  title: 'Renaming a column breaks the release that is running',
  group: 'application-compatibility',
  documentation: {
    summary:
      'Prisma Client names every column of a model in each query, so the release that is running fails on the whole model as ' +
      'soon as one of its columns has another name. A field can have a new name and keep its column (`@map`), which needs no ' +
      'migration. Else a second column takes over step by step.',
    bad: 'ALTER TABLE "User" RENAME COLUMN "name" TO "fullName";',
    good: 'ALTER TABLE "User" ADD COLUMN "fullName" TEXT;',
  },
  // With its schema known, breaks-running-release tells what that release uses.
  judges: ({ running }) => running === undefined,
  check: (context) =>
    context.running !== undefined
      ? []
      : changesOf(context, 'rename-column').flatMap((located) => remark(located, context)),
}

function remark({ statement, change }: Located<'rename-column'>, context: RuleContext): readonly Remark[] {
  const { table, from, to } = change
  if (!isInUse(table, statement, context)) return []
  // Partitions follow their table; one finding says it.
  if (statement.changes.find((one) => one.kind === 'rename-column') !== change) return []
  const known = context.catalogBefore.relations.get(table)
  const column = known?.kind === 'table' ? known.columns.get(from) : undefined
  if (known?.kind === 'table' && known.columnsKnown && column === undefined) return []
  const name = relation(table, context)
  const [before, after] = [quoted(from), quoted(to)]
  const key = keyOf(table, context.catalogBefore)
  const type = column?.type === undefined ? '…' : typeText(column.type, context)
  return [
    {
      statement,
      severity: 'warning',
      message: `Renames ${before} of ${name} to ${after}: every query of the running release on ${name} fails from then on.`,
      why: 'Prisma Client names all columns of a model in each query, also where the field itself is not used. A release that is rolled back would fail in the same way.',
      instead: [
        `-- without a migration: the field gets its new name in schema.prisma, with @map("${from}")`,
        '-- else a second column',
        `ALTER TABLE ${name} ADD COLUMN ${after} ${type};`,
        '-- release an application that writes both; then, repeated until no row is changed',
        `UPDATE ${name} SET ${after} = ${before} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${after} IS NULL AND ${before} IS NOT NULL LIMIT 5000);`,
        '-- in a later migration, once no release reads the old one',
        `ALTER TABLE ${name} DROP COLUMN ${before};`,
      ].join('\n'),
    },
  ]
}

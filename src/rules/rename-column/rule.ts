import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { groupedBy } from '../grouped.ts'
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
  about: ['rename-column'],
  check: (context) => {
    if (context.running !== undefined) return []
    const told = new Set(changesOf(context, 'rename-table').map(({ change }) => change.to))
    const renamings = changesOf(context, 'rename-column').filter((located) => breaks(located, told, context))
    return groupedBy(renamings, ({ change }) => change.table, context).map((group) => remark(group, context))
  },
}

type Renaming = Located<'rename-column'>

function breaks({ statement, change }: Renaming, told: ReadonlySet<RelationName>, context: RuleContext): boolean {
  const { table, from } = change
  if (!isInUse(table, statement, context)) return false
  // Partitions follow their table; one finding says it.
  if (statement.changes.find((one) => one.kind === 'rename-column') !== change) return false
  // Its table has another name already, which is told, and the running release fails on the whole of it.
  if (told.has(table)) return false
  const known = context.catalogBefore.relations.get(table)
  return known?.kind !== 'table' || !known.columnsKnown || known.columns.has(from)
}

/** One finding for a table: its queries fail as a whole. */
function remark(renamings: readonly [Renaming, ...Renaming[]], context: RuleContext): Remark {
  const [{ statement, change }] = renamings
  const { table } = change
  const known = context.catalogBefore.relations.get(table)
  const name = relation(table, context)
  const key = keyOf(table, context.catalogBefore)
  const pairs = renamings.map(({ change: { from, to } }) => {
    const type = known?.kind === 'table' ? known.columns.get(from)?.type : undefined
    return { from, before: quoted(from), after: quoted(to), type: type === undefined ? '…' : typeText(type, context) }
  })
  return {
    statement,
    severity: 'warning',
    message: `Renames ${listed(pairs.map(({ before, after }) => `${before} to ${after}`))} in ${name}: every query of the running release on ${name} fails from then on.`,
    why: 'Prisma Client names all columns of a model in each query, also where the field itself is not used. A release that is rolled back would fail in the same way.',
    instead: [
      `-- without a migration: the field gets its new name in schema.prisma, with ${pairs.map(({ from }) => `@map("${from}")`).join(', ')}`,
      `-- else ${pairs.length === 1 ? 'a second column' : 'second columns'}`,
      `ALTER TABLE ${name} ${pairs.map(({ after, type }) => `ADD COLUMN ${after} ${type}`).join(', ')};`,
      '-- release an application that writes both; then, repeated until no row is changed',
      ...pairs.map(
        ({ before, after }) =>
          `UPDATE ${name} SET ${after} = ${before} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${after} IS NULL AND ${before} IS NOT NULL LIMIT 5000);`,
      ),
      '-- in a later migration, once no release reads the old',
      `ALTER TABLE ${name} ${pairs.map(({ before }) => `DROP COLUMN ${before}`).join(', ')};`,
    ].join('\n'),
  }
}

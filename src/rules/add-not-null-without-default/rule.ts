import { listed, quoted } from '../../sql/identifiers.ts'
import { isEmptied } from '../empty.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { columnList, keyOf, relation, rowOf, typeText } from '../naming.ts'
import { renamedColumns } from '../rename-as-drop-add/columns.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

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
  about: ['add-column'],
  check: (context) => {
    // As a rename, which the rule for that asks for, it has its values.
    const renamed = new Set(renamedColumns(context).map(({ table, to }) => `${table}.${to}`))
    const bare = changesOf(context, 'add-column').filter(
      ({ statement, change: { column, filledBy, table } }) =>
        column.notNull &&
        filledBy === 'none' &&
        isInUse(table, statement, context) &&
        !isEmptied(table, statement, context) &&
        !renamed.has(`${table}.${column.name}`),
    )
    return groupedBy(bare, ({ change }) => change.table, context).map((group) => remark(group, context))
  },
}

function remark(group: Group<Located<'add-column'>>, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const { table, clause } = change
  const name = relation(table, context)
  const key = keyOf(table, context.catalogBefore)
  const columns = group.map((one) => one.change.column)
  const names = columns.map((column) => quoted(column.name))
  const several = columns.length > 1
  return {
    statement,
    clause,
    severity: 'warning',
    mayFail: true,
    message: `Adds the required column${several ? 's' : ''} ${listed(names)} to ${name} without a default${atLines(group)}: it fails if ${name} has a single row.`,
    why: `Rows that exist have nothing to put there, and inserts of the running release, which does not name the column${several ? 's' : ''}, fail as well.`,
    instead: [
      `ALTER TABLE ${name} ${columns.map((column) => `ADD COLUMN ${quoted(column.name)} ${typeText(column.type, context)}`).join(', ')};`,
      '-- in the next migration, repeated until no row is changed',
      `UPDATE ${name} SET ${names.map((one) => `${one} = …`).join(', ')} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${names.map((one) => `${one} IS NULL`).join(' OR ')} LIMIT 5000);`,
      `-- then, once every release that writes fills ${several ? 'them' : 'it'}`,
      ...requireSteps(
        name,
        columns.map((column) => column.name),
        table,
      ),
    ].join('\n'),
  }
}

/** NOT NULL without reading the table under the strongest lock: a CHECK that is proven first (since version 12). */
export function requireSteps(name: string, columns: readonly string[], table: string): readonly string[] {
  const steps = columns.map((column) => ({
    column: quoted(column),
    check: quoted(`${table.slice(table.indexOf('.') + 1)}_${column}_not_null`),
  }))
  return [
    ...steps.map(
      ({ column, check }) => `ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
    ),
    '-- in a migration after that',
    ...steps.map(({ check }) => `ALTER TABLE ${name} VALIDATE CONSTRAINT ${check};`),
    ...steps.map(
      ({ column, check }) => `ALTER TABLE ${name} ALTER COLUMN ${column} SET NOT NULL, DROP CONSTRAINT ${check};`,
    ),
  ]
}

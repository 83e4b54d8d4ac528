import type { ChangeOf } from '../../sql/catalog/change.ts'
import { listed, literal, quoted } from '../../sql/identifiers.ts'
import { changesOf } from '../in-use.ts'
import { columnOf, relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'ban-drop-enum-label',
  title: 'Removing a label of an enum rewrites the table and fails on rows that have it',
  group: 'destructive',
  documentation: {
    summary:
      'PostgreSQL cannot take a label out of an enum, so Prisma makes a new type and converts the column. That rewrites every ' +
      'row while nobody can read the table, fails on the first row that still has the label, and breaks the running ' +
      'release as soon as it writes it. Move the rows to another label before.',
    bad:
      "CREATE TYPE \"Role_new\" AS ENUM ('ADMIN', 'MEMBER');\n" +
      'ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");',
    good: 'UPDATE "User" SET "role" = \'MEMBER\' WHERE "role" = \'GUEST\';',
  },
  check: (context) =>
    changesOf(context, 'alter-column').flatMap(({ statement, change }) => remark(statement, change, context)),
}

function remark(
  statement: AnalysedStatement,
  change: ChangeOf<'alter-column'>,
  context: RuleContext,
): readonly Remark[] {
  const lost = statement.effects.loses.filter((loss) => loss.kind === 'enum-label').map((loss) => columnOf(loss.name))
  const from = change.typeChange?.from
  const labels = lost.filter((label) => label.table === from?.name).map((label) => label.column)
  if (from === undefined || labels.length === 0) return []
  const table = relation(change.table, context)
  const column = quoted(change.name)
  const several = labels.length > 1
  const remaining = remainingLabel(from.name, labels, context)
  return [
    {
      statement,
      clause: change.clause,
      severity: 'error',
      message: `Removes the label${several ? 's' : ''} ${listed(labels.map(literal))} from the enum ${relation(from.name, context)}: it fails if a row of ${table} still has ${several ? 'one of them' : 'it'} in ${column}.`,
      why:
        `PostgreSQL has to rewrite every row of ${table} for the new type, and nobody can read or write the table meanwhile. ` +
        'The running release fails as soon as it writes the old label.',
      instead: [
        '-- in an earlier migration, after the application has stopped writing the label',
        `UPDATE ${table} SET ${column} = ${literal(remaining)} WHERE ${column} IN (${labels.map(literal).join(', ')});`,
        '-- what must come out empty before this one may run',
        `SELECT count(*) FROM ${table} WHERE ${column} IN (${labels.map(literal).join(', ')});`,
      ].join('\n'),
    },
  ]
}

function remainingLabel(type: string, lost: readonly string[], context: RuleContext): string {
  const labels = context.catalogBefore.types.get(type)?.labels ?? []
  return labels.find((label) => !lost.includes(label)) ?? 'ANOTHER'
}

import { literal, quoted, splitName } from '../../sql/identifiers.ts'
import { changesOf, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'rename-enum',
  title: 'Renaming an enum or one of its labels breaks the release that is running',
  group: 'application-compatibility',
  documentation: {
    summary:
      'The release that is running sends the old label and the old type name with its queries, and does not know the new label ' +
      'when it reads one. In schema.prisma a label can have a new name and keep the old one in the database (`@map`), and so ' +
      'can the enum (`@@map`): neither needs a migration.',
    bad: "ALTER TYPE \"Role\" RENAME VALUE 'GUEST' TO 'VISITOR';",
    good: 'ALTER TYPE "Role" ADD VALUE \'VISITOR\';',
  },
  // With its schema known, breaks-running-release tells what that release uses.
  judges: ({ running }) => running === undefined,
  about: ['rename-label', 'rename-type'],
  check: (context) =>
    context.running !== undefined
      ? []
      : [
          ...changesOf(context, 'rename-label').flatMap((located) => ofLabel(located, context)),
          ...changesOf(context, 'rename-type').flatMap((located) => ofType(located, context)),
        ],
}

const why =
  'Instances of the old release go on until the last one is replaced, and a release that is rolled back would fail in the same way.'

function isNew(type: string, context: RuleContext): boolean {
  return changesOf(context, 'create-type').some(({ change }) => change.type.name === type)
}

function ofLabel({ statement, change }: Located<'rename-label'>, context: RuleContext): readonly Remark[] {
  if (isNew(change.type, context)) return []
  const type = relation(change.type, context)
  const columns = [...context.catalogBefore.relations.values()].flatMap((table) =>
    table.kind === 'table'
      ? [...table.columns.values()].flatMap((column) =>
          column.type?.name === change.type ? [{ table: table.name, column: column.name }] : [],
        )
      : [],
  )
  const moves = columns.map(
    ({ table, column }) =>
      `UPDATE ${relation(table, context)} SET ${quoted(column)} = ${literal(change.to)} WHERE ${quoted(column)} = ${literal(change.from)};`,
  )
  return [
    {
      statement,
      severity: 'warning',
      message: `Renames the label ${literal(change.from)} of ${type} to ${literal(change.to)}: the running release fails when it writes the old label or reads the new one.`,
      why,
      instead: [
        `-- without a migration: the label gets its new name in schema.prisma, with @map("${change.from}")`,
        '-- else a second label, alone in a migration',
        `ALTER TYPE ${type} ADD VALUE ${literal(change.to)};`,
        '-- release an application that reads both and writes the new one; then, in a later migration',
        ...(moves.length > 0 ? moves : ['-- an UPDATE for each column of the type']),
      ].join('\n'),
    },
  ]
}

function ofType({ statement, change }: Located<'rename-type'>, context: RuleContext): readonly Remark[] {
  // Prisma makes a type anew by renaming: what has the old name in the end is what the application meets.
  if (isNew(change.from, context) || context.catalogAfter.types.has(change.from)) return []
  const old = relation(change.from, context)
  return [
    {
      statement,
      severity: 'warning',
      message: `Renames the type ${old} to ${relation(change.to, context)}: queries of the running release that name it fail from then on.`,
      why: `Prisma Client casts the values of an enum to its type by name. ${why}`,
      instead: `Give the enum its new name in schema.prisma and keep the type, with @@map("${splitName(change.from).name}"): no migration is needed.`,
    },
  ]
}

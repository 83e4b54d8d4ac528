import type { ChangeOf } from '../../sql/catalog/change.ts'
import { literal, splitName } from '../../sql/identifiers.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'rename-table',
  title: 'Renaming a table breaks the release that is running',
  group: 'application-compatibility',
  documentation: {
    summary:
      'From the moment a rename commits, every query with the old name fails, and the release that is running knows no other. ' +
      'A model can have a new name and keep its table (`@@map`), which needs no migration. Where the table itself has to be ' +
      'renamed, a view with the old name, made in the same transaction, keeps reads and writes of the old release working.',
    bad: 'ALTER TABLE "User" RENAME TO "Customer";',
    good: 'BEGIN;\nALTER TABLE "User" RENAME TO "Customer";\nCREATE VIEW "User" AS SELECT * FROM "Customer";\nCOMMIT;',
  },
  // With its schema known, breaks-running-release tells what that release uses.
  judges: ({ running }) => running === undefined,
  about: ['rename-table', 'rename-view'],
  check: (context) =>
    context.running !== undefined
      ? []
      : [
          ...changesOf(context, 'rename-table').flatMap((located) => remark(located, context)),
          ...changesOf(context, 'rename-view').flatMap((located) => remark(located, context)),
        ],
}

type Renaming = ChangeOf<'rename-table'> | ChangeOf<'rename-view'>

function remark(
  { statement, change }: { readonly statement: Located<'rename-table'>['statement']; readonly change: Renaming },
  context: RuleContext,
): readonly Remark[] {
  const { from, to } = change
  // Somebody who puts something else under the old name, a view or the other table of a swap, has thought of it.
  if (!isInUse(from, statement, context) || context.catalogAfter.relations.has(from)) return []
  const before = relation(from, context)
  const after = relation(to, context)
  const table = context.catalogBefore.relations.get(from)
  const secured = table?.kind === 'table' && table.rowSecurity ? ' WITH (security_invoker = true)' : ''
  return [
    {
      statement,
      severity: 'warning',
      message: `Renames ${before} to ${after}: every query of the running release on ${before} fails from then on.`,
      why: 'Instances of the old release go on until the last one is replaced, and a release that is rolled back would fail in the same way.',
      instead: [
        `-- without a migration: the model gets its new name in schema.prisma, with @@map(${literal(splitName(from).name).replaceAll("'", '"')})`,
        '-- else with a view under the old name, which takes reads and writes',
        'BEGIN;',
        `${statement.sql};`,
        `CREATE VIEW ${before}${secured} AS SELECT * FROM ${after};`,
        'COMMIT;',
        '-- in a later migration, once no release uses the old name',
        `DROP VIEW ${before};`,
      ].join('\n'),
    },
  ]
}

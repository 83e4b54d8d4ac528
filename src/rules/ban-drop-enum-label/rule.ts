import type { ChangeOf } from '../../sql/catalog/change.ts'
import { listed, literal, quoted } from '../../sql/identifiers.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, type Located } from '../in-use.ts'
import { columnOf, relation, typeText } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

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
  about: ['alter-column'],
  check: (context) => {
    const removals = changesOf(context, 'alter-column').flatMap((located) => removalOf(located, context) ?? [])
    return groupedBy(removals, ({ type }) => type, context).map((group) => remark(group, context))
  },
}

interface Removal extends Located<'alter-column'> {
  readonly type: string
  readonly labels: readonly string[]
  readonly table: string
  readonly column: string
  /** The rows that have one of the labels. */
  readonly where: string
}

function removalOf({ statement, change }: Located<'alter-column'>, context: RuleContext): Removal | undefined {
  const from = change.typeChange?.from
  const labels = statement.effects.loses
    .filter((loss) => loss.kind === 'enum-label')
    .map((loss) => columnOf(loss.name))
    .filter((label) => label.table === from?.name)
    .map((label) => label.column)
  if (from === undefined || labels.length === 0) return undefined
  const column = quoted(change.name)
  const list = labels.map(literal).join(', ')
  const where = from.array ? `${column} && ARRAY[${list}]::${typeText(from, context)}` : `${column} IN (${list})`
  return { statement, change, type: from.name, labels, table: relation(change.table, context), column, where }
}

/** One finding for an enum: Prisma converts one column after the other, and the labels go from all of them. */
function remark(group: Group<Removal>, context: RuleContext): Remark {
  const [{ statement, change, type, labels }] = group
  const several = labels.length > 1
  const remaining = remainingLabel(type, labels, context)
  const places = group.map(({ table, column }) => `${table} (${column})`)
  const tables = listed([...new Set(group.map(({ table }) => table))])
  return {
    statement,
    clause: change.clause,
    severity: 'error',
    mayFail: true,
    message: `Removes the label${several ? 's' : ''} ${listed(labels.map(literal))} from the enum ${relation(type, context)}${atLines(group)}: it fails if a row of ${places.join(' or ')} still has ${several ? 'one of them' : 'it'}.`,
    why:
      `PostgreSQL has to rewrite every row of ${tables} for the new type, and nobody can read or write ${group.length > 1 ? 'them' : 'the table'} meanwhile. ` +
      'The running release fails as soon as it writes the old label.',
    instead: [
      ...asRename(change, labels, context),
      '-- in an earlier migration, after the application has stopped writing the label',
      ...group.map((one) => `UPDATE ${one.table} SET ${one.column} = ${replaced(one, remaining)} WHERE ${one.where};`),
      '-- what must come out zero before this one may run',
      ...group.map((one) => `SELECT count(*) FROM ${one.table} WHERE ${one.where};`),
    ].join('\n'),
  }
}

function replaced({ change, column, labels }: Removal, remaining: string): string {
  if (change.typeChange?.from?.array !== true) return literal(remaining)
  return labels.reduce((value, label) => `array_replace(${value}, ${literal(label)}, ${literal(remaining)})`, column)
}

/** One label goes and one comes: Prisma cannot tell that from a rename. */
function asRename(
  { typeChange }: ChangeOf<'alter-column'>,
  lost: readonly string[],
  context: RuleContext,
): readonly string[] {
  const from = typeChange?.from?.name ?? ''
  const before = context.catalogBefore.types.get(from)?.labels ?? []
  const made = changesOf(context, 'create-type').find(({ change }) => change.type.name === typeChange?.to.name)
  const added = (made?.change.type.labels ?? []).filter((label) => !before.includes(label))
  const [old, next] = [lost[0], added[0]]
  if (old === undefined || next === undefined || lost.length > 1 || added.length > 1) return []
  return [
    '-- if that is a rename: no row changes, and the migration needs nothing else',
    `ALTER TYPE ${relation(from, context)} RENAME VALUE ${literal(old)} TO ${literal(next)};`,
    '-- if not:',
  ]
}

function remainingLabel(type: string, lost: readonly string[], context: RuleContext): string {
  const labels = context.catalogBefore.types.get(type)?.labels ?? []
  return labels.find((label) => !lost.includes(label)) ?? 'ANOTHER'
}

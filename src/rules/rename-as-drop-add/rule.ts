import { beside } from '../../sql/catalog/names.ts'
import { quoted, splitName } from '../../sql/identifiers.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'
import { type RenamedColumn, renamedColumns } from './columns.ts'
import { type RenamedTable, renamedTables } from './tables.ts'

export const rule: Rule = {
  id: 'rename-as-drop-add',
  title: 'A rename that became DROP and ADD deletes the data',
  group: 'destructive',
  documentation: {
    summary:
      'Prisma cannot know that a field or a model was renamed: it compares two schemas, sees that one is gone and another is ' +
      'new, and generates DROP and ADD. The data does not move over. Edit the migration so that it renames, or keep the old ' +
      'name in the database with `@map` and change nothing there.',
    bad: 'ALTER TABLE "User" DROP COLUMN "name", ADD COLUMN "fullName" TEXT;',
    good: 'ALTER TABLE "User" RENAME COLUMN "name" TO "fullName";',
  },
  about: ['drop-column', 'drop-table'],
  check: (context) => [
    ...renamedColumns(context).map((pair) => ofColumn(pair, context)),
    ...renamedTables(context).map((pair) => ofTable(pair, context)),
  ],
}

function ofColumn(pair: RenamedColumn, context: RuleContext): Remark {
  const table = relation(pair.table, context)
  const from = quoted(pair.from)
  const to = quoted(pair.to)
  return {
    statement: pair.dropped.statement,
    clause: pair.dropped.statement.kind === 'AlterTableStmt' ? pair.dropped.change.clause : undefined,
    severity: 'error',
    mayFail: isRequired(pair),
    message: isRequired(pair)
      ? `Drops ${from} of ${table} and adds the required ${to} of the same type: it fails if ${table} has a single row, and if that is a rename, the data of ${from} is to stay.`
      : `Drops ${from} of ${table} and adds ${to} of the same type: if that is a rename, this deletes the data of ${from}.`,
    why: 'Prisma writes DROP and ADD for a renamed field, because it cannot tell a rename from two changes. The new column starts out empty.',
    instead: [
      `ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to};`,
      `-- or leave the database as it is and rename in schema.prisma only: ${pair.to} … @map(${JSON.stringify(pair.from)})`,
    ].join('\n'),
  }
}

function isRequired({ added }: RenamedColumn): boolean {
  return added.notNull && !added.hasDefault && !added.generated && !added.identity
}

function ofTable(pair: RenamedTable, context: RuleContext): Remark {
  const from = relation(pair.from, context)
  const to = relation(pair.to, context)
  return {
    statement: pair.dropped.statement,
    severity: 'error',
    message: `Drops ${from} and creates ${to} with the same columns: if that is a rename, this deletes the data of ${from}.`,
    why: 'Prisma writes DROP TABLE and CREATE TABLE for a renamed model, because it cannot tell a rename from two changes. The new table starts out empty.',
    instead: [
      `ALTER TABLE ${from} RENAME TO ${quoted(splitName(pair.to).name)};`,
      ...renamedConstraints(pair, context),
      `-- or leave the database as it is and rename in schema.prisma only: @@map(${JSON.stringify(splitName(pair.from).name)})`,
    ].join('\n'),
  }
}

/** Prisma derives the names of keys and indexes from the table and looks for the new ones afterwards. */
function renamedConstraints(pair: RenamedTable, context: RuleContext): readonly string[] {
  const [from, to] = [splitName(pair.from).name, splitName(pair.to).name]
  const moved = (name: string) => (name.startsWith(`${from}_`) ? `${to}${name.slice(from.length)}` : undefined)
  const lines: string[] = []
  for (const { name } of pair.before.constraints) {
    const target = moved(name)
    if (target !== undefined)
      lines.push(`ALTER TABLE ${relation(pair.to, context)} RENAME CONSTRAINT ${quoted(name)} TO ${quoted(target)};`)
  }
  for (const other of context.catalogBefore.relations.pointingAt(pair.from)) {
    if (other.kind !== 'index' || other.table !== pair.from) continue
    const { name } = splitName(other.name)
    const target = moved(name)
    if (target === undefined || pair.before.constraints.some((constraint) => constraint.name === name)) continue
    lines.push(`ALTER INDEX ${relation(beside(pair.from, name), context)} RENAME TO ${quoted(target)};`)
  }
  return lines
}

import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { columnList, columnOf, keyOf, relation, suffixed } from '../naming.ts'
import { type Copy, copyOf, renamedColumns } from '../rename-as-drop-add/columns.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'ban-drop-column',
  title: 'Dropping a column deletes what is in it',
  group: 'destructive',
  documentation: {
    summary:
      'DROP COLUMN makes the values of the column unreachable in every row; only a backup brings them back. Prisma Client ' +
      'names every column of a model in each query, so the release that still knows the column fails on the whole model, not ' +
      'only where it uses the field. Take the field out of the application first (`@ignore`), keep a copy, then drop.',
    bad: 'ALTER TABLE "User" DROP COLUMN "email";',
    good: 'CREATE TABLE "User_email_kept" AS SELECT id, email FROM "User";',
  },
  about: ['loses column'],
  check: (context) => {
    const renamed = new Set(renamedColumns(context).map((pair) => `${pair.table}.${pair.from}`))
    const drops = context.statements.flatMap((statement) => dropsOf(statement, renamed, context))
    return groupedBy(drops, ({ table }) => table, context).map((group) => remark(group, context))
  },
}

interface Drop {
  readonly statement: AnalysedStatement
  readonly table: RelationName
  readonly column: string
  readonly copy: Copy | undefined
}

function dropsOf(statement: AnalysedStatement, renamed: ReadonlySet<string>, context: RuleContext): readonly Drop[] {
  return statement.effects.loses
    .filter((loss) => loss.kind === 'column' && !renamed.has(loss.name))
    .map(({ name }) => {
      const { table, column } = columnOf(name)
      return { statement, table, column, copy: copyOf(table, column, statement, context) }
    })
}

/** One finding for a table: Prisma Client fails on the model as a whole, and one release without the fields is enough. */
function remark(group: Group<Drop>, context: RuleContext): Remark {
  const [{ statement, table, column: first }] = group
  const columns = [...new Set(group.map(({ column }) => column))]
  const name = relation(table, context)
  const several = columns.length > 1
  const clause = statement.changes.find((change) => change.kind === 'drop-column' && change.name === first)
  const kept = suffixed(table, several ? 'columns_kept' : `${first}_kept`, context)
  return {
    statement,
    clause: clause?.kind === 'drop-column' && statement.kind === 'AlterTableStmt' ? clause.clause : undefined,
    severity: 'error',
    message: `Drops the column${several ? 's' : ''} ${listed(columns.map(quoted))} of ${name}${atLines(group)}: what is in ${several ? 'them' : 'it'} is deleted in every row.`,
    why: `${whatIsLeft(group)} Prisma Client of the release that is still running names the column in every query of the model, so all of them fail until the new release is everywhere.`,
    instead: [
      `-- now: mark the field${several ? 's' : ''} with @ignore in schema.prisma and release that`,
      '-- in a later migration, with a copy of what goes',
      `CREATE TABLE ${kept} AS SELECT ${columnList([...keyOf(table, context.catalogBefore), ...columns])} FROM ${name};`,
      `ALTER TABLE ${name} ${columns.map((column) => `DROP COLUMN ${quoted(column)}`).join(', ')};`,
    ].join('\n'),
  }
}

/** What the file itself copied to another column lives on there, but for what is written meanwhile. */
function whatIsLeft(group: Group<Drop>): string {
  const copies = group.flatMap(({ column, copy }) => (copy === undefined ? [] : [{ column, ...copy }]))
  if (copies.length < group.length) return 'Only a backup brings the values back.'
  const told = copies.map(
    ({ statement, column, to }) => `line ${statement.range.line} copied ${quoted(column)} to ${quoted(to)}`,
  )
  return `Before that ${listed(told)}; what the running release has written since then is in no copy.`
}

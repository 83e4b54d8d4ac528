import { splitName } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { relation, relations, suffixed } from '../naming.ts'
import { renamedTables } from '../rename-as-drop-add/tables.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'ban-drop-table',
  title: 'Dropping a table deletes its rows',
  group: 'destructive',
  documentation: {
    summary:
      'DROP TABLE deletes every row of the table at once, and nothing but a backup brings them back. Renaming the table ' +
      'first costs nothing, takes it away from whoever still uses it, and can be undone in a second.',
    bad: 'DROP TABLE "Invoice";',
    good: 'ALTER TABLE "Invoice" RENAME TO "Invoice_unused";',
  },
  about: ['loses table'],
  check: (context) => {
    const renamed = new Set(renamedTables(context).map((pair) => pair.from))
    const drops = context.statements.flatMap((statement) => dropsOf(statement, renamed))
    return groupedBy(drops, () => 'the file', context).map((group) => remark(group, context))
  },
}

interface Drop {
  readonly statement: AnalysedStatement
  readonly asked: readonly RelationName[]
  /** What CASCADE takes with them. */
  readonly along: readonly RelationName[]
}

function dropsOf(statement: AnalysedStatement, renamed: ReadonlySet<RelationName>): readonly Drop[] {
  // A schema that goes with all its tables is one thing to say, not twenty.
  if (statement.changes.some((change) => change.kind === 'drop-schema')) return []
  const tables = statement.effects.loses
    .filter((loss) => loss.kind === 'table' && !renamed.has(loss.name))
    .map((loss) => loss.name)
  if (tables.length === 0) return []
  const named = tables.filter((table) => statement.sql.includes(splitName(table).name))
  // A function that is called names them in its body.
  const asked = named.length > 0 ? named : tables
  return [{ statement, asked, along: tables.filter((table) => !asked.includes(table)) }]
}

/** One finding for the file: each table is named, and the way around it is the same for all. */
function remark(group: Group<Drop>, context: RuleContext): Remark {
  const [{ statement }] = group
  const asked = group.flatMap((drop) => drop.asked)
  const along = group.flatMap((drop) => drop.along)
  const tables = [...new Set([...asked, ...along])]
  const too = along.length > 0 ? `, and ${relations(along, context)} with ${asked.length > 1 ? 'them' : 'it'}` : ''
  const one = tables.length === 1
  return {
    statement,
    severity: 'error',
    message: `Drops the table${asked.length > 1 ? 's' : ''} ${relations(asked, context)}${too}${atLines(group)}: all ${one ? 'its' : 'their'} rows are deleted.`,
    why:
      'Only a backup brings the rows back, and whatever was written since that backup is gone. The release that is still ' +
      `running fails on every query that names ${one ? 'the table' : 'one of the tables'}.`,
    instead: [
      '-- now: out of reach, and back in a second',
      ...tables.map((table) => {
        const { schema, name } = splitName(table)
        return `ALTER TABLE ${relation(table, context)} RENAME TO ${suffixed(`${schema}.${name}`, 'unused', { schema })};`
      }),
      '-- in a later migration, once nobody has missed it',
      ...tables.map((table) => `DROP TABLE ${suffixed(table, 'unused', context)};`),
    ].join('\n'),
  }
}

import { listed, quoted } from '../../sql/identifiers.ts'
import {
  type AddedKey,
  canMissItsParent,
  checksRows,
  lacksIndex,
  missingIndex,
  toldWithTheCheck,
} from '../foreign-keys.ts'
import { atLines, type Group, groupedBy, named } from '../grouped.ts'
import { changesOf, clauseText, isInUse, takesLong } from '../in-use.ts'
import { relation, relations, rowOf } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { type IndexesOf, indexesIn } from '../table-indexes.ts'

export const rule: Rule = {
  id: 'add-foreign-key',
  title: 'Adding a foreign key blocks writes to both tables while every row is checked',
  group: 'constraint',
  documentation: {
    summary:
      'ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on the table and on the one it references, then reads every row to prove ' +
      'that its key exists. Writes to both tables wait that long. Added NOT VALID it reads nothing; VALIDATE CONSTRAINT in a ' +
      'later transaction reads the rows while writes go on.',
    bad: 'ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id");',
    good: 'ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;',
  },
  growsWithTable: true,
  about: ['add-constraint'],
  check: (context) => {
    const added = changesOf(context, 'add-constraint').filter(
      ({ change }) => change.constraint.references !== undefined,
    )
    const checked = added.filter((one) => checksRows(one, context))
    const held = added.flatMap((one) => heldDuringWork(one, context) ?? [])
    const indexes = indexesIn(context.catalogAfter)
    return [
      ...groupedBy(checked, ({ change }) => change.table, context).map((group) => ofCheck(group, indexes, context)),
      ...groupedBy(held, ({ slow }) => `${slow.index}`, context).map((group) => ofLock(group, context)),
    ]
  },
}

/** One finding for a table: its rows are read for each of them, and the way around it is the same. */
function ofCheck(group: Group<AddedKey>, indexes: IndexesOf, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const { table, clause } = change
  const name = relation(table, context)
  const several = group.length > 1
  const others = group.flatMap((one) => {
    const other = one.change.constraint.references?.table ?? table
    return other !== table && isInUse(other, one.statement, context) ? [other] : []
  })
  const bare = toldWithTheCheck(context) ? group.filter((one) => lacksIndex(one, indexes, context)) : []
  const mayFail = group.some((one) => canMissItsParent(one, context))
  return {
    statement,
    clause,
    relation: table,
    severity: 'warning',
    mayFail,
    message: `Adds the foreign key${several ? 's' : ''} ${named(group.map((one) => quoted(one.change.constraint.name)))}${atLines(group)}: writes to ${relations([table, ...others], context)} wait until every row of ${name} has been checked.`,
    why: `The lock (SHARE ROW EXCLUSIVE) is taken on both tables before the check starts and is held until the transaction ends.${mayFail ? ' It fails if a row references one that is not there.' : ''}${withoutIndex(bare, context)}`,
    instead: [
      ...group.map((one) => notValid(one, context)),
      '-- in the next migration: reads the rows while writes go on',
      ...group.map((one) => `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted(one.change.constraint.name)};`),
      ...(bare.length > 0
        ? [
            `-- ${bare.length > 1 ? 'each ' : ''}alone in a migration of its own, for what references a row that is deleted`,
          ]
        : []),
      ...bare.map((one) => missingIndex(one, context)),
    ].join('\n'),
  }
}

function withoutIndex(bare: readonly AddedKey[], context: RuleContext): string {
  const [first] = bare
  if (first === undefined) return ''
  const columns = bare.map((one) => rowOf(one.change.constraint.columns))
  const parents = relations(
    bare.map(({ change }) => change.constraint.references?.table ?? change.table),
    context,
  )
  return ` There is no index on ${listed(columns)} either: from then on, deleting from ${parents} reads all of ${relation(first.change.table, context)}.`
}

function notValid({ statement, change }: AddedKey, context: RuleContext): string {
  const { constraint, table, clause } = change
  const name = relation(table, context)
  const inColumn = statement.changes.some((one) => one.kind === 'add-column' && one.clause === clause)
  // In a DO block the command has no place of its own in the text.
  if (statement.kind === 'AlterTableStmt' && !inColumn)
    return `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`
  const { table: other, columns } = constraint.references ?? { table, columns: [] }
  const key = columns.length === 0 ? '' : ` (${columns.map(quoted).join(', ')})`
  return `${inColumn ? '-- the column without REFERENCES, then\n' : ''}ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} FOREIGN KEY (${constraint.columns.map(quoted).join(', ')}) REFERENCES ${relation(other, context)}${key} NOT VALID;`
}

interface Held extends AddedKey {
  readonly other: string
  readonly slow: AnalysedStatement
}

/**
 * A new table has no rows to check, but the table it references stays locked against writes until the transaction ends: that
 * matters where the same transaction goes on with something slow.
 */
function heldDuringWork({ statement, change }: AddedKey, context: RuleContext): Held | undefined {
  const other = change.constraint.references?.table
  if (isInUse(change.table, statement, context)) return undefined
  if (other === undefined || context.execution?.atomic === false || !isInUse(other, statement, context))
    return undefined
  const slow = context.statements.slice(statement.index + 1).find((later) => takesLong(later))
  return slow === undefined ? undefined : { statement, change, other, slow }
}

/** One finding for what is done meanwhile: to move that is the remedy for all of them. */
function ofLock(group: Group<Held>, context: RuleContext): Remark {
  const [{ statement, change, slow }] = group
  const several = group.length > 1
  const others = relations(
    group.map(({ other }) => other),
    context,
  )
  return {
    statement,
    clause: change.clause,
    severity: 'warning',
    message: `Adds the foreign key${several ? 's' : ''} ${named(group.map((one) => quoted(one.change.constraint.name)))}${atLines(group)}, which ${several ? 'block' : 'blocks'} writes to ${others} until the migration ends, and line ${slow.range.line} works on rows before that.`,
    why: 'The lock on the referenced table (SHARE ROW EXCLUSIVE) is held until the transaction ends, however long the statements after it take.',
    instead: `Put the statement of line ${slow.range.line} into a migration of its own, or in front of this one.`,
  }
}

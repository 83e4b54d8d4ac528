import type { Node } from 'libpg-query'
import { as } from '../../sql/effects/tree.ts'
import type { RelationName } from '../../sql/model.ts'
import { isEmpty } from '../empty.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { isInUse } from '../in-use.ts'
import { firstWorkUnderLock } from '../lock-held-during-work/rule.ts'
import { columnList, keyOf, relation, rowOf } from '../naming.ts'
import { columnNamed, conjunctsOf, rowsTouched } from '../rows-touched.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { transactionsOf } from '../transactions.ts'
import { updateText } from '../update-text.ts'

export const rule: Rule = {
  id: 'update-all-rows',
  title: 'One UPDATE of many rows keeps all of them locked until it is done',
  group: 'lock',
  documentation: {
    summary:
      'Every row that an UPDATE changes stays locked until the transaction ends, is written anew in full with its index ' +
      'entries, and leaves a dead copy: the table can double. In batches of some thousand rows, each committed on its own, the ' +
      'application waits for none of it, and a failure loses one batch.',
    bad: 'UPDATE "User" SET "name" = trim("name");',
    good: 'UPDATE "User" SET "name" = trim("name") WHERE id IN (SELECT id FROM "User" WHERE "name" <> trim("name") LIMIT 5000);',
  },
  growsWithTable: true,
  about: ['UpdateStmt'],
  check: (context) => {
    // Under a lock that stops everybody it is told once, by the rule for that.
    const told = new Set(
      transactionsOf(context)
        .filter((one) => firstWorkUnderLock(one, context) !== undefined)
        .flat(),
    )
    const updates = context.statements.flatMap((statement) =>
      told.has(statement) ? [] : (updateOf(statement, context) ?? []),
    )
    return groupedBy(updates, ({ table }) => table, context).map((group) => remark(group, context))
  },
}

interface Update {
  readonly statement: AnalysedStatement
  readonly table: RelationName
  readonly every: boolean
}

function updateOf(statement: AnalysedStatement, context: RuleContext): Update | undefined {
  const node = as(statement.node, 'UpdateStmt')
  const table = statement.effects.locks.find((lock) => lock.mode === 'RowExclusiveLock')?.relation
  if (node === undefined || table === undefined || !isInUse(table, statement, context)) return undefined
  if (isEmpty(table, statement, context)) return undefined
  const touched = rowsTouched(node.whereClause, table, context.catalogBefore)
  if (touched === 'few' || (touched === 'matching' && filters(node.whereClause))) return undefined
  return { statement, table, every: touched === 'all' }
}

/** One finding for a table: whoever takes it in batches does all of it in one go. */
function remark(group: Group<Update>, context: RuleContext): Remark {
  const [{ statement, table }] = group
  const name = relation(table, context)
  const key = keyOf(table, context.catalogBefore)
  const every = group.some((update) => update.every)
  const how = group.length > 1 ? `, ${group.length} times over${atLines(group)}` : ' in one statement'
  return {
    statement,
    relation: table,
    severity: 'warning',
    message: every
      ? `Changes every row of ${name}${how}: whoever wants to change one waits until all are done.`
      : `Changes all rows of ${name} that match${how}: whoever wants to change one of them waits until all are done.`,
    why: 'The rows stay locked until the transaction ends, and each leaves a dead copy in the table and in its indexes.',
    instead: [...new Set(group.map((update) => batched(update.statement, name, key)))].join('\n'),
  }
}

/**
 * Compares with a value, so that some rows match and others do not. IS NULL of a new column, or a join with another table, is
 * what a backfill of the whole table looks like.
 */
function filters(where: Node | undefined): boolean {
  return conjunctsOf(where).some((condition) => {
    const test = as(condition, 'A_Expr')
    return test !== undefined && (columnNamed(test.lexpr) === undefined || columnNamed(test.rexpr) === undefined)
  })
}

function batched(statement: AnalysedStatement, name: string, key: readonly string[]): string {
  const text = updateText(statement.sql)
  if (text === undefined || text.from !== undefined) {
    return `Take some thousand rows of ${name} at a time (${columnList(key)} between two values), each batch in a transaction of its own, by a job outside of the migration.`
  }
  const condition = text.where === undefined ? '' : `(${text.where}) AND `
  return [
    '-- by a job outside of the migration, each batch on its own, going on from the last key of the one before',
    `${text.head} WHERE ${condition}${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${rowOf(key)} > (…) ORDER BY ${columnList(key)} LIMIT 5000);`,
  ].join('\n')
}

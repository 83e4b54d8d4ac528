import type { Node, UpdateStmt } from 'libpg-query'
import { as, walk } from '../../sql/effects/tree.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { isInUse } from '../in-use.ts'
import { columnList, keyOf, relation, suffixed } from '../naming.ts'
import { assignments, columnNamed, conjunctsOf, rowsTouched } from '../rows-touched.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { updateText } from '../update-text.ts'

export const rule: Rule = {
  id: 'overwrite-values',
  title: 'Values that an UPDATE overwrites come back only from a backup',
  group: 'irreversible',
  documentation: {
    summary:
      'An UPDATE that fills a new or an empty column can be undone. One that overwrites values cannot: what was there before ' +
      'is gone, and where several old values become the same new one no later UPDATE can tell them apart. A copy of the key ' +
      'and the old values costs one statement.',
    bad: 'UPDATE "User" SET "email" = lower("email");',
    good: 'UPDATE "User" SET "email" = \'\' WHERE "email" IS NULL;',
  },
  check: (context) => context.statements.flatMap((statement) => remark(statement, context)),
}

function remark(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const node = as(statement.node, 'UpdateStmt')
  const table = statement.effects.locks.find((lock) => lock.mode === 'RowExclusiveLock')?.relation
  if (node === undefined || table === undefined || !isInUse(table, statement, context)) return []
  const touched = rowsTouched(node.whereClause, table, context.catalogBefore)
  // Whoever names the rows by key knows them one by one.
  if (touched === 'few') return []
  const filled = emptyBefore(node.whereClause)
  const columns = assignments(node.targetList)
    .filter(({ column, value }) => !filled.has(column) && !keepsOld(value, column) && hadValues(table, column, context))
    .map(({ column }) => column)
  if (columns.length === 0) return []
  const name = relation(table, context)
  const key = keyOf(table, context.catalogBefore)
  const kept = suffixed(table, 'before', context)
  const every = touched === 'all'
  return [
    {
      statement,
      severity: 'warning',
      message: `Overwrites ${listed(columns.map(quoted))} in ${every ? 'every row' : 'rows'} of ${name}: only a backup brings the old values back.`,
      why: 'Taking the migration back restores the structure, not the values, and from the new ones the old cannot be told.',
      instead: [
        '-- before it, a copy of what is overwritten',
        `CREATE TABLE ${kept} AS ${selection(statement, node, [...new Set([...key, ...columns])], name)};`,
        `${statement.sql};`,
      ].join('\n'),
    },
  ]
}

/** What the UPDATE is going to change, under the names that its own condition uses; all rows where that cannot be told. */
function selection(statement: AnalysedStatement, node: UpdateStmt, columns: readonly string[], name: string): string {
  const text = updateText(statement.sql)
  const alias = node.relation?.alias?.aliasname
  const target = alias === undefined ? name : `${name} AS ${quoted(alias)}`
  const owner = alias === undefined ? name : quoted(alias)
  if (text === undefined) return `SELECT ${columnList(columns)} FROM ${name}`
  const listedColumns = columns.map((column) => `${owner}.${quoted(column)}`).join(', ')
  const from = text.from === undefined ? target : `${target}, ${text.from}`
  return `SELECT ${listedColumns} FROM ${from}${text.where === undefined ? '' : ` WHERE ${text.where}`}`
}

/** `column IS NULL` in the condition: there was nothing to lose. */
function emptyBefore(where: Node | undefined): ReadonlySet<string> {
  const columns = new Set<string>()
  for (const condition of conjunctsOf(where)) {
    const test = as(condition, 'NullTest')
    const column = test?.nulltesttype === 'IS_NULL' ? columnNamed(test.arg) : undefined
    if (column !== undefined) columns.add(column)
  }
  return columns
}

/** `coalesce(column, …)` fills what is empty and leaves the rest. */
function keepsOld(value: Node | undefined, column: string): boolean {
  const [first] = as(value, 'CoalesceExpr')?.args ?? []
  if (first !== undefined && columnNamed(first) === column) return true
  for (const { kind } of walk(value)) if (kind === 'SetToDefault') return false
  return columnNamed(value) === column
}

/** It was there before the migration. Of a table that nobody has described, every column was, unless it is added here. */
function hadValues(table: RelationName, column: string, context: RuleContext): boolean {
  const known = context.catalogBefore.relations.get(table)
  if (known?.kind === 'table' && known.columnsKnown) return known.columns.has(column)
  return !context.statements.some((one) =>
    one.changes.some(
      (change) => change.kind === 'add-column' && change.table === table && change.column.name === column,
    ),
  )
}

import type { Node, UpdateStmt } from 'libpg-query'
import { as, strings, walk } from '../../sql/effects/tree.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { isEmpty } from '../empty.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
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
  about: ['UpdateStmt'],
  check: (context) => {
    const all = context.statements.flatMap((statement) => overwriteOf(statement, context) ?? [])
    return groupedBy(all, ({ table }) => table, context).map((group) => remark(group, context))
  },
}

interface Overwrite {
  readonly statement: AnalysedStatement
  readonly node: UpdateStmt
  readonly table: RelationName
  readonly columns: readonly string[]
  readonly every: boolean
}

function overwriteOf(statement: AnalysedStatement, context: RuleContext): Overwrite | undefined {
  const node = as(statement.node, 'UpdateStmt')
  const table = statement.effects.locks.find((lock) => lock.mode === 'RowExclusiveLock')?.relation
  if (node === undefined || table === undefined || !isInUse(table, statement, context)) return undefined
  if (isEmpty(table, statement, context)) return undefined
  const touched = rowsTouched(node.whereClause, table, context.catalogBefore)
  // Whoever names the rows by key knows them one by one.
  if (touched === 'few') return undefined
  const filled = emptyBefore(node.whereClause)
  const columns = assignments(node.targetList)
    .filter(({ column, value }) => !filled.has(column) && !keepsOld(value, column) && hadValues(table, column, context))
    .map(({ column }) => column)
  return columns.length === 0 ? undefined : { statement, node, table, columns, every: touched === 'all' }
}

/** One finding for a table: one copy of it, made before the first UPDATE, keeps what all of them overwrite. */
function remark(group: Group<Overwrite>, context: RuleContext): Remark {
  const [first] = group
  const name = relation(first.table, context)
  const key = keyOf(first.table, context.catalogBefore)
  const kept = suffixed(first.table, 'before', context)
  const columns = [...new Set(group.flatMap((one) => one.columns))]
  const saved = [...new Set([...key, ...columns])]
  return {
    statement: first.statement,
    severity: 'warning',
    message: `Overwrites ${listed(columns.map(quoted))} in ${group.some(({ every }) => every) ? 'every row' : 'rows'} of ${name}${atLines(group)}: only a backup brings the old values back.`,
    why: 'Taking the migration back restores the structure, not the values, and from the new ones the old cannot be told.',
    instead: [
      '-- before it, a copy of what is overwritten',
      group.length === 1
        ? `CREATE TABLE ${kept} AS ${selection(first.statement, first.node, saved, name)};`
        : `CREATE TABLE ${kept} AS SELECT ${columnList(saved)} FROM ${name};`,
      ...group.map(({ statement }) => `${statement.sql};`),
    ].join('\n'),
  }
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

/** `column IS NULL`, or `column = ''`, in the condition: there was nothing to lose. */
function emptyBefore(where: Node | undefined): ReadonlySet<string> {
  const columns = new Set<string>()
  for (const condition of conjunctsOf(where)) {
    const test = as(condition, 'NullTest')
    const compared = as(condition, 'A_Expr')
    const blank = compared?.kind === 'AEXPR_OP' && as(compared.rexpr, 'A_Const')?.sval?.sval === ''
    const isEqual = blank && strings(compared.name).join() === '='
    const column =
      test?.nulltesttype === 'IS_NULL' ? columnNamed(test.arg) : isEqual ? columnNamed(compared.lexpr) : undefined
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

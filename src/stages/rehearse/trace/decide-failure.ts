import type { AlterTableCmd, Constraint, Node, RangeVar } from 'libpg-query'
import { clausesOf } from '../../../sql/clauses.ts'
import { allOf, as, strings } from '../../../sql/effects/tree.ts'
import { conversionsIn, updatedColumns } from './decide-conversions.ts'
import { decideOther } from './decide-other-failure.ts'
import type { Question, TableName } from './question.ts'
import type { ServerError } from './server-error.ts'
import { behind, exclusionsOf, inParentheses, keysIn } from './statement-text.ts'

export interface FailedStatement {
  readonly sql: string
  /** Undefined where the statement cannot be read, which the server has then said as well. */
  readonly node: Node | undefined
  /** Refused at the end of its transaction, so that its rows are in the table. */
  readonly atItsEnd: boolean
}

/** From what the server said of a statement, and from the statement, to which rows to look for. Pure. */
export function decideFailure(error: ServerError, statement: FailedStatement): Question {
  return questionFor(error, statement) ?? decideOther(error, statement.node)
}

function questionFor(error: ServerError, statement: FailedStatement): Question | undefined {
  if (error.raisedIn !== undefined) return undefined
  switch (error.sqlState) {
    case '23505':
      return duplicates(error, statement)
    case '23502':
      return missing(error, statement)
    case '23503':
      return orphans(error, statement)
    case '23514':
      return violated(error, statement)
    case '23P01':
      return conflicts(error, statement)
    default:
      return error.sqlState?.startsWith('22') === true ? conversionsIn(statement) : undefined
  }
}

interface Clause {
  readonly text: string
  readonly command: AlterTableCmd
}

/** The commands of an ALTER TABLE, each with its text. */
function clausesIn({ sql, node }: FailedStatement): readonly Clause[] {
  const commands = allOf(node && as(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd')
  const clauses = clausesOf(sql)
  return clauses.length === commands.length
    ? commands.map((command, index) => ({ command, text: clauses[index]?.text ?? '' }))
    : []
}

interface AddedConstraint {
  readonly constraint: Constraint
  readonly text: string
  /** Where it came with a column. */
  readonly column: string | undefined
}

/** Added by this statement, also with a column, of the kind that failed; the one that was named, where there are several. */
function addedConstraint(
  error: ServerError,
  statement: FailedStatement,
  kinds: readonly string[],
): AddedConstraint | undefined {
  const all = clausesIn(statement).flatMap(({ command, text }): readonly AddedConstraint[] => {
    const constraint = as(command.def, 'Constraint')
    if (constraint !== undefined) return [{ constraint, text, column: undefined }]
    const column = as(command.def, 'ColumnDef')
    return allOf(column?.constraints, 'Constraint').map((one) => ({ constraint: one, text, column: column?.colname }))
  })
  const fitting = all.filter(({ constraint }) => kinds.includes(constraint.contype ?? ''))
  return (
    fitting.find(({ constraint }) => constraint.conname !== undefined && constraint.conname === error.constraint) ??
    (fitting.length === 1 ? fitting[0] : undefined)
  )
}

export function tableOf(node: Node | undefined): RangeVar | undefined {
  return (
    node &&
    (as(node, 'AlterTableStmt')?.relation ?? as(node, 'IndexStmt')?.relation ?? as(node, 'UpdateStmt')?.relation)
  )
}

/** As the server named it, and else as the statement does. */
function tableIn(error: ServerError, { node }: FailedStatement): TableName | undefined {
  if (error.table !== undefined) return { schema: error.schema, name: error.table }
  return asTable(tableOf(node))
}

export function asTable(range: RangeVar | undefined): TableName | undefined {
  return range?.relname === undefined ? undefined : { schema: range.schemaname, name: range.relname }
}

function duplicates(error: ServerError, statement: FailedStatement): Question | undefined {
  const table = tableIn(error, statement)
  if (table === undefined) return undefined
  const index = statement.node && as(statement.node, 'IndexStmt')
  if (index !== undefined) {
    const elements = allOf(index.indexParams, 'IndexElem')
    const keys = keysIn(statement.sql, elements)
    const where = index.whereClause === undefined ? undefined : behind(statement.sql, 'where')
    if (keys === undefined) return undefined
    return { kind: 'duplicates', table, keys, where, nullsNotDistinct: index.nulls_not_distinct === true }
  }
  const added = addedConstraint(error, statement, ['CONSTR_UNIQUE', 'CONSTR_PRIMARY'])
  // What is made of an index that is there (USING INDEX) is unique already.
  const named = added === undefined ? [] : added.column === undefined ? strings(added.constraint.keys) : [added.column]
  if (added !== undefined && named.length > 0) {
    const nullsNotDistinct = added.constraint.nulls_not_distinct === true
    return { kind: 'duplicates', table, keys: named.map(quote), where: undefined, nullsNotDistinct }
  }
  return standing(error, statement, table)
}

function missing(error: ServerError, statement: FailedStatement): Question | undefined {
  const { column } = error
  const table = tableIn(error, statement)
  if (column === undefined || table === undefined) return undefined
  const clauses = clausesIn(statement)
  if (clauses.length === 0) {
    const updated = updatedColumns(statement)?.find((one) => one.column === column)
    if (updated === undefined) return undefined
    const where = `${updated.where === undefined ? '' : `(${updated.where}) AND `}(${updated.sql}) IS NULL`
    const say = `would get no value in ${quote(column)}, which needs one`
    return { kind: 'rows', table, where, say: { one: say, many: say } }
  }
  const of = (kind: string) => clauses.find(({ command }) => command.subtype === kind && nameOf(command) === column)
  if (of('AT_AddColumn') !== undefined) {
    const say = `would have no value in ${quote(column)}, which is added NOT NULL without a default`
    return { kind: 'rows', table, where: undefined, say: { one: say, many: say } }
  }
  const using = of('AT_AlterColumnType')
  const expression = using === undefined ? undefined : behind(using.text, 'using')
  if (expression !== undefined && of('AT_SetNotNull') === undefined) {
    const say = `would have no value in ${quote(column)} in its new type`
    return { kind: 'rows', table, where: `(${expression}) IS NULL`, say: { one: say, many: say } }
  }
  const end = `no value in ${quote(column)}`
  return { kind: 'rows', table, where: `${quote(column)} IS NULL`, say: { one: `has ${end}`, many: `have ${end}` } }
}

function nameOf(command: AlterTableCmd): string | undefined {
  return command.name ?? as(command.def, 'ColumnDef')?.colname
}

function orphans(error: ServerError, statement: FailedStatement): Question | undefined {
  const table = tableIn(error, statement)
  const added = addedConstraint(error, statement, ['CONSTR_FOREIGN'])
  if (table === undefined) return undefined
  const to = asTable(added?.constraint.pktable)
  if (added === undefined || to === undefined) return standing(error, statement, table)
  const { fk_attrs, pk_attrs, fk_matchtype } = added.constraint
  const columns = added.column === undefined ? strings(fk_attrs) : [added.column]
  const constraint = error.constraint ?? ''
  return {
    kind: 'orphans',
    table,
    columns,
    to,
    toColumns: strings(pk_attrs),
    matchFull: fk_matchtype === 'f',
    constraint,
  }
}

function violated(error: ServerError, statement: FailedStatement): Question | undefined {
  const table = tableIn(error, statement)
  if (table === undefined) return undefined
  const added = addedConstraint(error, statement, ['CONSTR_CHECK'])
  const expression = added === undefined ? undefined : inParentheses(added.text, 'check')
  if (expression === undefined) return standing(error, statement, table)
  return { kind: 'rows', table, where: `(${expression}) IS FALSE`, say: violates(error.constraint) }
}

export function violates(constraint: string | undefined) {
  const name = constraint === undefined ? 'the check' : `the check ${quote(constraint)}`
  return { one: `violates ${name}`, many: `violate ${name}` }
}

function conflicts(error: ServerError, statement: FailedStatement): Question | undefined {
  const table = tableIn(error, statement)
  const added = addedConstraint(error, statement, ['CONSTR_EXCLUSION'])
  if (table === undefined || added === undefined) return undefined
  const excluded = exclusionsOf(added.constraint.exclusions)
  const elements = excluded.map(({ element }) => element)
  const keys = keysIn(added.text, elements, 'exclude')?.map((sql, index) => ({
    sql,
    operator: excluded[index]?.operator ?? '=',
  }))
  if (keys === undefined) return undefined
  const where = added.constraint.where_clause === undefined ? undefined : inParentheses(added.text, 'where')
  return { kind: 'conflicts', table, keys, where, constraint: error.constraint ?? added.constraint.conname ?? '' }
}

/** A constraint that was there before says of rows that are not in the table why they did not come in; unless they are in it. */
function standing(
  error: ServerError,
  { sql, node, atItsEnd }: FailedStatement,
  table: TableName,
): Question | undefined {
  const altered = node !== undefined && as(node, 'AlterTableStmt') !== undefined
  const deleted = error.sqlState === '23503' && !atItsEnd ? deletedBy(sql, node) : undefined
  if (error.constraint === undefined || !(atItsEnd || altered || deleted !== undefined)) return undefined
  return { kind: 'constraint', table, name: error.constraint, deleted }
}

/** Of a DELETE from one table by itself. */
function deletedBy(sql: string, node: Node | undefined): { readonly where: string | undefined } | undefined {
  const deletes = node && as(node, 'DeleteStmt')
  if (deletes === undefined || deletes.withClause !== undefined || deletes.usingClause !== undefined) return undefined
  if (deletes.relation?.alias !== undefined) return undefined
  return { where: deletes.whereClause === undefined ? undefined : behind(sql, 'where', ['returning']) }
}

/** A name in quotes, which is how people of Prisma know theirs. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

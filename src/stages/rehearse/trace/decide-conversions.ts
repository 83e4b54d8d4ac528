import type { Node } from 'libpg-query'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { clausesOf } from '../../../sql/clauses.ts'
import { allOf, as, strings } from '../../../sql/effects/tree.ts'
import type { FailedStatement } from './decide-failure.ts'
import type { Conversion, Question, TableName } from './question.ts'
import { behind, listItems } from './statement-text.ts'

/** A data exception (class 22): some row's value does not become what the statement makes of it. */
export function conversionsIn(statement: FailedStatement): Question | undefined {
  const table = tableOf(statement.node)
  if (table === undefined) return undefined
  const changed = retypedColumns(statement)
  if (changed.length > 0) return { kind: 'conversions', table, conversions: changed, where: undefined }
  const updated = updatedColumns(statement)
  const [first] = updated ?? []
  if (updated === undefined || first === undefined) return undefined
  const conversions = updated.map(({ column, sql }) => ({ column, sql, type: undefined, plain: false }))
  return { kind: 'conversions', table, conversions, where: first.where }
}

function tableOf(node: Node | undefined): TableName | undefined {
  const range = node && (as(node, 'AlterTableStmt')?.relation ?? as(node, 'UpdateStmt')?.relation)
  return range?.relname === undefined ? undefined : { schema: range.schemaname, name: range.relname }
}

function retypedColumns({ sql, node }: FailedStatement): readonly Conversion[] {
  const commands = allOf(node && as(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd')
  const clauses = clausesOf(sql)
  if (clauses.length !== commands.length) return []
  return commands.flatMap(({ subtype, name, def }, index) => {
    const clause = clauses[index]?.text ?? ''
    const type = behind(clause, 'type', ['using', 'collate'])
    if (subtype !== 'AT_AlterColumnType' || name === undefined || type === undefined) return []
    const using = as(def, 'ColumnDef')?.raw_default
    const expression = using === undefined ? quoteIdentifier(name) : behind(clause, 'using')
    return expression === undefined ? [] : [{ column: name, type, sql: expression, plain: isPlain(using, name) }]
  })
}

/** `c::text::new_type`, as people and Prisma write it, or nothing at all. */
function isPlain(expression: Node | undefined, column: string): boolean {
  if (expression === undefined) return true
  const cast = as(expression, 'TypeCast')
  if (cast === undefined) return strings(as(expression, 'ColumnRef')?.fields).at(-1) === column
  return cast.arg !== undefined && isPlain(cast.arg, column)
}

interface Updated {
  readonly column: string
  readonly sql: string
  readonly where: string | undefined
}

/** Of an UPDATE of one table by itself, whose new values can be made again row by row. */
export function updatedColumns({ sql, node }: FailedStatement): readonly Updated[] | undefined {
  const update = node && as(node, 'UpdateStmt')
  if (update === undefined || update.withClause !== undefined || update.fromClause !== undefined) return undefined
  // Under another name the expressions could not be used again.
  if (update.relation?.alias !== undefined) return undefined
  const assignments = listItems(behind(sql, 'set', ['where', 'returning']) ?? '')
  const targets = allOf(update.targetList, 'ResTarget')
  if (targets.length !== assignments.length || targets.some(({ indirection }) => indirection !== undefined))
    return undefined
  const where = update.whereClause === undefined ? undefined : behind(sql, 'where', ['returning'])
  return targets.map(({ name = '' }, index) => {
    const assignment = assignments[index] ?? ''
    return { column: name, sql: assignment.slice(assignment.indexOf('=') + 1).trim(), where }
  })
}

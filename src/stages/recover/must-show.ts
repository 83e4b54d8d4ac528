import type { AlterTableCmd, Node } from 'libpg-query'
import { as, kindOf, nameParts } from '../../sql/effects/tree.ts'
import type { Statement } from '../../sql/model.ts'
import { type Parser, parseMigration } from '../../sql/parse.ts'
import type { PlannedMigration } from '../plan/plan.ts'

/** Something that a file makes or takes away; a rename does both. */
interface Step {
  readonly way: 'comes' | 'goes'
  readonly kind: 'relation' | 'column' | 'attached'
  /** Without its schema: names that look alike count as the same. Left out where the server chooses it. */
  readonly name: string | undefined
  readonly table?: string | undefined
  /** False behind IF EXISTS and IF NOT EXISTS. */
  readonly certain: boolean
}

/**
 * Would the schema be another one, had this file been committed? True only where it makes or takes away something that no
 * other statement of it could undo; every statement that is not understood here makes the answer false.
 */
export function mustShow(parser: Parser, { statements }: Pick<PlannedMigration, 'statements'>): boolean {
  const steps: Step[] = []
  for (const statement of statements) {
    const own = stepsIn(parser, statement)
    if (own === undefined) return false
    steps.push(...own)
  }
  return steps.some((step) => step.certain && !steps.some((other) => other.way !== step.way && mayUndo(other, step)))
}

/** Something that a statement makes, and that nothing else in its file takes away again. */
export interface Made {
  readonly kind: Step['kind']
  readonly name: string
  readonly table: string | undefined
}

/** By statement; nothing at all where one of them is not understood, for that may have undone what another did. */
export function madeBy(parser: Parser, statements: readonly Statement[]): readonly (readonly Made[])[] {
  const each = statements.map((statement) => stepsIn(parser, statement))
  const all = each.flatMap((steps) => steps ?? [])
  if (each.includes(undefined)) return statements.map(() => [])
  return each.map((steps = []) =>
    steps.flatMap((step) => {
      const stays =
        step.way === 'comes' && step.certain && !all.some((other) => other.way === 'goes' && mayUndo(other, step))
      return stays && step.name !== undefined ? [{ kind: step.kind, name: step.name, table: step.table }] : []
    }),
  )
}

function stepsIn(parser: Parser, { sql, effects, runsCode }: Statement): readonly Step[] | undefined {
  // Temporary tables are in a schema of their own, which nobody compares.
  if (/\bpg_temp\b/i.test(sql)) return undefined
  const parsed = parseMigration(parser, sql)
  if (parsed.kind === 'syntax-error') return undefined
  const [only, ...others] = parsed.statements
  const steps = only === undefined || others.length > 0 ? undefined : stepsOf(only.node)
  // Code that runs may undo what another statement did. DDL is what it says; of it only locks are unknown.
  return runsCode || (effects.unknown && steps?.length === 0) ? undefined : steps
}

function mayUndo(other: Step, step: Step): boolean {
  if (other.name === undefined || step.name === undefined || other.name === step.name) return true
  if (other.kind === 'relation') return other.name === step.table
  // An index or a constraint goes with its columns.
  return step.kind === 'attached' && other.kind === 'column' && other.table === step.table
}

const changesNoSchema: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'VariableSetStmt',
  'TransactionStmt',
  'LockStmt',
  'CommentStmt',
  'GrantStmt',
  'CreateFunctionStmt',
])

function stepsOf(node: Node): readonly Step[] | undefined {
  if (changesNoSchema.has(kindOf(node))) return []
  return createTable(node) ?? createIndex(node) ?? createEnum(node) ?? alterTable(node) ?? rename(node) ?? drop(node)
}

function createTable(node: Node): readonly Step[] | undefined {
  const statement = as(node, 'CreateStmt')
  if (statement === undefined || statement.relation?.relpersistence === 't') return undefined
  const name = statement.relation?.relname
  return [{ way: 'comes', kind: 'relation', name, certain: statement.if_not_exists !== true && !isHistory(name) }]
}

function createIndex(node: Node): readonly Step[] | undefined {
  const statement = as(node, 'IndexStmt')
  if (statement === undefined || statement.concurrent === true) return undefined
  const table = statement.relation?.relname
  const certain = statement.if_not_exists !== true && !isHistory(table)
  return [{ way: 'comes', kind: 'attached', name: statement.idxname, table, certain }]
}

function createEnum(node: Node): readonly Step[] | undefined {
  const type = as(node, 'CreateEnumStmt')
  if (type !== undefined) return [{ way: 'comes', kind: 'relation', name: lastOf(type.typeName), certain: true }]
  const label = as(node, 'AlterEnumStmt')
  if (label === undefined || label.oldVal !== undefined) return undefined
  const certain = label.skipIfNewValExists !== true
  return [{ way: 'comes', kind: 'column', name: label.newVal, table: lastOf(label.typeName), certain }]
}

function alterTable(node: Node): readonly Step[] | undefined {
  const statement = as(node, 'AlterTableStmt')
  if (statement?.objtype !== 'OBJECT_TABLE') return undefined
  const table = statement.relation?.relname
  const steps: Step[] = []
  for (const one of statement.cmds ?? []) {
    const command = as(one, 'AlterTableCmd')
    const own = command === undefined ? undefined : alterTableSteps(command, table)
    if (own === undefined) return undefined
    const exists = statement.missing_ok !== true && !isHistory(table)
    steps.push(...own.map((step) => ({ ...step, certain: step.certain && exists })))
  }
  return steps
}

function alterTableSteps(command: AlterTableCmd, table: string | undefined): readonly Step[] | undefined {
  const certain = command.missing_ok !== true
  if (command.behavior === 'DROP_CASCADE') return undefined
  switch (command.subtype) {
    case 'AT_AddColumn':
      return [{ way: 'comes', kind: 'column', name: as(command.def, 'ColumnDef')?.colname, table, certain }]
    case 'AT_DropColumn':
      return [{ way: 'goes', kind: 'column', name: command.name, table, certain }]
    case 'AT_AddConstraint': {
      const constraint = as(command.def, 'Constraint')
      // The column says it, and may have said it before.
      const shown = constraint?.contype !== 'CONSTR_NOTNULL'
      return [{ way: 'comes', kind: 'attached', name: constraint?.conname, table, certain: shown }]
    }
    case 'AT_DropConstraint':
      return [{ way: 'goes', kind: 'attached', name: command.name, table, certain }]
    case 'AT_AlterColumnType':
    case 'AT_ColumnDefault':
    case 'AT_SetNotNull':
    case 'AT_DropNotNull':
    case 'AT_ValidateConstraint':
      return []
    default:
      return undefined
  }
}

function rename(node: Node): readonly Step[] | undefined {
  const statement = as(node, 'RenameStmt')
  if (statement === undefined) return undefined
  const table = statement.relation?.relname
  const certain = statement.missing_ok !== true && !isHistory(table)
  switch (statement.renameType) {
    case 'OBJECT_TABLE':
      return renamed({ kind: 'relation', certain }, table, statement.newname)
    case 'OBJECT_TYPE':
      return renamed({ kind: 'relation', certain }, nameParts(statement.object).at(-1), statement.newname)
    case 'OBJECT_COLUMN':
      return renamed({ kind: 'column', table, certain }, statement.subname, statement.newname)
    default:
      return undefined
  }
}

function renamed(what: Pick<Step, 'kind' | 'table' | 'certain'>, from?: string, to?: string): readonly Step[] {
  return [
    { ...what, way: 'goes', name: from },
    { ...what, way: 'comes', name: to },
  ]
}

function drop(node: Node): readonly Step[] | undefined {
  const statement = as(node, 'DropStmt')
  if (statement === undefined || statement.behavior === 'DROP_CASCADE' || statement.concurrent === true)
    return undefined
  const relation = statement.removeType === 'OBJECT_TABLE' || statement.removeType === 'OBJECT_TYPE'
  if (!relation && statement.removeType !== 'OBJECT_INDEX') return undefined
  return (statement.objects ?? []).map((object) => {
    const name = nameParts(object).at(-1)
    const certain = statement.missing_ok !== true && !isHistory(name)
    return { way: 'goes', kind: relation ? 'relation' : 'attached', name, certain }
  })
}

function lastOf(names: readonly Node[] | undefined): string | undefined {
  return as(names?.at(-1), 'String')?.sval
}

/** Left out of the comparison; see postgres/catalog.ts. */
function isHistory(name: string | undefined): boolean {
  return name === undefined || /^_(?:prisma|airlock|_drizzle)_migrations/.test(name)
}

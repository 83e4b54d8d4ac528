import { type TreeNode, visit } from '../../../sql/effects/tree.ts'
import { lockModes, type RelationName, type Statement } from '../../../sql/model.ts'
import { type Parser, parseMigration } from '../../../sql/parse.ts'
import type { Plan } from '../../plan/plan.ts'

/** What the plan lets happen to the rows of one table. */
export interface Touch {
  readonly mayGrow: boolean
  readonly mayShrink: boolean
  /** Columns that get other values, under the names of the statements; `any` where nobody can tell. */
  readonly columns: ReadonlySet<string> | 'any'
}

export interface Touches {
  readonly of: ReadonlyMap<RelationName, Touch>
  /** A statement of which nobody can tell what it does: then nothing is beside the plan. */
  readonly unknown: string | undefined
}

const leastOfWriters = lockModes.indexOf('RowExclusiveLock')

export function touchesOf({ migrations }: Pick<Plan, 'migrations'>, parser: Parser): Touches {
  const all = new Map<RelationName, Touch>()
  let unknown: string | undefined
  for (const { name, statements } of migrations)
    for (const statement of statements) {
      if (statement.effects.unknown) unknown ??= `${name}:${statement.range.line}`
      for (const [relation, touch] of touchesOfOne(statement, parser)) all.set(relation, both(all.get(relation), touch))
    }
  return { of: all, unknown }
}

function touchesOfOne(statement: Statement, parser: Parser): readonly (readonly [RelationName, Touch])[] {
  const { effects, runsCode } = statement
  const written = readWrites(statement.sql, parser)
  const anyOfThem = {
    inserts: [...written.values()].some(({ inserts }) => inserts),
    columns: new Set([...written.values()].flatMap(({ columns }) => [...columns])),
  }
  const relations = new Set([
    ...effects.locks.filter(({ mode }) => lockModes.indexOf(mode) >= leastOfWriters).map(({ relation }) => relation),
    ...effects.rewrites,
    ...effects.overwrites,
  ])
  return [...relations].map((relation) => {
    const own = written.get(relation.slice(relation.indexOf('.') + 1))
    // A partition and what is below a view are written under the name of another: of which one, the text does not say.
    const { inserts, columns } = own ?? anyOfThem
    const loses = effects.loses.some(
      (loss) => (loss.kind === 'rows' || loss.kind === 'table') && loss.name === relation,
    )
    return [
      relation,
      {
        mayGrow: runsCode || inserts,
        mayShrink: runsCode || loses,
        // A foreign key that writes, and a partition, get values that stand under another table's name.
        columns:
          runsCode || (effects.overwrites.includes(relation) && own === undefined)
            ? 'any'
            : own !== undefined || effects.rewrites.includes(relation)
              ? columns
              : new Set(),
      },
    ]
  })
}

/** What the plan lets happen to a table that it may call by its name of before and, once renamed, by another. */
export function touchOf({ of }: Touches, names: readonly (string | undefined)[]): Touch | undefined {
  return names.reduce<Touch | undefined>((all, name) => {
    const touch = of.get(name ?? '')
    return touch === undefined ? all : both(all, touch)
  }, undefined)
}

interface Writes {
  inserts: boolean
  readonly columns: Set<string>
}

/** By the names of tables without their schema: more than one can be meant, and then more is let happen. */
function readWrites(sql: string, parser: Parser): ReadonlyMap<string, Writes> {
  const found = new Map<string, Writes>()
  const parsed = parseMigration(parser, sql)
  if (parsed.kind !== 'parsed') return found
  for (const { node } of parsed.statements)
    visit(node, (kind, inner) => {
      if (!writing.has(kind)) return
      const table = textAt(inner.relation, 'relname')
      const writes = found.get(table) ?? { inserts: false, columns: new Set() }
      found.set(table, writes)
      if (kind === 'InsertStmt' || kind === 'MergeStmt' || kind === 'CopyStmt') writes.inserts = true
      // Of an INSERT only what it says ON CONFLICT changes rows that were there.
      for (const column of assignedIn(kind === 'InsertStmt' ? inner.onConflictClause : inner))
        writes.columns.add(column)
    })
  return found
}

const writing: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'AlterTableStmt',
])

function assignedIn(node: unknown): readonly string[] {
  const names: string[] = []
  const take = (targets: unknown) => {
    for (const target of Array.isArray(targets) ? targets : [])
      names.push(textAt((target as TreeNode).ResTarget, 'name'))
  }
  take((node as TreeNode | undefined)?.targetList)
  visit(node, (kind, inner) => {
    if (kind === 'MergeWhenClause') take(inner.targetList)
    // ALTER COLUMN … TYPE … USING, SET EXPRESSION: the column is written anew.
    if (kind === 'AlterTableCmd') names.push(textAt(inner, 'name'))
  })
  return names
}

function textAt(node: unknown, key: string): string {
  const value = typeof node === 'object' && node !== null ? (node as TreeNode)[key] : undefined
  return typeof value === 'string' ? value : ''
}

function both(a: Touch | undefined, b: Touch): Touch {
  if (a === undefined) return b
  return {
    mayGrow: a.mayGrow || b.mayGrow,
    mayShrink: a.mayShrink || b.mayShrink,
    columns: a.columns === 'any' || b.columns === 'any' ? 'any' : new Set([...a.columns, ...b.columns]),
  }
}

/** Tables that have no row when a statement comes to them: what takes as long as a table is large takes no time there. */

import { as } from '../sql/effects/tree.ts'
import type { RelationName } from '../sql/model.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

type File = Pick<RuleContext, 'statements'>

/** Emptied by the file itself. */
export function isEmptied(table: RelationName, by: AnalysedStatement, file: File): boolean {
  return (milestonesOf(file).emptied.get(table) ?? Number.POSITIVE_INFINITY) < by.index
}

/**
 * Emptied, or proven empty: a required column without a default can only be added to a table without rows, and where that is
 * told, the rest of the file is not reached on any other.
 */
export function isEmpty(
  table: RelationName,
  at: AnalysedStatement,
  context: File & Pick<RuleContext, 'settings'>,
): boolean {
  if (isEmptied(table, at, context)) return true
  if (context.settings['add-not-null-without-default'] === 'off') return false
  return (milestonesOf(context).proven.get(table) ?? Number.POSITIVE_INFINITY) <= at.index
}

/** Added by the file without a value, and not filled since: NULL in every row, which no key and no reference objects to. */
export function holdsOnlyNulls(table: RelationName, column: string, at: AnalysedStatement, file: File): boolean {
  const { added, written, unknown } = milestonesOf(file)
  const from = added.get(`${table}.${column}`)
  if (from === undefined || from > at.index) return false
  return ![...(written.get(table) ?? []), ...unknown].some((index) => from <= index && index < at.index)
}

/** By the index of the statement; of what happens again, the first time. */
interface Milestones {
  readonly emptied: Map<RelationName, number>
  readonly proven: Map<RelationName, number>
  readonly added: Map<string, number>
  readonly written: Map<RelationName, number[]>
  readonly unknown: number[]
}

/** Worked out once for a file: many statements of many rules ask. */
const known = new WeakMap<File['statements'], Milestones>()

function milestonesOf({ statements }: File): Milestones {
  const before = known.get(statements)
  if (before !== undefined) return before
  const found: Milestones = {
    emptied: new Map(),
    proven: new Map(),
    added: new Map(),
    written: new Map(),
    unknown: [],
  }
  for (const statement of statements) note(statement, found)
  known.set(statements, found)
  return found
}

function note(statement: AnalysedStatement, { emptied, proven, added, written, unknown }: Milestones): void {
  const { index, kind, changes, effects } = statement
  const first = (map: Map<string, number>, key: string) => {
    if (!map.has(key)) map.set(key, index)
  }
  const gone = emptiedBy(statement)
  if (gone !== undefined) first(emptied, gone)
  for (const change of changes) {
    if (change.kind !== 'add-column' || change.filledBy !== 'none') continue
    if (kind === 'AlterTableStmt' && change.column.notNull) first(proven, change.table)
    first(added, `${change.table}.${change.column.name}`)
  }
  for (const { relation, mode } of effects.locks) {
    if (mode !== 'RowExclusiveLock') continue
    const all = written.get(relation)
    if (all === undefined) written.set(relation, [index])
    else all.push(index)
  }
  if (effects.unknown) unknown.push(index)
}

function emptiedBy({ kind, node, effects }: AnalysedStatement): RelationName | undefined {
  const all = kind === 'TruncateStmt' || (kind === 'DeleteStmt' && as(node, 'DeleteStmt')?.whereClause === undefined)
  const [first] = effects.loses
  return all && first?.kind === 'rows' ? first.name : undefined
}

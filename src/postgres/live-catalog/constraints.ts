import type { Constraint, ConstraintKind, Index } from '../../sql/catalog/model.ts'
import { provenNotNull } from '../../sql/effects/constraint-nodes.ts'
import { as } from '../../sql/effects/tree.ts'
import { type Parser, parseMigration } from '../../sql/parse.ts'
import type { Names } from './names.ts'
import type { ConstraintRow, Id } from './rows.ts'

const kinds: Readonly<Record<ConstraintRow['kind'], ConstraintKind>> = {
  p: 'primary',
  u: 'unique',
  f: 'foreign',
  c: 'check',
  x: 'exclusion',
  n: 'not-null',
}

/** Actions that write into the referencing table: CASCADE, SET NULL, SET DEFAULT. */
const writing = new Set(['c', 'n', 'd'])

export function constraintOf(
  row: ConstraintRow,
  names: Names,
  indexes: ReadonlyMap<Id, Index>,
  parser: Parser,
): Constraint {
  return {
    name: row.name,
    kind: kinds[row.kind],
    // Of an exclusion the server lists plain columns only; its index knows those in expressions and in the WHERE.
    columns:
      (row.kind === 'x' ? indexes.get(row.index)?.columns : undefined) ?? names.columns(row.relation, row.columns),
    references: referencesOf(row, names),
    writesOnDelete: writing.has(row.onDelete),
    writesOnUpdate: writing.has(row.onUpdate),
    deletesRows: row.onDelete === 'c',
    validated: row.validated,
    provesNotNull: row.expression === null ? [] : provenBy(row.expression, parser),
  }
}

function referencesOf({ references, referencedColumns }: ConstraintRow, names: Names): Constraint['references'] {
  const table = names.relation(references)
  if (references === null || table === undefined) return undefined
  return { table, columns: names.columns(references, referencedColumns) }
}

/** What a newer server says and this grammar cannot read proves nothing. */
function provenBy(expression: string, parser: Parser): readonly string[] {
  const parsed = parseMigration(parser, `SELECT ${expression}`)
  if (parsed.kind === 'syntax-error') return []
  const target = as(parsed.statements[0]?.node, 'SelectStmt')?.targetList?.[0]
  return provenNotNull(as(target, 'ResTarget')?.val)
}

/** Constraints as the grammar has them, turned into what the catalog keeps. */

import type { Constraint as ConstraintNode, ConstrType, Node } from 'libpg-query'
import type { Constraint, ConstraintKind, Table } from '../catalog/model.ts'
import { splitName } from '../identifiers.ts'
import type { RelationName } from '../model.ts'
import { columnsMentioned } from './expressions.ts'
import type { EffectSink } from './sink.ts'
import { allOf, as, strings } from './tree.ts'

const kinds: Partial<Readonly<Record<ConstrType, ConstraintKind>>> = {
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_CHECK: 'check',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not-null',
}

/** Actions that write into the referencing table: CASCADE, SET NULL, SET DEFAULT. */
const writing = new Set(['c', 'n', 'd'])

/** `undefined` for what is no constraint of its own: defaults, identity, generation, DEFERRABLE and the like. */
export function constraintOf(
  node: ConstraintNode,
  table: RelationName,
  sink: EffectSink,
  ofColumn?: string,
): Constraint | undefined {
  const kind = node.contype === undefined ? undefined : kinds[node.contype]
  if (kind === undefined || (kind === 'not-null' && ofColumn !== undefined)) return undefined
  const columns = ofColumn === undefined ? columnsOf(node, kind, table, sink) : [ofColumn]
  const bare: Constraint = {
    name: node.conname ?? '',
    kind,
    columns,
    references:
      node.pktable === undefined
        ? undefined
        : { table: sink.relationOf(node.pktable), columns: strings(node.pk_attrs) },
    writesOnDelete: writing.has(node.fk_del_action ?? 'a'),
    writesOnUpdate: writing.has(node.fk_upd_action ?? 'a'),
    deletesRows: node.fk_del_action === 'c',
    // The grammar says `initially_valid` for a NOT VALID constraint of a new table too, where there is nothing to check.
    validated: node.skip_validation !== true,
    provesNotNull: kind === 'check' ? provenNotNull(node.raw_expr) : [],
  }
  return bare.name === '' ? { ...bare, name: defaultConstraintName(bare, table) } : bare
}

function columnsOf(
  node: ConstraintNode,
  kind: ConstraintKind,
  table: RelationName,
  sink: EffectSink,
): readonly string[] {
  if (kind === 'foreign') return strings(node.fk_attrs)
  if (kind === 'check') return [...(columnsMentioned(node.raw_expr) ?? [])]
  if (node.indexname !== undefined) {
    const index = sink.relation(`${splitName(table).schema}.${node.indexname}`)
    return index?.kind === 'index' ? index.columns : []
  }
  if (kind === 'exclusion') {
    const parts = allOf(node.exclusions, 'List').flatMap(({ items }) => allOf(items, 'IndexElem'))
    const plain = parts.flatMap((part) => part.name ?? [])
    return [...new Set([...plain, ...(columnsMentioned([parts, node.where_clause]) ?? [])])]
  }
  return strings(node.keys)
}

/** The name that the server would choose, without its search for a free one. */
export function defaultConstraintName(constraint: Constraint, table: RelationName): string {
  const { name } = splitName(table)
  const columns = constraint.columns.join('_')
  const suffixes: Readonly<Record<ConstraintKind, string>> = {
    primary: 'pkey',
    unique: `${columns}_key`,
    foreign: `${columns}_fkey`,
    check: columns === '' || constraint.columns.length > 1 ? 'check' : `${columns}_check`,
    exclusion: `${columns}_excl`,
    'not-null': `${columns}_not_null`,
  }
  return `${name}_${suffixes[constraint.kind]}`
}

/** Since version 18 every NOT NULL is a constraint with a name; where nobody gave it one, the column tells. */
export function constraintNamed(name: string, table: RelationName, known: Table | undefined): Constraint | undefined {
  const listed = known?.constraints.find((constraint) => constraint.name === name)
  if (listed !== undefined) return listed
  for (const column of known?.columns.values() ?? []) {
    const implied = { ...impliedNotNull, columns: [column.name], provesNotNull: [column.name] }
    if (column.notNull && defaultConstraintName(implied, table) === name) return { ...implied, name }
  }
  return undefined
}

const impliedNotNull: Constraint = {
  name: '',
  kind: 'not-null',
  columns: [],
  references: undefined,
  writesOnDelete: false,
  writesOnUpdate: false,
  deletesRows: false,
  validated: true,
  provesNotNull: [],
}

/** Columns that `a IS NOT NULL AND b IS NOT NULL AND …` proves. */
export function provenNotNull(expression: Node | undefined): readonly string[] {
  const test = as(expression, 'NullTest')
  if (test?.nulltesttype === 'IS_NOT_NULL') return strings(as(test.arg, 'ColumnRef')?.fields).slice(-1)
  const all = as(expression, 'BoolExpr')
  return all?.boolop === 'AND_EXPR' ? (all.args ?? []).flatMap(provenNotNull) : []
}

/** Constraints as the grammar has them, turned into what the catalog keeps. */

import type { Constraint as ConstraintNode, ConstrType, IndexElem, Node } from 'libpg-query'
import type { Constraint, ConstraintKind, Table } from '../catalog/model.ts'
import { beside, chosenName, distinct, withoutSchema } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { indexColumns } from './index-columns.ts'
import type { EffectSink } from './sink.ts'
import { allOf, as, strings, visit } from './tree.ts'

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
  const columns = ofColumn === undefined || kind === 'check' ? columnsOf(node, kind, table, sink) : [ofColumn]
  return {
    name: nameOf(node, kind, columns, table, sink),
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
}

function columnsOf(
  node: ConstraintNode,
  kind: ConstraintKind,
  table: RelationName,
  sink: EffectSink,
): readonly string[] {
  if (kind === 'foreign') return strings(node.fk_attrs)
  if (kind === 'check') return [...columnsOfTable(node.raw_expr)]
  if (node.indexname !== undefined) {
    const index = sink.relation(beside(table, node.indexname))
    return index?.kind === 'index' ? index.columns : []
  }
  if (kind === 'exclusion') {
    const parts = partsOf(node)
    const plain = parts.flatMap((part) => part.name ?? [])
    return [...new Set([...plain, ...columnsOfTable([parts, node.where_clause])])]
  }
  return strings(node.keys)
}

function partsOf(exclusion: ConstraintNode): readonly IndexElem[] {
  return allOf(exclusion.exclusions, 'List').flatMap(({ items }) => allOf(items, 'IndexElem'))
}

/** In an expression about one table, where only the last part of `schema.table.column` can be a column. */
function columnsOfTable(expression: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  visit(expression, (kind, node) => {
    if (kind === 'ColumnRef') for (const name of strings(node.fields as readonly Node[]).slice(-1)) found.add(name)
  })
  return found
}

const labels: Readonly<Record<ConstraintKind, string>> = {
  primary: 'pkey',
  unique: 'key',
  foreign: 'fkey',
  check: 'check',
  exclusion: 'excl',
  'not-null': 'not_null',
}

function nameOf(
  node: ConstraintNode,
  kind: ConstraintKind,
  columns: readonly string[],
  table: RelationName,
  sink: EffectSink,
): string {
  const given = node.conname ?? node.indexname
  const name = given === undefined ? sink.freeName(table, named(), labels[kind]) : sink.claim(beside(table, given))
  return withoutSchema(name)

  function named(): readonly string[] {
    if (kind === 'primary' || (kind === 'check' && columns.length > 1)) return []
    if (kind === 'exclusion') return indexColumns([...partsOf(node), ...included()])
    return kind === 'unique' ? distinct([...columns, ...strings(node.including)]) : columns
  }
  function included(): readonly IndexElem[] {
    return strings(node.including).map((name) => ({ name }))
  }
}

/** Since version 18 every NOT NULL is a constraint with a name; where nobody gave it one, the column tells. */
export function constraintNamed(name: string, table: RelationName, known: Table | undefined): Constraint | undefined {
  const listed = known?.constraints.find((constraint) => constraint.name === name)
  if (listed !== undefined) return listed
  for (const column of known?.columns.values() ?? []) {
    const implied = { ...impliedNotNull, columns: [column.name], provesNotNull: [column.name] }
    const chosen = chosenName(withoutSchema(table), [column.name], labels['not-null'])
    if (column.notNull && chosen === name) return { ...implied, name }
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

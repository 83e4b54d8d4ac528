/** From a column definition to what it is and what adding it means. */

import type { ColumnDef, Constraint as ConstraintNode } from 'libpg-query'
import type { DefaultKind } from '../catalog/change.ts'
import type { Column, Constraint, TypeRef } from '../catalog/model.ts'
import { beside } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { constraintOf } from './constraint-nodes.ts'
import { defaultUses, sequencesUsed, steadinessOf } from './expressions.ts'
import { isBaseType, serialBase } from './known-types.ts'
import type { EffectSink } from './sink.ts'
import { allOf, nameParts, typeRef } from './tree.ts'

export interface ColumnDefinition {
  readonly column: Column
  readonly filledBy: DefaultKind
  readonly constraints: readonly Constraint[]
  readonly checks: boolean
  readonly builtIndexes: boolean
  /** Every row gets its own value: the table is rewritten when the column is added to it. */
  readonly fillsEachRow: boolean
  /** Why that could not be told. */
  readonly doubt: string | undefined
  readonly ownSequence: RelationName | undefined
}

export function columnDefinition(definition: ColumnDef, table: RelationName, sink: EffectSink): ColumnDefinition {
  const name = definition.colname ?? ''
  const written = definition.typeName === undefined ? undefined : typeRef(definition.typeName)
  const base = written === undefined ? undefined : serialBase(written.name)
  const type: TypeRef | undefined =
    base === undefined
      ? written === undefined
        ? undefined
        : sink.resolveType(written)
      : { name: base, modifiers: [], array: false }
  const parts = allOf(definition.constraints, 'Constraint')
  const has = (kind: ConstraintNode['contype']) => parts.some((part) => part.contype === kind)
  const expression = parts.find((part) => part.contype === 'CONSTR_DEFAULT')?.raw_expr
  const stored = parts.some((part) => part.contype === 'CONSTR_GENERATED' && part.generated_kind !== 'v')
  const identity = has('CONSTR_IDENTITY')
  const userType = type === undefined ? undefined : sink.userType(type)
  const constrainedDomain = userType?.kind === 'domain' && userType.constrained
  const unseenType = type !== undefined && userType === undefined && !isBaseType(type.name) ? type : undefined
  const steadiness = expression === undefined ? undefined : steadinessOf(expression, sink)
  const usesSequence = base !== undefined || identity
  const ownSequence = usesSequence ? sequenceOf(parts, table, name, sink) : undefined
  const constraints = columnConstraints(parts, table, name, sink)

  return {
    column: {
      name,
      type,
      notNull: has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY') || usesSequence,
      hasDefault: expression !== undefined || usesSequence,
      generated: has('CONSTR_GENERATED'),
      identity,
      sequence: ownSequence ?? (expression === undefined ? undefined : sequencesUsed(expression, sink)[0]),
      defaultUses: defaultUses(
        parts.filter(({ contype }) => contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_GENERATED'),
        sink,
      ),
      createdBy: sink.context.migration,
    },
    filledBy: fill(),
    constraints,
    checks: has('CONSTR_CHECK'),
    builtIndexes: has('CONSTR_PRIMARY') || has('CONSTR_UNIQUE'),
    fillsEachRow:
      usesSequence || stored || constrainedDomain || (steadiness !== undefined && steadiness.kind !== 'steady'),
    doubt:
      steadiness?.kind === 'unknown'
        ? `whether the default of the column ${name} is volatile is not known: ${steadiness.because}`
        : unseenType === undefined
          ? undefined
          : `nothing is known about the type ${unseenType.name} of the column ${name}; a domain with a constraint would rewrite the table`,
    ownSequence,
  }

  function fill(): DefaultKind {
    if (usesSequence) return 'sequence'
    if (has('CONSTR_GENERATED')) return 'generated'
    if (steadiness === undefined) return 'none'
    return steadiness.kind === 'steady' ? 'constant' : 'volatile'
  }
}

/** That of an identity column may have been given a name. */
export function sequenceOf(
  parts: readonly ConstraintNode[],
  table: RelationName,
  column: string,
  sink: EffectSink,
): RelationName {
  const options = parts.flatMap((part) => (part.contype === 'CONSTR_IDENTITY' ? allOf(part.options, 'DefElem') : []))
  const given = nameParts(options.find(({ defname }) => defname === 'sequence_name')?.arg)
  if (given.length === 0) return sink.freeName(table, [column], 'seq')
  return given.length === 1 ? beside(table, given[0] ?? '') : sink.newName(given)
}

function columnConstraints(
  parts: readonly ConstraintNode[],
  table: RelationName,
  column: string,
  sink: EffectSink,
): readonly Constraint[] {
  const found: Constraint[] = []
  for (const part of parts) {
    const constraint = constraintOf(part, table, sink, column)
    if (constraint !== undefined) found.push(constraint)
  }
  return found
}

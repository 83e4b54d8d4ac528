/** Where values of a type are: in columns of it, and inside other types. */

import type { UserType } from '../catalog/model.ts'
import type { RelationName } from '../model.ts'
import type { EffectSink } from './sink.ts'

export interface TypedColumn {
  readonly table: RelationName
  readonly column: string
  /** An array of it. */
  readonly array: boolean
}

export function columnsOf(type: string, sink: EffectSink): readonly TypedColumn[] {
  const found: TypedColumn[] = []
  for (const relation of sink.catalog.relations.values()) {
    if (relation.kind !== 'table') continue
    for (const { name, type: of } of relation.columns.values())
      if (of?.name === type) found.push({ table: relation.name, column: name, array: of.array })
  }
  return found
}

/** Tables that were made `OF` the composite type. */
export function tablesOf(type: string, sink: EffectSink): readonly RelationName[] {
  return [...sink.catalog.relations.values()].flatMap((relation) =>
    relation.kind === 'table' && relation.ofType === type ? relation.name : [],
  )
}

/** Domains over it, composite types and ranges of it; `direct` where a value of the one is a value of the other. */
export function typesOver(
  type: string,
  sink: EffectSink,
): readonly { readonly type: UserType; readonly direct: boolean }[] {
  return [...sink.catalog.types.values()].flatMap((other) => {
    if (other.base?.name === type) return { type: other, direct: other.kind === 'domain' && !other.base.array }
    return other.attributes.some((attribute) => attribute.type.name === type) ? { type: other, direct: false } : []
  })
}

export interface DomainUses {
  /** Tables with columns of the domain, or of a domain over it: the server reads them to prove a new constraint. */
  readonly read: readonly RelationName[]
  /** Columns that have it inside an array, a row or a range: as long as there are any, the server refuses (measured on 14 and 18). */
  readonly refused: readonly string[]
}

export function usesOfDomain(domain: string, sink: EffectSink): DomainUses {
  const read = new Set<RelationName>()
  const refused = new Set<string>()
  const seen = new Set<string>()
  const queue = [{ name: domain, direct: true }]
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    const { name, direct } = one
    const visit = `${name} ${direct}`
    if (seen.has(visit)) continue
    seen.add(visit)
    for (const { table, column, array } of columnsOf(name, sink)) {
      read.add(table)
      if (array || !direct) refused.add(`${table}.${column}`)
      // Every table is a type too: that of its rows.
      queue.push({ name: table, direct: false })
    }
    for (const over of typesOver(name, sink)) queue.push({ name: over.type.name, direct: direct && over.direct })
  }
  return { read: [...read], refused: [...refused] }
}

/** The relations of a catalog by name, and for each the others that point at it: nobody goes through all of them to find a few. */

import type { RelationName } from '../model.ts'
import type { Relation } from './model.ts'
import { VersionedMap } from './versioned-map.ts'

export type ReadonlyRelations = ReadonlyMap<RelationName, Relation> & Pick<Relations, 'pointingAt'>

export class Relations extends VersionedMap<RelationName, Relation> {
  readonly #pointing: VersionedMap<RelationName, readonly RelationName[]>
  /** Temporary tables and what belongs to them: gone when the session ends. */
  readonly temporary: Set<RelationName>

  constructor(from: ReadonlyMap<RelationName, Relation> = new Map()) {
    super(from)
    this.#pointing = new VersionedMap(from instanceof Relations ? from.#pointing : new Map())
    this.temporary = new Set(from instanceof Relations ? from.temporary : [])
    if (!(from instanceof Relations))
      for (const relation of from.values()) this.#point(relation.name, [], targetsOf(relation))
  }

  /** Its indexes and sequences, the tables that reference or inherit from it, the views that read it. */
  pointingAt(name: RelationName): readonly Relation[] {
    return (this.#pointing.get(name) ?? []).flatMap((other) => this.get(other) ?? [])
  }

  override set(name: RelationName, relation: Relation): this {
    this.#point(name, targetsOf(this.get(name)), targetsOf(relation))
    if (name.startsWith('pg_temp.')) this.temporary.add(name)
    return super.set(name, relation)
  }

  override delete(name: RelationName): boolean {
    this.#point(name, targetsOf(this.get(name)), [])
    this.temporary.delete(name)
    return super.delete(name)
  }

  #point(name: RelationName, before: readonly RelationName[], now: readonly RelationName[]): void {
    for (const target of before) {
      if (!now.includes(target))
        this.#pointing.set(
          target,
          this.#pointersOf(target).filter((other) => other !== name),
        )
    }
    for (const target of now) {
      if (!this.#pointersOf(target).includes(name)) this.#pointing.set(target, [...this.#pointersOf(target), name])
    }
  }

  #pointersOf(target: RelationName): readonly RelationName[] {
    return this.#pointing.get(target) ?? []
  }
}

function targetsOf(relation: Relation | undefined): readonly RelationName[] {
  switch (relation?.kind) {
    case undefined:
      return []
    case 'index':
      return [relation.table]
    case 'sequence':
      return relation.ownedBy === undefined ? [] : [relation.ownedBy.table]
    case 'view':
    case 'materialized-view':
      return relation.reads
    case 'table':
      return [...relation.parents, ...relation.constraints.flatMap(({ references }) => references?.table ?? [])]
  }
}

/** The relations of a catalog by name, and for each the others that point at it: nobody goes through all of them to find a few. */

import type { RelationName } from '../model.ts'
import type { Relation, Table } from './model.ts'
import { beside } from './names.ts'
import type { Unread } from './unread.ts'
import { VersionedMap } from './versioned-map.ts'

export type ReadonlyRelations = ReadonlyMap<RelationName, Relation> &
  Pick<Relations, 'pointingAt' | 'withConstraint'> & { readonly secured: ReadonlySet<RelationName> }

/** From a name to the relations that have to do with it. */
type Pointers = VersionedMap<RelationName, readonly RelationName[]>

export class Relations extends VersionedMap<RelationName, Relation> {
  readonly #pointing: Pointers
  /** By the name that an index of the constraint would have. */
  readonly #constrained: Pointers
  /** Temporary tables and what belongs to them: gone when the session ends. */
  readonly temporary: Set<RelationName>
  /** Tables whose row level security is enabled. */
  readonly secured: Set<RelationName>
  readonly #unread: Unread | undefined

  /** `part`: of a live catalog of which not all was read, and which others have row level security. */
  constructor(
    from: ReadonlyMap<RelationName, Relation> = new Map(),
    part?: { readonly unread: Unread; readonly secured: Iterable<RelationName> },
  ) {
    super(from)
    const known = from instanceof Relations ? from : undefined
    this.#pointing = new VersionedMap(known === undefined ? new Map() : known.#pointing)
    this.#constrained = new VersionedMap(known === undefined ? new Map() : known.#constrained)
    this.temporary = new Set(known?.temporary)
    this.secured = new Set(known?.secured ?? part?.secured)
    this.#unread = known === undefined ? part?.unread : known.#unread
    if (known === undefined) for (const relation of from.values()) this.#note(relation.name, undefined, relation)
  }

  override get(name: RelationName): Relation | undefined {
    const found = super.get(name)
    if (found === undefined) this.#unread?.askRelation(name)
    return found
  }

  override get size(): number {
    this.#unread?.askEverything()
    return super.size
  }

  override entries(): MapIterator<[RelationName, Relation]> {
    this.#unread?.askEverything()
    return super.entries()
  }

  override keys(): MapIterator<RelationName> {
    this.#unread?.askEverything()
    return super.keys()
  }

  override values(): MapIterator<Relation> {
    this.#unread?.askEverything()
    return super.values()
  }

  /** Its indexes and sequences, the tables that reference or inherit from it, the views that read it. */
  pointingAt(name: RelationName): readonly Relation[] {
    this.#unread?.askPointingAt(name)
    const found: Relation[] = []
    for (const other of this.#pointing.get(name) ?? none) {
      const relation = this.get(other)
      if (relation !== undefined) found.push(relation)
    }
    return found
  }

  /** The tables of the schema that have a constraint of that name. */
  withConstraint(name: RelationName): readonly Table[] {
    this.#unread?.askConstraint(name)
    const tables = (this.#constrained.get(name) ?? none).map((table) => this.get(table))
    return tables.filter((relation) => relation?.kind === 'table')
  }

  override set(name: RelationName, relation: Relation): this {
    this.#note(name, this.get(name), relation)
    if (name.startsWith('pg_temp.')) this.temporary.add(name)
    return super.set(name, relation)
  }

  override delete(name: RelationName): boolean {
    this.#note(name, this.get(name), undefined)
    this.temporary.delete(name)
    return super.delete(name)
  }

  #note(name: RelationName, before: Relation | undefined, now: Relation | undefined): void {
    if (now?.kind === 'table' && now.rowSecurity) this.secured.add(name)
    else this.secured.delete(name)
    // Most changes of a table leave what points away from it as it is, and then these are the same objects.
    const isTable = before?.kind === 'table' && now?.kind === 'table'
    if (isTable && before.constraints === now.constraints && before.parents === now.parents) return
    move(this.#pointing, name, targetsOf(before), targetsOf(now))
    move(this.#constrained, name, constraintsOf(name, before), constraintsOf(name, now))
  }
}

function move(
  pointers: Pointers,
  name: RelationName,
  before: readonly RelationName[],
  now: readonly RelationName[],
): void {
  for (const target of before) {
    if (now.includes(target)) continue
    const left = (pointers.get(target) ?? none).filter((other) => other !== name)
    if (left.length === 0) pointers.delete(target)
    else pointers.set(target, left)
  }
  for (const target of now) {
    const known = pointers.get(target) ?? none
    if (!known.includes(name)) pointers.set(target, [...known, name])
  }
}

const none: readonly RelationName[] = []

function constraintsOf(name: RelationName, relation: Relation | undefined): readonly RelationName[] {
  return relation?.kind === 'table' ? relation.constraints.map((constraint) => beside(name, constraint.name)) : none
}

function targetsOf(relation: Relation | undefined): readonly RelationName[] {
  switch (relation?.kind) {
    case undefined:
      return none
    case 'index':
      return [relation.table]
    case 'sequence':
      return relation.ownedBy === undefined ? none : [relation.ownedBy.table]
    case 'view':
    case 'materialized-view':
      return relation.reads
    case 'table':
      return [...relation.parents, ...relation.constraints.flatMap(({ references }) => references?.table ?? [])]
  }
}

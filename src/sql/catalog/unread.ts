import type { RelationName } from '../model.ts'

/**
 * What a live catalog holds and what was not read of it. Whoever asks for any of that gets no answer, and the question is
 * noted: what was found out is worth something only where nothing was missed.
 */
export class Unread {
  readonly #relations: ReadonlySet<RelationName>
  readonly #pointedAt: ReadonlySet<RelationName>
  readonly #constraints: ReadonlySet<RelationName>
  readonly #relationsMissed = new Set<RelationName>()
  readonly #constraintsMissed = new Set<RelationName>()
  #everythingMissed = false

  constructor(unread: {
    /** They are there, and nothing else is known about them. */
    readonly relations: ReadonlySet<RelationName>
    /** They were read, and not all that points at them. */
    readonly pointedAt: ReadonlySet<RelationName>
    /** Of tables that were not read, beside which an index could have that name. */
    readonly constraints: ReadonlySet<RelationName>
  }) {
    this.#relations = unread.relations
    this.#pointedAt = unread.pointedAt
    this.#constraints = unread.constraints
  }

  get missed() {
    const [relations, constraints] = [this.#relationsMissed, this.#constraintsMissed]
    return {
      relations: relations as ReadonlySet<RelationName>,
      constraints: constraints as ReadonlySet<RelationName>,
      everything: this.#everythingMissed,
      nothing: relations.size === 0 && constraints.size === 0 && !this.#everythingMissed,
    }
  }

  askRelation(name: RelationName): void {
    if (this.#relations.has(name)) this.#relationsMissed.add(name)
  }

  askPointingAt(name: RelationName): void {
    if (this.#relations.has(name) || this.#pointedAt.has(name)) this.#relationsMissed.add(name)
  }

  askConstraint(name: RelationName): void {
    if (this.#constraints.has(name)) this.#constraintsMissed.add(name)
  }

  /** One after the other, or how many there are. */
  askEverything(): void {
    this.#everythingMissed = true
  }
}

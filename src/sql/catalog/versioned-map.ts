/**
 * A map with a version for every migration, where none is copied: the newest version holds the entries, and an older one
 * only what was different in it. Writing to a version that another one was made from gives it entries of its own again.
 */

type Content<Key, Value> =
  | { readonly kind: 'entries'; readonly entries: Map<Key, Value> }
  | {
      readonly kind: 'differences'
      readonly from: VersionedMap<Key, Value>
      /** `undefined` for what is not in this version. */
      readonly values: Map<Key, Value | undefined>
    }

export class VersionedMap<Key, Value> implements ReadonlyMap<Key, Value> {
  #content: Content<Key, Value>
  /** The version this one was made from, as long as anybody reads it: it has to be told what changes. */
  readonly #older: WeakRef<VersionedMap<Key, Value>> | undefined

  constructor(from: ReadonlyMap<Key, Value>) {
    if (!(from instanceof VersionedMap)) {
      this.#content = { kind: 'entries', entries: new Map(from) }
    } else if (from.#allEntries().size === 0) {
      this.#content = { kind: 'entries', entries: new Map() }
    } else {
      this.#content = { kind: 'entries', entries: from.#ownEntries() }
      from.#content = { kind: 'differences', from: this, values: new Map() }
      this.#older = new WeakRef(from)
    }
  }

  get(key: Key): Value | undefined {
    const content = this.#content
    if (content.kind === 'entries') return content.entries.get(key)
    return content.values.has(key) ? content.values.get(key) : content.from.get(key)
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  set(key: Key, value: Value): this {
    this.#entriesToChange(key).set(key, value)
    return this
  }

  delete(key: Key): boolean {
    return this.#entriesToChange(key).delete(key)
  }

  get size(): number {
    return this.#allEntries().size
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#allEntries().entries()
  }

  keys(): MapIterator<Key> {
    return this.#allEntries().keys()
  }

  values(): MapIterator<Value> {
    return this.#allEntries().values()
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries()
  }

  forEach(work: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this) work(value, key, this)
  }

  #entriesToChange(key: Key): Map<Key, Value> {
    const entries = this.#ownEntries()
    const older = this.#older?.deref()
    const content = older === undefined ? undefined : older.#content
    if (content?.kind === 'differences' && content.from === this && !content.values.has(key))
      content.values.set(key, entries.get(key))
    return entries
  }

  #ownEntries(): Map<Key, Value> {
    const entries = this.#allEntries()
    if (this.#content.kind === 'differences') this.#content = { kind: 'entries', entries }
    return entries
  }

  #allEntries(): Map<Key, Value> {
    const content = this.#content
    if (content.kind === 'entries') return content.entries
    const entries = new Map(content.from.#allEntries())
    for (const [key, value] of content.values) {
      if (value === undefined) entries.delete(key)
      else entries.set(key, value)
    }
    return entries
  }
}

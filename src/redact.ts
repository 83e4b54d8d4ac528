import { spellingsOf } from './spellings.ts'

/**
 * Secrets are registered the moment they are read, and everything that leaves the program goes through here:
 * terminal, JSON, report files, messages. `***` is what GitHub's own masking writes.
 */
export class Redactor {
  readonly #secrets = new Set<string>()
  readonly #onAdd: (secrets: readonly string[]) => void

  /** `onAdd` is told every spelling, so that the platform can hide it as well. */
  constructor(onAdd: (secrets: readonly string[]) => void = () => undefined) {
    this.#onAdd = onAdd
  }

  add(secrets: readonly string[]): void {
    const spellings = spellingsOf(secrets)
    for (const spelling of spellings) this.#secrets.add(spelling)
    this.#onAdd(spellings)
  }

  text(text: string): string {
    // Longest first: a URL before the password inside it, or half of the URL would stay.
    const ordered = [...this.#secrets].sort((a, b) => b.length - a.length)
    return ordered.reduce((clean, secret) => clean.replaceAll(secret, '***'), text)
  }

  /** Every string inside a JSON value; keys are ours and stay. */
  value<Value>(value: Value): Value {
    return this.#walk(value) as Value
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.#walk(item))
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#walk(item)]))
    }
    return value
  }
}

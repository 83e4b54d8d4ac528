/**
 * Secrets are registered the moment they are read, and everything that leaves the program goes through here:
 * terminal, JSON, report files, messages. `***` is what GitHub's own masking writes.
 */
export class Redactor {
  readonly #secrets = new Set<string>()

  add(secrets: readonly string[]): void {
    for (const secret of secrets) if (secret !== '') this.#secrets.add(secret)
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

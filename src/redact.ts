import { spellingsOf } from './spellings.ts'

/**
 * Secrets are registered the moment they are read, and everything that leaves the program goes through here:
 * terminal, JSON, report files, messages. `***` is what GitHub's own masking writes.
 */
export class Redactor {
  readonly #secrets = new Set<string>()
  /** Longest first: a URL before the password inside it, or half of the URL would stay. */
  #ordered: readonly string[] = []
  readonly #onAdd: (secrets: readonly string[]) => void

  /** `onAdd` is told every spelling, so that the platform can hide it as well. */
  constructor(onAdd: (secrets: readonly string[]) => void = () => undefined) {
    this.#onAdd = onAdd
  }

  add(secrets: readonly string[]): void {
    const spellings = spellingsOf(secrets)
    for (const spelling of spellings) this.#secrets.add(spelling)
    this.#ordered = [...this.#secrets].sort((a, b) => b.length - a.length)
    this.#onAdd(spellings)
  }

  text(text: string): string {
    let clean = text
    for (const secret of this.#ordered) if (clean.includes(secret)) clean = clean.replaceAll(secret, '***')
    return clean
  }

  /** Every string inside a JSON value; keys are ours and stay. What has no secret in it is not copied: a result can be large. */
  value<Value>(value: Value): Value {
    return this.#ordered.length === 0 ? value : (this.#walk(value) as Value)
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#walk(item))
      return items.some((item, index) => item !== value[index]) ? items : value
    }
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value).map(([key, item]) => [key, item, this.#walk(item)] as const)
    if (entries.every(([, item, clean]) => item === clean)) return value
    return Object.fromEntries(entries.map(([key, , clean]) => [key, clean]))
  }
}

const secretVariables = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'NEON_API_KEY',
  'SUPABASE_ACCESS_TOKEN',
]

/** Secrets that some stage may read from the environment, known before any of them does. */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return secretVariables.map((name) => env[name]?.trim() ?? '').filter((secret) => secret !== '')
}

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
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) {
      let clean: unknown[] | undefined
      for (let index = 0; index < value.length; index += 1) {
        const item: unknown = value[index]
        const now = this.#walk(item)
        if (now === item) continue
        clean ??= [...value]
        clean[index] = now
      }
      return clean ?? value
    }
    let changed: Map<string, unknown> | undefined
    for (const key of Object.keys(value)) {
      const item = (value as Readonly<Record<string, unknown>>)[key]
      const now = this.#walk(item)
      if (now === item) continue
      changed ??= new Map(Object.entries(value))
      changed.set(key, now)
    }
    return changed === undefined ? value : Object.fromEntries(changed)
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

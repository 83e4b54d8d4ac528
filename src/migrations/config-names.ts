/** What an expression is known to be without running it. `unknown` carries its own words, for the message. */
export type ConfigValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: string; readonly base: 'config' | 'cwd' }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'either'; readonly values: readonly ConfigValue[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, ConfigValue>; readonly complete: boolean }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly source: string; readonly at: number }

/** The meaning of the names that a file uses: what it imported them as, and what it set them to. */
export interface Scope {
  /** Local name → `module#export`, for the modules that are understood. */
  readonly imports: ReadonlyMap<string, string>
  readonly constants: Map<string, ConfigValue>
}

/** What a name means by itself; `undefined` where that cannot be told. */
export function nameOf(path: string, { imports, constants }: Scope): ConfigValue | undefined {
  const [first = '', ...rest] = path.split('.')
  const variable = /^(?:globalThis\.)?process\.env\.(\w+)$/.exec(path)?.[1]
  if (variable !== undefined) return { kind: 'env', name: variable }
  if (imports.get(first) === 'process#env' && rest.length === 1) return { kind: 'env', name: rest[0] ?? '' }
  if (path === '__dirname' || path === 'import.meta.dirname') return { kind: 'path', path: '', base: 'config' }
  if (path === 'undefined' || path === 'null') return { kind: 'nothing' }
  return rest.length === 0 ? constants.get(first) : undefined
}

export function callOf(path: string, values: readonly ConfigValue[], { imports }: Scope): ConfigValue | undefined {
  const [first = '', ...rest] = path.split('.')
  const called = [imports.get(first) ?? first, ...rest].join('.')
  const [argument] = values
  if (called === 'prisma/config#env' && argument?.kind === 'text') return { kind: 'env', name: argument.text }
  if (called === 'prisma/config#defineConfig' && values.length === 1) return argument
  if (called === 'drizzle-kit#defineConfig' && values.length === 1) return argument
  if (called === 'process.cwd') return { kind: 'path', path: '', base: 'cwd' }
  if (/^path#(?:(?:\*|default)\.)?join$/.test(called)) return joined(values, 'config')
  if (/^path#(?:(?:\*|default)\.)?resolve$/.test(called)) return joined(values, 'cwd')
  return undefined
}

function joined(values: readonly ConfigValue[], base: 'config' | 'cwd'): ConfigValue | undefined {
  const parts = values.map((value) =>
    value.kind === 'text' ? value.text : value.kind === 'path' ? value.path : undefined,
  )
  if (parts.length === 0 || parts.some((part) => part === undefined)) return undefined
  const [first] = values
  const path = parts.filter((part) => part !== '').join('/')
  return { kind: 'path', path, base: first?.kind === 'path' ? first.base : base }
}

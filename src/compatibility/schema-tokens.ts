/** The lexical surface of the Prisma schema language: enough to tell fields, attributes and their arguments apart. */

export interface SchemaToken {
  readonly kind: 'name' | 'text' | 'number' | 'mark' | 'line-end' | 'other'
  /** For a text what it says, for the others as it stands there. */
  readonly text: string
  readonly line: number
}

const patterns = [
  { kind: 'blank', pattern: /[ \t\r\f\v\uFEFF]+/y },
  { kind: 'blank', pattern: /\/\/[^\n]*/y },
  { kind: 'blank', pattern: /\/\*[\s\S]*?\*\//y },
  { kind: 'line-end', pattern: /\n/y },
  { kind: 'text', pattern: /"(?:\\.|[^"\\\n])*"/y },
  { kind: 'name', pattern: /[\p{L}_][\p{L}\p{N}_-]*/uy },
  { kind: 'number', pattern: /-?\d+(?:\.\d+)?/y },
  { kind: 'mark', pattern: /@@|[@{}()[\]=,.:?!]/y },
] as const

export function schemaTokens(source: string): readonly SchemaToken[] {
  const tokens: SchemaToken[] = []
  let line = 1
  for (let at = 0; at < source.length; ) {
    const { kind, text } = matchAt(source, at)
    at += text.length
    if (kind !== 'blank') tokens.push({ kind, text: kind === 'text' ? unquoted(text) : text, line })
    line += text.split('\n').length - 1
  }
  return [...tokens, { kind: 'line-end', text: '\n', line }]
}

function matchAt(source: string, at: number): { readonly kind: SchemaToken['kind'] | 'blank'; readonly text: string } {
  for (const { kind, pattern } of patterns) {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0]
    if (text !== undefined) return { kind, text }
  }
  return { kind: 'other', text: String.fromCodePoint(source.codePointAt(at) ?? 0) }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code?: string, one?: string) =>
      code === undefined ? (escapes[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
    )
}

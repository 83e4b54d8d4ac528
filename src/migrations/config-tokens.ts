/**
 * Just enough of JavaScript's and TypeScript's lexical grammar to read a configuration without running it. What is not
 * a name, a text or punctuation becomes `other` and makes whatever contains it unreadable.
 */
export interface Token {
  readonly kind: 'name' | 'text' | 'template' | 'mark' | 'other'
  /** For a text, what it says; for a template, what stands between the backticks. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Longest first. `=>`, `?.`, `??` and `||` matter to the reader; the rest only must not be mistaken for them. */
const marks = ['...', '===', '!==', '=>', '?.', '??', '||', '&&', '==', '!=']

/** After one of these a `/` begins a regular expression, after anything else it divides. */
const beforeRegex = /[=(,[{:;!&|?+\-*%<>~^]/

export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = source.startsWith('#!') ? lineEnd(source, 0) : 0
  while (at < source.length) {
    const start = at
    const character = source[at] ?? ''
    if (/\s|\uFEFF/.test(character)) {
      at++
    } else if (source.startsWith('//', at)) {
      at = lineEnd(source, at)
    } else if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2)
      at = end < 0 ? source.length : end + 2
    } else if (character === '"' || character === "'") {
      at = quoteEnd(source, at, character)
      tokens.push({ kind: 'text', text: withoutEscapes(source.slice(start + 1, at - 1)), start, end: at })
    } else if (character === '`') {
      at = templateEnd(source, at)
      tokens.push({ kind: 'template', text: source.slice(start + 1, at - 1), start, end: at })
    } else if (/[\p{L}_$]/u.test(character)) {
      at = matchEnd(source, at, /[\p{L}\p{N}_$]*/uy)
      tokens.push({ kind: 'name', text: source.slice(start, at), start, end: at })
    } else if (/\d/.test(character)) {
      at = matchEnd(source, at, /[\w.]*/y)
      tokens.push({ kind: 'other', text: source.slice(start, at), start, end: at })
    } else if (character === '/' && beforeRegex.test(tokens.at(-1)?.text.at(-1) ?? '=')) {
      at = matchEnd(source, at, /\/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n])+\/\w*|\//y)
      tokens.push({ kind: 'other', text: source.slice(start, at), start, end: at })
    } else {
      const mark = marks.find((one) => source.startsWith(one, at)) ?? character
      at += mark.length
      tokens.push({ kind: 'mark', text: mark, start, end: at })
    }
  }
  return tokens
}

export function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end < 0 ? source.length : end
}

function quoteEnd(source: string, at: number, quote: string): number {
  for (let index = at + 1; index < source.length; index++) {
    if (source[index] === '\\') index++
    else if (source[index] === quote || source[index] === '\n') return index + 1
  }
  return source.length
}

function templateEnd(source: string, at: number): number {
  for (let index = at + 1; index < source.length; index++) {
    if (source[index] === '\\') index++
    else if (source[index] === '`') return index + 1
    else if (source.startsWith('${', index)) index = substitutionEnd(source, index + 2)
  }
  return source.length
}

/** The brace that closes a substitution; texts and templates inside it may contain braces of their own. */
function substitutionEnd(source: string, at: number): number {
  let depth = 1
  let index = at
  for (; index < source.length; index++) {
    const character = source[index] ?? ''
    if (character === '"' || character === "'") index = quoteEnd(source, index, character) - 1
    else if (character === '`') index = templateEnd(source, index) - 1
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return index
  }
  return index
}

function matchEnd(source: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at
  const length = pattern.exec(source)?.[0].length ?? 0
  return at + Math.max(length, 1)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f', v: '\v' }

function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g,
    (_all, code?: string, unit?: string, byte?: string, one?: string) => {
      const hex = code ?? unit ?? byte
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      return one === undefined ? '' : (escapes[one] ?? one)
    },
  )
}

import type { Scope } from './config-names.ts'
import type { Token } from './config-tokens.ts'

/** Code beside the configuration after which a variable holds something else than what Prisma was started with. */
export interface Interference {
  /** `undefined`: any of them. */
  readonly variable: string | undefined
  /** As it stands there, for the message. */
  readonly source: string
  readonly at: number
}

/** `process.env.DATABASE_URL = …`, `delete process.env.X`, `Object.assign(process.env, …)`, `dotenv.config({ override: true })`. */
export function interferencesIn(source: string, tokens: readonly Token[], { imports }: Scope): readonly Interference[] {
  const text = (index: number) => tokens[index]?.text
  const shown = (from: number, to: number) => source.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? source.length)
  const found: Interference[] = []
  const dotenv = [...imports.values()].some((name) => name.startsWith('dotenv#'))
  tokens.forEach((token, index) => {
    const note = (variable: string | undefined, to: number) =>
      found.push({ variable, source: shown(index, to), at: token.start })
    if (dotenv && token.text === 'override' && token.kind !== 'template' && text(index + 1) !== undefined) {
      // `override: false` is the default, and says so.
      if (text(index + 1) !== ':' || text(index + 2) !== 'false') note(undefined, index + 2)
      return
    }
    const end = environmentAt(tokens, index, imports)
    if (end === undefined) return
    if (text(index - 1) === '(' && text(index - 2) === 'assign') note(undefined, end - 1)
    else if (assigns(tokens, end)) note(undefined, end)
    else if (text(end) === '.' || text(end) === '?.') {
      if (assigns(tokens, end + 2) || text(index - 1) === 'delete') note(text(end + 1), end + 2)
    } else if (text(end) === '[') {
      const plain = tokens[end + 1]?.kind === 'text' && text(end + 2) === ']'
      const close = plain ? end + 2 : closingOf(tokens, end)
      if (assigns(tokens, close + 1) || text(index - 1) === 'delete') {
        note(plain ? text(end + 1) : undefined, close + 1)
      }
    }
  })
  return found
}

/** Past `process.env`, or the name that it was imported as. */
function environmentAt(tokens: readonly Token[], index: number, imports: Scope['imports']): number | undefined {
  const [first, dot, second] = [tokens[index], tokens[index + 1], tokens[index + 2]]
  if (first?.kind !== 'name') return undefined
  if (first.text === 'process' && /^\??\.$/.test(dot?.text ?? '') && second?.text === 'env') return index + 3
  return imports.get(first.text) === 'process#env' && tokens[index - 1]?.text !== '.' ? index + 1 : undefined
}

/** `=`, `+=` and `&&=`. What `??=` and `||=` set was empty, and Airlock hands over nothing that is. */
function assigns(tokens: readonly Token[], index: number): boolean {
  const is = (at: number, ...texts: readonly string[]) => tokens[at]?.kind === 'mark' && texts.includes(tokens[at].text)
  return is(index, '=') || (is(index, '+', '&&') && is(index + 1, '='))
}

function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index]
    if (token?.kind !== 'mark') continue
    if (token.text === '[') depth++
    else if (token.text === ']' && --depth === 0) return index
  }
  return tokens.length
}

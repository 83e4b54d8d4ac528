import { type ConfigValue, callOf, nameOf, type Scope } from './config-names.ts'
import { type Token, tokenize } from './config-tokens.ts'

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Reads expressions from a list of tokens. One instance reads one file from its beginning to its end. */
export class ValueReader {
  readonly #source: string
  readonly #tokens: readonly Token[]
  readonly #scope: Scope
  position: number

  constructor(source: string, tokens: readonly Token[], scope: Scope, position = 0) {
    this.#source = source
    this.#tokens = tokens
    this.#scope = scope
    this.position = position
  }

  peek(offset = 0): Token | undefined {
    return this.#tokens[this.position + offset]
  }

  is(text: string, offset = 0): boolean {
    const token = this.peek(offset)
    return token?.text === text && token.kind !== 'text' && token.kind !== 'template'
  }

  take(text: string): boolean {
    if (!this.is(text)) return false
    this.position++
    return true
  }

  /** Reads one expression and leaves the reader at the mark that ended it. */
  expression(): ConfigValue {
    const start = this.position
    const values = [this.#operand()]
    while (this.take('??') || this.take('||')) values.push(this.#operand())
    if (!this.#atEnd()) return this.#unknownFrom(start)
    const [only, ...others] = values
    return only !== undefined && others.length === 0 ? only : { kind: 'either', values }
  }

  #operand(): ConfigValue {
    const start = this.position
    const value = this.#primary()
    while (this.take('!') || this.is('as') || this.is('satisfies')) {
      if (this.take('as') || this.take('satisfies')) this.#skipType()
    }
    return value.kind === 'unknown' ? this.#unknownFrom(start) : value
  }

  #primary(): ConfigValue {
    const token = this.peek()
    if (token === undefined) return this.#unknownFrom(this.position)
    if (token.kind === 'text') {
      this.position++
      return { kind: 'text', text: token.text }
    }
    if (token.kind === 'template') return this.#template(token)
    if (this.is('{')) return this.#object()
    if (this.take('(')) {
      const start = this.position
      const value = this.expression()
      if (this.take(')')) return value
      while (this.peek() !== undefined && !this.is(')')) this.#skipOne()
      this.take(')')
      return { kind: 'unknown', source: '(…)', at: this.#tokens[start]?.start ?? this.#source.length }
    }
    return token.kind === 'name' ? this.#named() : this.#unknownFrom(this.position)
  }

  /** A template counts as a text, or as the one value that it consists of. */
  #template(token: Token): ConfigValue {
    this.position++
    if (!token.text.includes('${')) return { kind: 'text', text: token.text }
    const inner = /^\$\{([^{}`]*)\}$/.exec(token.text)?.[1]
    if (inner === undefined) return { kind: 'unknown', source: `\`${token.text}\``, at: token.start }
    return new ValueReader(inner, tokenize(inner), this.#scope).expression()
  }

  /** `a.b['c']` as one dotted name, and a call of it. */
  #named(): ConfigValue {
    const start = this.position
    let path = this.peek()?.text ?? ''
    this.position++
    for (;;) {
      if (this.take('.') || this.take('?.')) {
        if (this.is('[')) continue
        path += `.${this.peek()?.text ?? ''}`
        this.position++
      } else if (this.is('[') && this.peek(1)?.kind === 'text' && this.is(']', 2)) {
        path += `.${this.peek(1)?.text ?? ''}`
        this.position += 3
      } else break
    }
    this.#skipTypeArguments()
    const value = this.take('(') ? callOf(path, this.#arguments(), this.#scope) : nameOf(path, this.#scope)
    return value ?? this.#unknownFrom(start)
  }

  #arguments(): readonly ConfigValue[] {
    const values: ConfigValue[] = []
    while (this.peek() !== undefined && !this.take(')')) {
      values.push(this.expression())
      if (!this.take(',') && !this.is(')')) this.position++
    }
    return values
  }

  #object(): ConfigValue {
    const entries = new Map<string, ConfigValue>()
    let complete = true
    this.position++
    while (this.peek() !== undefined && !this.take('}')) {
      const key = this.peek()
      const named = key?.kind === 'name' || key?.kind === 'text'
      if (named && this.is(':', 1)) {
        this.position += 2
        entries.set(key.text, this.expression())
      } else if (key?.kind === 'name' && (this.is(',', 1) || this.is('}', 1))) {
        entries.set(key.text, this.expression())
      } else if (this.take('...')) {
        complete = this.#spread(entries) && complete
      } else {
        complete = this.#unreadMember(entries) && complete
      }
      this.take(',')
    }
    return { kind: 'object', entries, complete }
  }

  /** A method, a getter or a computed key. Tells whether it is known which keys it can have set. */
  #unreadMember(entries: Map<string, ConfigValue>): boolean {
    const start = this.position
    const first = this.peek()
    const unread = (name: string): ConfigValue => ({ kind: 'unknown', source: `${name}(…)`, at: first?.start ?? 0 })
    let names = 0
    // `get migrations() {…}` and `async migrations() {…}` have two names, and the key is the second.
    for (let key = this.peek(); key?.kind === 'name' || key?.kind === 'text'; key = this.peek(++names)) {
      entries.set(key.text, unread(key.text))
    }
    const computed = names === 0 || this.is('[', names)
    if (computed) for (const name of entries.keys()) entries.set(name, unread(name))
    this.#skip()
    // A mark that belongs to nothing; without a step over it this would never end.
    if (this.position === start) this.position++
    return !computed
  }

  /** Tells whether it is known what the spread brought in. What it may have overwritten is known no longer. */
  #spread(entries: Map<string, ConfigValue>): boolean {
    const start = this.position
    const inline = this.is('(')
    const value = this.expression()
    if (value.kind === 'object') {
      for (const [name, entry] of value.entries) entries.set(name, entry)
      return value.complete
    }
    const tokens = this.#tokens.slice(start, this.position)
    const keys = new Set(tokens.filter((_token, index) => tokens[index + 1]?.text === ':').map(({ text }) => text))
    const nested = tokens.some(({ text }) => text === '...')
    for (const name of entries.keys()) {
      // `...(condition ? { a: 1 } : {})` touches nothing but its own keys.
      if (inline && !nested && !keys.has(name)) continue
      const first = tokens[0]
      entries.set(name, { kind: 'unknown', source: `...${first?.text ?? ''}`, at: first?.start ?? 0 })
    }
    return false
  }

  #atEnd(): boolean {
    const token = this.peek()
    if (token === undefined || [',', ')', ']', '}', ';'].some((mark) => this.is(mark))) return true
    // Without a semicolon the next statement begins on a line of its own, with a name.
    const before = this.peek(-1)
    return token.kind === 'name' && this.#source.slice(before?.end ?? 0, token.start).includes('\n')
  }

  #skip(): void {
    while (!this.#atEnd() || this.peek()?.kind === 'name') this.#skipOne()
  }

  /** `env<Env>('DATABASE_URL')`, as Prisma's documentation writes it. */
  #skipTypeArguments(): void {
    if (!this.is('<')) return
    let end = 1
    while (this.peek(end) !== undefined && /^[\w$.,|[\]]+$/.test(this.peek(end)?.text ?? '')) end++
    if (this.is('>', end) && this.is('(', end + 1)) this.position += end + 1
  }

  #skipType(): void {
    while (!this.#atEnd() && !this.is('??') && !this.is('||')) this.#skipOne()
  }

  #skipOne(): void {
    const close = closing[this.peek()?.kind === 'mark' ? (this.peek()?.text ?? '') : '']
    this.position++
    if (close === undefined) return
    while (this.peek() !== undefined && !this.is(close)) this.#skipOne()
    this.position++
  }

  #unknownFrom(start: number): ConfigValue {
    const first = this.#tokens[start]
    while (!this.#atEnd()) this.#skipOne()
    const last = this.#tokens[this.position - 1]
    const at = first?.start ?? this.#source.length
    return { kind: 'unknown', source: this.#source.slice(at, Math.max(at, last?.end ?? at)), at }
  }
}

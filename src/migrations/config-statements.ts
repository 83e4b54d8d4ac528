import { type Interference, interferencesIn } from './config-interference.ts'
import type { ConfigValue, Scope } from './config-names.ts'
import { type Token, tokenize } from './config-tokens.ts'
import { ValueReader } from './config-values.ts'

const understood: ReadonlyMap<string, string> = new Map([
  ['prisma/config', 'prisma/config'],
  ['@prisma/config', 'prisma/config'],
  ['drizzle-kit', 'drizzle-kit'],
  ['path', 'path'],
  ['node:path', 'path'],
  ['process', 'process'],
  ['node:process', 'process'],
  ['dotenv', 'dotenv'],
  ['@dotenvx/dotenvx', 'dotenv'],
])

/** `import { env as e } from 'prisma/config'`, `import path from 'node:path'`, `const { env } = require('prisma/config')`. */
function importsOf(tokens: readonly Token[]): ReadonlyMap<string, string> {
  const imports = new Map<string, string>()
  tokens.forEach((token, index) => {
    if (token.kind !== 'text') return
    const module = understood.get(token.text)
    if (module === undefined) return
    const before = tokens[index - 1]?.text
    const isImport = before === 'from'
    const isRequire = before === '(' && tokens[index - 2]?.text === 'require'
    if (!isImport && !isRequire) return
    const end = isImport ? index - 1 : index - 3
    for (const [local, exported] of bindingsBefore(tokens, end)) imports.set(local, `${module}#${exported}`)
  })
  return imports
}

function bindingsBefore(
  tokens: readonly Token[],
  end: number,
): readonly (readonly [local: string, exported: string])[] {
  let start = end - 1
  while (start >= 0 && !['import', 'const', 'let', 'var'].includes(tokens[start]?.text ?? '')) start--
  const words = tokens.slice(start + 1, end).map(({ text }) => text)
  const open = words.indexOf('{')
  const outside = open < 0 ? words : words.slice(0, open)
  const inside = open < 0 ? [] : words.slice(open + 1, words.lastIndexOf('}'))
  const whole = outside.filter((word) => /^[\w$]+$/.test(word) && word !== 'as' && word !== 'type')
  const bindings: (readonly [string, string])[] = whole.map((local) => [local, outside.includes('*') ? '*' : 'default'])
  for (const entry of inside.join(' ').split(',')) {
    const [exported, local = exported] = entry.trim().split(/\s+(?:as|:)\s+/)
    if (exported !== undefined && exported !== '' && local !== undefined) bindings.push([local, exported])
  }
  return bindings
}

export interface Statements {
  readonly config: ConfigValue | undefined
  readonly envFile: string | undefined
  /** What changes variables before Prisma reads them. */
  readonly interferences: readonly Interference[]
}

/** Goes through a file from top to bottom and keeps what its configuration can refer to. */
export function readStatements(source: string): Statements {
  const tokens = tokenize(source)
  const scope: Scope = { imports: importsOf(tokens), constants: new Map() }
  let config: ConfigValue | undefined
  let envFile = tokens.some(({ kind, text }) => kind === 'text' && /^(?:dotenv|@dotenvx\/dotenvx)\/config$/.test(text))
    ? '.env'
    : undefined
  const reader = new ValueReader(source, tokens, scope)
  /** Names in code that is not understood: whatever they stand for may be changed there. */
  const touched = new Set<string>()
  const takeConfig = (marks: number) => {
    reader.position += marks
    const value = reader.expression()
    config = config === undefined ? value : { kind: 'unknown', source: 'a second configuration', at: 0 }
  }
  while (reader.peek() !== undefined) {
    if (reader.is('const')) {
      const start = reader.position++
      const understood = readConstant(reader, scope)
      if (!understood) for (const token of tokens.slice(start, reader.position)) note(touched, token)
    } else if (reader.is('export') && reader.is('default', 1)) {
      takeConfig(2)
    } else if (reader.is('module') && reader.is('.', 1) && reader.is('exports', 2) && reader.is('=', 3)) {
      takeConfig(4)
    } else {
      envFile ??= envFileLoadedAt(reader, scope)
      // After a dot it is the name of a property: `dotenv.config()` says nothing about a constant `config`.
      if (!reader.is('.', -1) && !reader.is('?.', -1)) note(touched, reader.peek())
      reader.position++
    }
  }
  const changed = [...scope.constants].find(([name, value]) => value.kind === 'object' && touched.has(name))?.[0]
  if (changed !== undefined) config = { kind: 'unknown', source: changed, at: placeOf(tokens, changed) }
  return { config, envFile, interferences: interferencesIn(source, tokens, scope) }
}

function note(touched: Set<string>, token: Token | undefined): void {
  if (token?.kind === 'name') touched.add(token.text)
}

function placeOf(tokens: readonly Token[], name: string): number {
  return tokens.findLast((token) => token.kind === 'name' && token.text === name)?.start ?? 0
}

/** `const name: Type = value`, and `const { A, B: b } = process.env`. Tells whether the value is one that is understood. */
function readConstant(reader: ValueReader, scope: Scope): boolean {
  if (reader.take('{')) {
    readPattern(reader, scope)
    return true
  }
  const name = reader.peek()?.text ?? ''
  reader.position++
  while (reader.peek() !== undefined && !reader.is('=') && !reader.is(';')) reader.position++
  if (!reader.take('=')) return true
  const value = reader.expression()
  setConstant(scope, name, value)
  return value.kind !== 'unknown'
}

function readPattern(reader: ValueReader, scope: Scope): void {
  const variables: (readonly [local: string, variable: string])[] = []
  while (reader.peek() !== undefined && !reader.take('}')) {
    const name = reader.peek()?.text ?? ''
    const local = reader.is(':', 1) ? (reader.peek(2)?.text ?? '') : name
    const next = reader.is(':', 1) ? 3 : 1
    // A default (`A = 'x'`) or a nested pattern: what the name stands for is not the variable alone.
    if (reader.is(',', next) || reader.is('}', next)) variables.push([local, name])
    reader.position += reader.is('}') ? 0 : next
  }
  const fromEnvironment = ['=', 'process', '.', 'env'].every((word, index) => reader.is(word, index))
  if (!fromEnvironment || reader.is('.', 4) || reader.is('[', 4)) return
  for (const [local, name] of variables) setConstant(scope, local, { kind: 'env', name })
}

/** The same name in two places: one of them is inside a function, and which one is meant cannot be told. */
function setConstant({ constants }: Scope, name: string, value: ConfigValue): void {
  constants.set(name, constants.has(name) ? { kind: 'unknown', source: name, at: 0 } : value)
}

/** `dotenv.config()`, `config({ path: '.env.local' })`, `process.loadEnvFile('.env')`. */
function envFileLoadedAt(reader: ValueReader, { imports }: Scope): string | undefined {
  const word = (offset: number) => reader.peek(offset)?.text ?? ''
  const imported = imports.get(word(0)) ?? ''
  if (imported === 'dotenv#config' && word(1) === '(') return envPath(reader, 2)
  if (imported.startsWith('dotenv#') && word(2) === 'config' && word(3) === '(') return envPath(reader, 4)
  if (word(0) === 'process' && word(2) === 'loadEnvFile') return envPath(reader, 4)
  if (word(0) === 'require' && understood.get(word(2)) === 'dotenv' && word(5) === 'config') return envPath(reader, 7)
  return undefined
}

/** An argument that is not written out names a file that cannot be told, so none is read. */
function envPath(reader: ValueReader, offset: number): string | undefined {
  if (reader.is(')', offset)) return '.env'
  const first = reader.peek(offset)
  if (first?.kind === 'text') return first.text
  const named = reader.is('{', offset) && reader.is('path', offset + 1) ? reader.peek(offset + 3) : undefined
  return named?.kind === 'text' ? named.text : undefined
}

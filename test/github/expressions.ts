import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'

/** GitHub's own expression language over plain data, with the status functions that the runner adds to it. */

export interface Scope {
  readonly contexts: Readonly<Record<string, unknown>>
  readonly status: 'success' | 'failure' | 'cancelled'
}

export function evaluate(expression: string, scope: Scope): unknown {
  const functions = statusFunctions(scope.status)
  const { tokens } = new Lexer(expression).lex()
  const tree = new Parser(tokens, Object.keys(scope.contexts), [...functions.values()]).parse()
  const contexts = JSON.parse(JSON.stringify(scope.contexts), data.reviver) as data.Dictionary
  const result = new Evaluator(tree, contexts, functions).evaluate()
  return JSON.parse(JSON.stringify(result, data.replacer) ?? 'null')
}

/** Text with `${{ }}` in it, as it reaches a step. */
export function interpolate(text: unknown, scope: Scope): string {
  if (typeof text !== 'string') return text === null || text === undefined ? '' : String(text)
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const value = evaluate(expression.trim(), scope)
    return value === null ? '' : typeof value === 'string' ? value : String(value)
  })
}

/** A condition as the runner reads it: what names no status function means "and everything before succeeded". */
export function holds(condition: unknown, scope: Scope): boolean {
  const text = condition === undefined ? 'success()' : String(condition)
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(text)?.[1] ?? text
  const asked = /\b(?:success|failure|cancelled|always)\s*\(/.test(expression)
  const value = evaluate(asked ? expression.trim() : `success() && (${expression.trim()})`, scope)
  return value !== false && value !== null && value !== '' && value !== 0
}

function statusFunctions(status: Scope['status']): Map<string, FunctionDefinition> {
  const values = {
    always: true,
    success: status === 'success',
    failure: status === 'failure',
    cancelled: status === 'cancelled',
  }
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) },
    ]),
  )
}

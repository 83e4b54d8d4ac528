/** What evaluating an expression may do, and whether its value differs from row to row. */

import type { Node } from 'libpg-query'
import { builtinVolatility } from './builtin-functions.ts'
import type { EffectSink } from './sink.ts'
import { as, nameParts, strings, walk } from './tree.ts'

export type Steadiness =
  | { readonly kind: 'steady' }
  | { readonly kind: 'volatile'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string }

/**
 * A default that is not volatile is evaluated once and kept in the catalog (since version 11); a volatile one rewrites the
 * table. https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function steadinessOf(expression: Node | undefined, sink: EffectSink): Steadiness {
  let worst: Steadiness = { kind: 'steady' }
  for (const call of functionCalls(expression)) {
    const steadiness = steadinessOfCall(call, sink)
    if (steadiness.kind === 'volatile') return steadiness
    if (steadiness.kind === 'unknown') worst = steadiness
  }
  return worst
}

function steadinessOfCall(parts: readonly string[], sink: EffectSink): Steadiness {
  const name = parts.at(-1) ?? ''
  const qualified = parts.length > 1 && parts[0] !== 'pg_catalog'
  const own = sink.catalog.functions.get(sink.name(parts))
  if (own !== undefined) {
    return own.volatility === 'volatile' ? { kind: 'volatile', because: `${name}() is volatile` } : { kind: 'steady' }
  }
  const builtin = builtinVolatility(name)
  // Extensions are often installed in a schema of their own, so a qualified name may still be one that is known.
  if (builtin === 'volatile') return { kind: 'volatile', because: `${name}() is volatile` }
  if (builtin === 'steady' && !qualified) return { kind: 'steady' }
  return { kind: 'unknown', because: `nothing is known about the function ${parts.join('.')}()` }
}

/** Function names called anywhere below, as written. */
export function functionCalls(root: unknown): readonly (readonly string[])[] {
  const calls: (readonly string[])[] = []
  for (const { kind, node } of walk(root)) {
    if (kind === 'FuncCall') calls.push(strings(node.funcname as readonly Node[] | undefined))
  }
  return calls
}

/** Sequences named in nextval('…') or setval('…'). */
export function sequencesUsed(root: unknown, sink: EffectSink): readonly string[] {
  const found: string[] = []
  for (const { kind, node } of walk(root)) {
    if (kind !== 'FuncCall') continue
    const name = strings(node.funcname as readonly Node[] | undefined).at(-1)
    if (name !== 'nextval' && name !== 'setval') continue
    const argument = (node.args as readonly Node[] | undefined)?.[0]
    const text = textConstant(argument)
    if (text === undefined) sink.unknown(`which sequence ${name}() uses is computed`)
    else found.push(sink.name(text.split('.').map((part) => part.replace(/^"(.*)"$/, '$1'))))
  }
  return found
}

function textConstant(node: Node | undefined): string | undefined {
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) return textConstant(cast.arg)
  return as(node, 'A_Const')?.sval?.sval
}

/** Functions that somebody wrote may do anything; the built-in ones that are known do nothing to relations. */
export function noteCalls(root: unknown, sink: EffectSink): void {
  for (const parts of functionCalls(root)) {
    const name = parts.at(-1) ?? ''
    const own = sink.catalog.functions.get(sink.name(parts))
    if (own !== undefined) {
      if (own.volatility === 'volatile')
        sink.run({
          kind: 'call',
          name: own.name,
          because: `it calls the function ${parts.join('.')}()`,
          certain: false,
        })
    } else if (builtinVolatility(name) === undefined) {
      sink.unknown(`it calls ${parts.join('.')}(), about which nothing is known`)
    }
  }
  for (const sequence of sequencesUsed(root, sink)) sink.lock(sequence, 'RowExclusiveLock')
}

/** Column names mentioned below, the last part of each reference. `undefined` when there is a `*`. */
export function columnsMentioned(root: unknown): ReadonlySet<string> | undefined {
  const found = new Set<string>()
  for (const { kind, node } of walk(root)) {
    if (kind !== 'ColumnRef') continue
    const fields = (node.fields as readonly Node[] | undefined) ?? []
    if (fields.some((field) => as(field, 'A_Star') !== undefined)) return undefined
    for (const name of fields.flatMap(nameParts)) found.add(name)
  }
  return found
}

/** What evaluating an expression may do, and whether its value differs from row to row. */

import type { Node, TypeCast, TypeName } from 'libpg-query'
import { builtinVolatility, extensionVolatility } from './builtin-functions.ts'
import { functionsCalled, lastingCalls, ownFunctionsIn } from './own-code.ts'
import { losePosition } from './sequences.ts'
import { changeSetting, namesIn } from './settings.ts'
import type { EffectSink } from './sink.ts'
import { allOf, as, nameParts, strings, typeRef, visit } from './tree.ts'

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
  for (const { parts } of functionCalls(expression)) {
    const steadiness = steadinessOfCall(parts, sink)
    if (steadiness.kind === 'volatile') return steadiness
    if (steadiness.kind === 'unknown') worst = steadiness
  }
  return worst
}

function steadinessOfCall(parts: readonly string[], sink: EffectSink): Steadiness {
  const name = parts.at(-1) ?? ''
  const own = functionsCalled(parts, sink).map((one) => sink.catalog.functions.get(one)?.volatility)
  const known = own.length > 0 ? undefined : (builtinVolatility(name) ?? extensionVolatility(name))
  if (own.includes('volatile') || known === 'volatile') return { kind: 'volatile', because: `${name}() is volatile` }
  if (own.includes(undefined))
    return { kind: 'unknown', because: `nothing is known about the function ${parts.join('.')}()` }
  return { kind: 'steady' }
}

/** Those that `SELECT f(), g()` makes: without rows to go through nor a condition, each runs for certain. */
function callsMadeOnce(root: Node): ReadonlySet<unknown> {
  const { targetList, op: _op, limitOption: _limit, ...more } = as(root, 'SelectStmt') ?? {}
  const bare = Object.keys(more).length === 0
  return new Set(bare ? allOf(targetList, 'ResTarget').map(({ val }) => as(val, 'FuncCall')) : [])
}

interface Called {
  readonly node: unknown
  /** The name as written. */
  readonly parts: readonly string[]
  readonly arguments: readonly Node[]
}

function functionCalls(root: unknown): readonly Called[] {
  const found: Called[] = []
  visit(root, (kind, node) => {
    if (kind !== 'FuncCall') return
    const { funcname, args } = node as { readonly funcname?: readonly Node[]; readonly args?: readonly Node[] }
    found.push({ node, parts: strings(funcname), arguments: args ?? [] })
  })
  return found
}

/** Sequences named in nextval('…') or setval('…'). */
export function sequencesUsed(root: unknown, sink: EffectSink): readonly string[] {
  return functionCalls(root).flatMap((call) => sequenceOf(call, sink) ?? [])
}

/** Types of somebody's own, and sequences: by their name in quotes, cast to regclass if only by the function it is given to. */
export function defaultUses(root: unknown, sink: EffectSink): readonly string[] {
  const found = new Set<string>()
  visit(root, (kind, node) => {
    if (kind !== 'TypeName') return
    const { name } = sink.resolveType(typeRef(node as TypeName))
    if (sink.catalog.types.has(name)) found.add(name)
  })
  for (const text of relationsNamed(root)) {
    const name = sink.name(namesIn(text, '.'))
    if (sink.relation(name)?.kind === 'sequence') found.add(name)
  }
  return [...found]
}

function relationsNamed(root: unknown): readonly string[] {
  const casts: TypeCast[] = []
  visit(root, (kind, node) => {
    if (kind === 'TypeCast') casts.push(node as TypeCast)
  })
  const toRelation = casts.filter(({ typeName }) => strings(typeName?.names).at(-1) === 'regclass')
  const calls = functionCalls(root).filter(({ parts }) => /^(next|curr|set)val$/.test(parts.at(-1) ?? ''))
  const named = [...toRelation.map(({ arg }) => arg), ...calls.map((call) => call.arguments[0])]
  return named.flatMap((node) => textConstant(node) ?? [])
}

function sequenceOf({ parts, arguments: [argument] }: Called, sink: EffectSink): string | undefined {
  const name = parts.at(-1)
  if (name !== 'nextval' && name !== 'setval') return undefined
  const text = textConstant(argument)
  if (text === undefined) sink.unknown(`which sequence ${name}() uses is computed`)
  return text === undefined ? undefined : sink.name(namesIn(text, '.'))
}

function textConstant(node: Node | undefined): string | undefined {
  const cast = as(node, 'TypeCast')
  if (cast !== undefined) return textConstant(cast.arg)
  return as(node, 'A_Const')?.sval?.sval
}

/** It is evaluated now: functions that somebody wrote may do anything, and a few of the server's own do something. */
export function evaluate(root: unknown, sink: EffectSink): void {
  const own = [...ownFunctionsIn(root, sink)].filter((name) => !lastingCalls.has(name))
  sink.runFunctions([...own, ...sink.catalog.hidden], 'it')
  const calls = functionCalls(root)
  if (calls.length === 0) return
  const once = callsMadeOnce(root as Node)
  for (const call of calls) {
    const name = call.parts.at(-1)
    if (name === 'set_config') {
      const [setting, value, local] = call.arguments
      const boolean = as(local, 'A_Const')?.boolval
      changeSetting(textConstant(setting), textConstant(value), sink, {
        certain: boolean !== undefined && once.has(call.node),
        local: boolean?.boolval === true,
      })
    }
    if (/^(nextval|setval|dblink\w*)$/.test(name ?? '')) sink.reachBeyond(name ?? '')
    const sequence = sequenceOf(call, sink)
    if (sequence === undefined) continue
    sink.lock(sequence, 'RowExclusiveLock')
    if (name === 'setval') losePosition(sequence, sink)
  }
}

/** Column names mentioned below, the last part of each reference. `undefined` when there is a `*`. */
export function columnsMentioned(root: unknown): ReadonlySet<string> | undefined {
  const found = new Set<string>()
  let all = false
  visit(root, (kind, node) => {
    if (kind !== 'ColumnRef') return
    const fields = (node.fields as readonly Node[] | undefined) ?? []
    all ||= fields.some((field) => as(field, 'A_Star') !== undefined)
    for (const name of fields.flatMap(nameParts)) found.add(name)
  })
  return all ? undefined : found
}

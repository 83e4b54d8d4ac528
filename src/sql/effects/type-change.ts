/**
 * What ALTER COLUMN … TYPE does to the table and to the values, measured on 14 to 18. A rewrite is spared only where the old
 * bytes are valid values of the new type: https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */

import type { Node } from 'libpg-query'
import type { TypeChange } from '../catalog/change.ts'
import type { TypeRef } from '../catalog/model.ts'
import { isBaseType, plainName } from './known-types.ts'
import type { EffectSink } from './sink.ts'
import { as, strings, typeRef } from './tree.ts'

type Verdict = Pick<TypeChange, 'rewrites' | 'loses' | 'mayFail' | 'doubt'>

const kept: Verdict = { rewrites: false, loses: false, mayFail: false, doubt: undefined }
const rewritten: Verdict = { ...kept, rewrites: true }
const narrowed: Verdict = { ...rewritten, mayFail: true }
const rounded: Verdict = { ...rewritten, loses: true }
const untold = (doubt: string): Verdict => ({ rewrites: true, loses: false, mayFail: true, doubt })

/** Same bytes on disk: casts without a function in pg_cast, and those of citext. */
const sameBytes = new Set(
  'text>varchar varchar>text xml>text xml>varchar cidr>inet int4>oid oid>int4 citext>text text>citext citext>varchar varchar>citext'.split(
    ' ',
  ),
)

/** From the narrowest to the widest: to the right every value fits, to the left it may not. */
const integers = ['int2', 'int4', 'int8']
const integerDigits = [5, 10, 19]
const numbers = new Set([...integers, 'numeric', 'float4', 'float8'])
const texts = new Set(['text', 'varchar', 'bpchar', 'citext', 'name'])
const bits = new Set(['bit', 'varbit'])
/** A text is cut or rounded on the way to these, and nobody is told; of a JSON document the last of equal keys stays. */
const cutting = new Set(['char', 'name', 'float4', 'float8', 'jsonb'])
const times = new Set(['timestamp', 'timestamptz', 'date', 'time', 'timetz'])
const withFraction = new Set(['timestamp', 'timestamptz', 'time', 'timetz', 'interval'])

export function typeChange(from: TypeRef | undefined, to: TypeRef, using: Using, sink: EffectSink): TypeChange {
  const verdict =
    from === undefined
      ? untold('the type that it has now is not known; a rewrite is assumed')
      : judgeChange({ ...from, name: plainName(from.name) }, { ...to, name: plainName(to.name) }, using, sink)
  return { from, to, ...verdict }
}

function judgeChange(from: TypeRef, to: TypeRef, using: Using, sink: EffectSink): Verdict {
  return withUsing(judge(from, to, sink), from, to, using, sink)
}

export type Using =
  | { readonly kind: 'none' }
  | { readonly kind: 'cast'; readonly through: readonly TypeRef[] }
  | { readonly kind: 'computed' }

/** `USING col::text::"New"` is a chain of casts of the column itself; anything else computes new values. */
export function usingOf(expression: Node | undefined, column: string): Using {
  if (expression === undefined) return { kind: 'none' }
  const through: TypeRef[] = []
  let node: Node | undefined = expression
  for (let cast = as(node, 'TypeCast'); cast !== undefined; cast = as(node, 'TypeCast')) {
    if (cast.typeName !== undefined) through.unshift(typeRef(cast.typeName))
    node = cast.arg
  }
  const reference = as(node, 'ColumnRef')
  return reference !== undefined && strings(reference.fields).at(-1) === column
    ? { kind: 'cast', through }
    : { kind: 'computed' }
}

function withUsing(verdict: Verdict, from: TypeRef, to: TypeRef, using: Using, sink: EffectSink): Verdict {
  if (using.kind === 'none') return verdict
  // New values take the place of the old ones; whether the old could be found again is nothing to rely on.
  if (using.kind === 'computed') return { rewrites: true, loses: true, mayFail: true, doubt: undefined }
  // An explicit cast to a shorter string cuts silently where the implicit one refuses.
  const cuts =
    (texts.has(to.name) || bits.has(to.name)) && length(to) !== undefined && verdict.mayFail && !verdict.loses
  const stops = using.through
    .map((type) => ({ ...type, name: plainName(sink.resolveType(type).name) }))
    .filter((type) => type.name !== to.name && type.name !== from.name)
  const detour = stops.length > 0
  // Plain text holds every value; what any other type in between makes of it is not worked out.
  const changed = stops.some((type) => !texts.has(type.name) || length(type) !== undefined)
  return {
    ...verdict,
    rewrites: verdict.rewrites || detour,
    loses: verdict.loses || cuts || changed,
    mayFail: verdict.mayFail && !cuts,
  }
}

function judge(from: TypeRef, to: TypeRef, sink: EffectSink): Verdict {
  if (from.name === to.name && from.array === to.array && from.modifiers.join() === to.modifiers.join()) return kept
  const fromUser = sink.userType(from)
  const toUser = sink.userType(to)
  if (fromUser?.kind === 'domain' && fromUser.base !== undefined && !from.array)
    return fromDomain(fromUser.base, to, sink)
  if (toUser?.kind === 'domain' && toUser.base !== undefined && !to.array) {
    const beneath = judge(from, toUser.base, sink)
    return toUser.constrained ? { ...beneath, rewrites: true, mayFail: true } : beneath
  }
  if (from.array || to.array) return from.array && to.array ? judgeArrays(from, to, sink) : narrowed
  if (fromUser?.kind === 'enum' && toUser?.kind === 'enum') {
    const missing = fromUser.labels.filter((label) => !toUser.labels.includes(label))
    return missing.length > 0 ? narrowed : rewritten
  }
  if (fromUser?.kind === 'enum')
    return texts.has(to.name) ? (length(to) === undefined ? rewritten : narrowed) : noCast(from, to)
  if (toUser?.kind === 'enum') return narrowed
  if (!isBaseType(from.name) || !isBaseType(to.name)) return noCast(from, to)
  return judgeBaseTypes(from, to)
}

/** The server does not look at the length beneath a domain: only a type without any spares the rewrite (measured). */
function fromDomain(base: TypeRef, to: TypeRef, sink: EffectSink): Verdict {
  return { ...judge(base, to, sink), rewrites: judge({ ...base, modifiers: [] }, to, sink).rewrites }
}

function judgeBaseTypes(from: TypeRef, to: TypeRef): Verdict {
  const pair = `${from.name}>${to.name}`
  if (from.name === 'numeric' && to.name === 'numeric') return judgeNumeric(from, to)
  if (from.name === 'interval' && to.name === 'interval' && !sameFields(from, to)) return rounded
  if (from.name === to.name && withFraction.has(from.name))
    return (to.modifiers.at(-1) ?? 6) >= (from.modifiers.at(-1) ?? 6) ? kept : rounded
  if (from.name === to.name && (from.name === 'varbit' || from.name === 'varchar'))
    return fits(from, to) ? kept : narrowed
  if (sameBytes.has(pair)) return length(to) === undefined || fits(from, to) ? kept : narrowed
  // Measured: no rewrite where the session's TimeZone is UTC, a rewrite in any other zone.
  if (pair === 'timestamp>timestamptz' || pair === 'timestamptz>timestamp') {
    return {
      ...rewritten,
      doubt:
        'to which instants its values are converted, and whether the table is rewritten, depends on the TimeZone of the session',
    }
  }
  if (texts.has(from.name) && isCut(to)) return { ...rounded, mayFail: true }
  if (texts.has(to.name))
    return length(to) === undefined || (texts.has(from.name) && fits(from, to)) ? rewritten : narrowed
  if (texts.has(from.name)) return narrowed
  if (numbers.has(from.name) && numbers.has(to.name)) return judgeNumbers(from, to)
  if (times.has(from.name) && times.has(to.name)) return from.name === 'date' ? rewritten : rounded
  if (pair === 'json>jsonb') return rounded
  if (pair === 'jsonb>json' || pair === 'inet>cidr') return pair === 'inet>cidr' ? narrowed : rewritten
  return from.name === to.name ? narrowed : noCast(from, to)
}

/** Elements are converted one by one, so the table is rewritten even where the bytes would do (measured). */
function judgeArrays(from: TypeRef, to: TypeRef, sink: EffectSink): Verdict {
  const elements = judge({ ...from, array: false }, { ...to, array: false }, sink)
  return { ...elements, rewrites: true }
}

function noCast(from: TypeRef, to: TypeRef): Verdict {
  return untold(`how ${from.name} is converted to ${to.name} is not known; a rewrite is assumed`)
}

function judgeNumeric(from: TypeRef, to: TypeRef): Verdict {
  const [toPrecision, toScale = 0] = to.modifiers
  if (toPrecision === undefined) return kept
  const [fromPrecision, fromScale = 0] = from.modifiers
  if (fromPrecision === undefined) return { ...rounded, mayFail: true }
  const fewerDigits = toPrecision - toScale < fromPrecision - fromScale
  if (toScale === fromScale) return fewerDigits ? narrowed : kept
  return toScale < fromScale ? { ...rounded, mayFail: fewerDigits } : { ...rewritten, mayFail: fewerDigits }
}

function judgeNumbers(from: TypeRef, to: TypeRef): Verdict {
  const fromWidth = integers.indexOf(from.name)
  const toWidth = integers.indexOf(to.name)
  if (fromWidth >= 0 && toWidth >= 0) return toWidth >= fromWidth ? rewritten : narrowed
  if (toWidth >= 0) return { ...rounded, mayFail: true }
  if (to.name === 'numeric') {
    if (fromWidth < 0) return { ...rounded, mayFail: to.modifiers.length > 0 }
    const [precision, scale = 0] = to.modifiers
    return precision === undefined || precision - scale >= (integerDigits[fromWidth] ?? 19) ? rewritten : narrowed
  }
  const exactDigits = to.name === 'float8' ? 'int4' : 'int2'
  const exact = fromWidth >= 0 && fromWidth <= integers.indexOf(exactDigits)
  return exact || (from.name === 'float4' && to.name === 'float8') ? rewritten : rounded
}

function isCut({ name, modifiers }: TypeRef): boolean {
  return cutting.has(name) || times.has(name) || (modifiers.length > 0 && (name === 'numeric' || name === 'interval'))
}

const allFields = 0x7fff

/** `interval day to hour` keeps those two only. Every field is kept where none is named. */
function sameFields(from: TypeRef, to: TypeRef): boolean {
  const [fields = allFields] = to.modifiers
  return fields === allFields || fields === (from.modifiers[0] ?? allFields)
}

function length(type: TypeRef): number | undefined {
  return type.modifiers[0]
}

function fits(from: TypeRef, to: TypeRef): boolean {
  const limit = length(to)
  const had = length(from)
  return limit === undefined || (had !== undefined && had <= limit)
}

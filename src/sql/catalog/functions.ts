/** Functions share names: CREATE OR REPLACE takes the place of the one with the same arguments, of that one only. */

import type { ChangeOf } from './change.ts'
import type { UserFunction, Volatility } from './model.ts'
import type { VersionedMap } from './versioned-map.ts'

export function withFunction(known: UserFunction | undefined, created: ChangeOf<'create-function'>): UserFunction {
  const { bodies, ...made } = created.function
  if (known === undefined) return created.function
  const replaced = new Set(created.replaces ? bodies.map((one) => one.signature) : [])
  const kept = known.bodies.filter((one) => !replaced.has(one.signature))
  if (kept.length === 0 && known.bodies.length > 0) return created.function
  return { ...made, volatility: worst(known.volatility, made.volatility), bodies: [...kept, ...bodies] }
}

/** Of several that share the name only the one with the signature goes; where none has it, all are kept. */
export function dropFunction(
  functions: VersionedMap<string, UserFunction>,
  { name, signature }: Pick<ChangeOf<'drop-function'>, 'name' | 'signature'>,
): void {
  const known = functions.get(name)
  if (known === undefined || signature === undefined || known.bodies.length <= 1) functions.delete(name)
  else functions.set(name, { ...known, bodies: known.bodies.filter((one) => one.signature !== signature) })
}

function worst(one: Volatility, other: Volatility): Volatility {
  const byStrength: readonly Volatility[] = ['immutable', 'stable', 'volatile']
  return byStrength[Math.max(byStrength.indexOf(one), byStrength.indexOf(other))] ?? 'volatile'
}

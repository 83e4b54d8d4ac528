/** Functions share names: CREATE OR REPLACE takes the place of the one with the same arguments, of that one only. */

import type { ChangeOf } from './change.ts'
import type { UserFunction, Volatility } from './model.ts'

export function withFunction(known: UserFunction | undefined, created: ChangeOf<'create-function'>): UserFunction {
  const { bodies, ...made } = created.function
  if (known === undefined) return created.function
  const replaced = new Set(created.replaces ? bodies.map((one) => one.signature) : [])
  const kept = known.bodies.filter((one) => !replaced.has(one.signature))
  if (kept.length === 0 && known.bodies.length > 0) return created.function
  return { ...made, volatility: worst(known.volatility, made.volatility), bodies: [...kept, ...bodies] }
}

function worst(one: Volatility, other: Volatility): Volatility {
  const byStrength: readonly Volatility[] = ['immutable', 'stable', 'volatile']
  return byStrength[Math.max(byStrength.indexOf(one), byStrength.indexOf(other))] ?? 'volatile'
}

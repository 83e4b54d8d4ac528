/** Everything that is drawn comes from one seed, so that a run can be repeated. */
export interface Random {
  /** From 0 on, below `limit`. */
  below(limit: number): number
  /** In so many of a hundred cases. */
  percent(chance: number): boolean
  pick<T>(from: readonly T[]): T
  /** Of those that can be had at all. */
  maybe<T>(from: readonly T[]): T | undefined
  /** One by one with all the others, none twice. */
  some<T>(from: readonly T[], most: number): readonly T[]
  /** A name that nothing else has. */
  fresh(prefix: string): string
}

/** Mulberry32: small, and good enough to choose with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  let names = 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const maybe = <T>(from: readonly T[]) => from[below(from.length)]
  return {
    below,
    percent: (chance) => next() * 100 < chance,
    pick: (from) => {
      const picked = maybe(from)
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
    maybe,
    fresh: (prefix) => {
      names += 1
      return `${prefix}_${names}`
    },
    some: (from, most) => {
      const left = [...from]
      const count = Math.min(left.length, 1 + below(most))
      return Array.from({ length: count }, () => left.splice(below(left.length), 1)).flat()
    },
  }
}

/** Quantities that are not known exactly: nine of ten real ones are meant to lie between `low` and `high`. */

export interface Range {
  readonly low: number
  readonly likely: number
  readonly high: number
}

export const nothing: Range = { low: 0, likely: 0, high: 0 }

export function exactly(value: number): Range {
  return { low: value, likely: value, high: value }
}

export function times({ low, likely, high }: Range, factor: number): Range {
  return { low: low * factor, likely: likely * factor, high: high * factor }
}

/** Factors that have nothing to do with each other are rarely all high at once: their logarithms add up like the sides of a right angle. */
export function product(factors: readonly Range[]): Range {
  const likely = factors.reduce((all, factor) => all * factor.likely, 1)
  if (likely === 0) return nothing
  const spread = (side: 'low' | 'high') =>
    Math.hypot(...factors.map((factor) => Math.log(factor[side] / factor.likely)))
  return { low: likely * Math.exp(-spread('low')), likely, high: likely * Math.exp(spread('high')) }
}

/** Of parts that have nothing to do with each other. */
export function independentSum(parts: readonly Range[]): Range {
  const likely = parts.reduce((all, part) => all + part.likely, 0)
  const spread = (side: 'low' | 'high') => Math.hypot(...parts.map((part) => part[side] - part.likely))
  return { low: Math.max(0, likely - spread('low')), likely, high: likely + spread('high') }
}

/** Of parts that are wrong together: what is slow about a server is slow for every statement. */
export function sum(parts: readonly Range[]): Range {
  return parts.reduce(
    (all, part) => ({ low: all.low + part.low, likely: all.likely + part.likely, high: all.high + part.high }),
    nothing,
  )
}

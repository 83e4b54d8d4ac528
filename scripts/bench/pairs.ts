import { type Cost, costOf, median, medianCost, type Timed } from './processes.ts'

export interface Compared {
  readonly first: Cost
  readonly second: Cost
  /** Median of the ratios of the pairs: the machine's noise is the same for both sides of one. */
  readonly ratio: number
  readonly cpuRatio: number
}

export async function comparePairs(first: Timed, second: Timed, pairs: number): Promise<Compared> {
  await costOf(first)
  await costOf(second)
  const costs: { readonly first: Cost; readonly second: Cost }[] = []
  for (let pair = 0; pair < pairs; pair++) costs.push({ first: await costOf(first), second: await costOf(second) })
  return {
    first: medianCost(costs.map((pair) => pair.first)),
    second: medianCost(costs.map((pair) => pair.second)),
    ratio: median(costs.map((pair) => pair.first.wallMs / pair.second.wallMs)),
    cpuRatio: median(costs.map((pair) => pair.first.cpuMs / pair.second.cpuMs)),
  }
}

import { spawn } from 'node:child_process'

export interface Timed {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** Wall time of a whole process. A program that fails is no measurement. */
async function wallMs({ program, args, cwd, env }: Timed): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(program, [...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${said}`)
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export interface Compared {
  readonly firstMs: number
  readonly secondMs: number
  /** Median of the ratios of the pairs: the machine's noise is the same for both sides of one. */
  readonly ratio: number
}

export async function comparePairs(first: Timed, second: Timed, pairs: number): Promise<Compared> {
  await wallMs(first)
  await wallMs(second)
  const firsts: number[] = []
  const seconds: number[] = []
  for (let pair = 0; pair < pairs; pair++) {
    firsts.push(await wallMs(first))
    seconds.push(await wallMs(second))
  }
  return {
    firstMs: median(firsts),
    secondMs: median(seconds),
    ratio: median(firsts.map((value, index) => value / (seconds[index] ?? Number.NaN))),
  }
}

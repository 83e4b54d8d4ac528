import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Timed {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Any other is no measurement. */
  readonly exitCodes?: readonly number[]
}

export interface Cost {
  readonly wallMs: number
  /** Of all threads, which other work on the machine hardly touches. Both are known on Linux only, else NaN. */
  readonly cpuMs: number
  readonly peakMb: number
}

const lookEveryMs = 5
/** Of the clock that /proc counts in, on every Linux that Node.js runs on. */
const ticksPerSecond = 100

/** What a whole process costs, from its start to its end. */
export async function costOf({ program, args, cwd, env, exitCodes = [0] }: Timed): Promise<Cost> {
  const startedAt = performance.now()
  const child = spawn(program, [...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let used = { cpuMs: Number.NaN, peakMb: Number.NaN }
  const looking = setInterval(() => {
    used = usedBy(child.pid) ?? used
  }, lookEveryMs)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code === null || !exitCodes.includes(code))
      throw new Error(`${program} ${args.slice(0, 9).join(' ')} ended with ${code}\n${said}`)
    return { wallMs: performance.now() - startedAt, ...used }
  } finally {
    clearInterval(looking)
  }
}

function usedBy(pid: number | undefined): { readonly cpuMs: number; readonly peakMb: number } | undefined {
  try {
    const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    // After the name in parentheses, which may hold anything: utime and stime are the 14th and 15th of all fields.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    if (peak === undefined) return undefined
    return { peakMb: Number(peak) / 1024, cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond }
  } catch {
    // It has ended, or this is no Linux.
    return undefined
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    peakMb: median(costs.map(({ peakMb }) => peakMb)),
  }
}

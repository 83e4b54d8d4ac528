import { spawn } from 'node:child_process'
import { command, note } from './terminal.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly ms: number
}

export interface HowToRun {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** `captured` hands it over; `quiet` shows it only when the program fails. */
  readonly output: 'shown' | 'captured' | 'quiet'
}

export class Interrupted extends Error {}

/** Runs `program` and shows the line as a person would type it. A signal to the demo is handed on and waited for. */
export async function runProgram(
  shownAs: readonly string[],
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env, signal, output }: HowToRun,
): Promise<Ended> {
  if (signal.aborted) throw new Interrupted()
  if (shownAs.length > 0) command(shownAs)
  const startedAt = performance.now()
  const child = spawn(program, args, {
    cwd,
    env: { ...env },
    stdio: output === 'shown' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    // Its own group, so that Ctrl-C reaches it once and not once from the terminal and once from here.
    detached: true,
  })
  const interrupt = () => child.kill('SIGINT')
  signal.addEventListener('abort', interrupt, { once: true })
  let stdout = ''
  let everything = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    everything += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    everything += text
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, killedBy) => {
      if (exitCode === null && !signal.aborted) reject(new Error(`${program} was ended by ${killedBy}`))
      else resolve(exitCode ?? 1)
    })
  }).finally(() => signal.removeEventListener('abort', interrupt))
  if (signal.aborted) throw new Interrupted()
  if (output === 'quiet' && code !== 0) note(everything.trimEnd())
  return { code, stdout, ms: performance.now() - startedAt }
}

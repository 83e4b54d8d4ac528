import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AgeProgram } from './decide-sealer.ts'

export type AgeExit = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly said: string }

/**
 * Runs `age` with its data through pipes that end here: should this process be killed in the middle, age ends with its
 * input, and what it writes then goes nowhere.
 */
export async function runAge(
  program: AgeProgram,
  args: readonly string[],
  input: Readable | undefined,
  takeOutput: (output: Readable) => Promise<void>,
  signal: AbortSignal,
): Promise<AgeExit> {
  const child = spawn(program.path, [...args], {
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 4_000)
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  ended.catch(() => undefined)
  const fed = input === undefined ? Promise.resolve(child.stdin.end()) : pipeline(input, child.stdin)
  const [feeding, taking] = await Promise.allSettled([fed, takeOutput(child.stdout)]).then((both) => {
    if (both.some(({ status }) => status === 'rejected')) child.kill()
    return both
  })
  const code = await ended
  signal.throwIfAborted()
  if (taking.status === 'rejected') throw taking.reason
  if (code !== 0) return { kind: 'failed', said: said.trim() || `age ended with ${code ?? 'a signal'}` }
  if (feeding.status === 'rejected') throw feeding.reason
  return { kind: 'done' }
}
